import { commonOptions, COMMON_HELP, EXIT, type Command, type Surroundings } from './command'

interface Entry {
  names: [string, ...string[]]
  summary: string
  /** Loaded when asked for, so that `version` does not wait for a database driver. */
  load(): Promise<Command>
}

const entries: Entry[] = [
  {
    names: ['serve'],
    summary: 'runs the server; this is what happens without a command',
    load: async () => (await import('./serve')).serve,
  },
  {
    names: ['createsuperuser', 'createadmin'],
    summary: 'makes an account that may administer the site',
    load: async () => (await import('./create-superuser')).createSuperuser,
  },
  {
    names: ['changepassword'],
    summary: 'sets the password of an account',
    load: async () => (await import('./change-password')).changePassword,
  },
  {
    names: ['config'],
    summary: 'shows all settings and where each comes from, or checks them',
    load: async () => (await import('./config')).config,
  },
  {
    names: ['health', 'healthcheck'],
    summary: 'asks the running server whether it is well',
    load: async () => (await import('./health')).health,
  },
  {
    names: ['apply'],
    summary: 'makes projects, checks and channels what a file says',
    load: async () => (await import('./apply')).apply,
  },
  {
    names: ['export'],
    summary: 'writes projects, checks and channels as a file for apply',
    load: async () => (await import('./export')).exportFile,
  },
  {
    names: ['pruneobjects'],
    summary: 'removes bodies of checks that do not exist any more from the bucket',
    load: async () => (await import('./prune-objects')).pruneObjects,
  },
  {
    names: ['database'],
    summary: 'looks after the SQLite file: checks it, or gives unused room back',
    load: async () => (await import('./database')).database,
  },
  {
    names: ['run'],
    summary: 'runs a job and tells a server how it went',
    load: async () => (await import('./run')).run,
  },
  {
    names: ['ping'],
    summary: 'tells a server one thing about a job',
    load: async () => (await import('./ping')).ping,
  },
  {
    names: ['schedule'],
    summary: 'tells what a cron or OnCalendar expression means and when it comes next',
    load: async () => (await import('./schedule')).schedule,
  },
  {
    names: ['version'],
    summary: 'tells which version this is, and what it runs on',
    load: async () => (await import('./version')).version,
  },
]

/** Options whose next argument is their value and not the name of a command. */
const WITH_VALUE = Object.entries(commonOptions)
  .filter(([, { type }]) => type === 'string')
  .map(([name]) => `--${name}`)
  .concat('--roles')

/** Runs what the arguments ask for; the exit code (spec/operations.md §4). */
export async function runProgram(args: string[], surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings
  const { name, rest } = split(args)
  if (name === null && (rest.includes('--help') || rest.includes('-h'))) {
    terminal.out(help())
    return EXIT.done
  }
  const asked = name ?? (rest.includes('--version') ? 'version' : 'serve')
  const entry = entries.find(({ names }) => names.includes(asked))
  if (!entry) {
    terminal.err(`There is no command '${asked}'. See: rollcall --help`)
    return EXIT.usage
  }
  const command = await entry.load()
  return command.execute(name === null ? rest.filter((one) => one !== '--version') : rest, surroundings)
}

/** The name of the command, wherever it stands among the options, and everything else. */
function split(args: string[]): { name: string | null; rest: string[] } {
  const at = args.findIndex(
    (arg, index) => !arg.startsWith('-') && !WITH_VALUE.includes(args[index - 1] ?? ''),
  )
  return at === -1 ? { name: null, rest: args } : { name: args[at] ?? null, rest: args.toSpliced(at, 1) }
}

function help(): string {
  const width = Math.max(...entries.map(({ names }) => names[0].length))
  const commands = entries.map(({ names: [name, ...aliases], summary }) => {
    const also = aliases.length > 0 ? ` (also: ${aliases.join(', ')})` : ''
    return `  ${name.padEnd(width)}  ${summary}${also}`
  })
  return `Usage: rollcall [options] [command]

Commands:
${commands.join('\n')}

Options:
${COMMON_HELP}
  --version          the same as the command version

Each command has a --help of its own.`
}
