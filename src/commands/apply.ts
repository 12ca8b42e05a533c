import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { carryOut, isDue, makePlan } from '../apply/apply'
import type { Plan } from '../apply/apply'
import { readWish } from '../apply/read'
import { showPlan } from '../apply/show'
import type { Api } from '../apply/site'
import { systemClock } from '../world/clock'
import { command, EXIT } from './command'
import type { Call } from './command'
import { onSite, SITE_HELP, SITE_OPTIONS } from './managed-site'

export const apply = command({
  name: 'apply',
  help: `Usage: rollcall apply [options] FILE

Makes projects, checks, channels, keys and members what a file says, after showing what that
changes. FILE is YAML as 'rollcall export' writes it; - is standard input. In it, \${NAME} is a
variable of the environment, \${file:/path} the content of a file, and $\${ a plain \${.

  --dry-run          only shows what would change
  --check            the same, and exits with 1 if there is anything to change
  --yes              changes it without asking
  --prune            removes checks, channels, keys and members that a project of the file has
                     and the file does not; without it they are left. Projects are never removed.
${SITE_HELP}`,
  options: {
    ...SITE_OPTIONS,
    'dry-run': { type: 'boolean' },
    check: { type: 'boolean' },
    yes: { type: 'boolean' },
    prune: { type: 'boolean' },
  },
  takesArguments: true,
  async run(options, call) {
    const [file, ...more] = call.args
    if (file === undefined || more.length > 0) {
      call.terminal.err('Give one file. See: rollcall apply --help')
      return EXIT.usage
    }
    const text = await textOf(file, call)
    if (!text.ok) {
      call.terminal.err(text.sentence)
      return EXIT.failed
    }
    const read = readWish(text.value, {
      env: call.env,
      read: (path) => readFileSync(resolve(call.cwd, path), 'utf8'),
    })
    if (!read.ok) return tell(call, file, read.mistakes)
    return onSite(call, options.url, async (api, { isRemote }) => {
      const prune = options.prune ?? false
      const planned = await makePlan(api, read.wish, { prune, nowAt: systemClock(), needsOwner: !isRemote })
      if (!planned.ok) return tell(call, file, planned.mistakes)
      for (const line of showPlan(planned.plan)) call.terminal.out(line)
      return decide(api, planned.plan, options, call)
    })
  },
})

async function decide(
  api: Api,
  plan: Plan,
  options: { 'dry-run'?: boolean | undefined; check?: boolean | undefined; yes?: boolean | undefined },
  { terminal, args }: Call,
): Promise<number> {
  if (!isDue(plan)) return EXIT.done
  if (options.check) return EXIT.failed
  if (options['dry-run']) return EXIT.done
  if (!options.yes) {
    // What comes on standard input is the file, and so no answer.
    if (!terminal.interactive || args[0] === '-') {
      terminal.err(
        'Nothing was changed: give --yes to apply this without being asked, or --dry-run to only look.',
      )
      return EXIT.usage
    }
    const answer = await terminal.ask('Apply this? Type yes: ')
    if (answer?.trim().toLowerCase() !== 'yes') {
      terminal.err('Nothing was changed.')
      return EXIT.failed
    }
  }
  const outcome = await carryOut(api, plan)
  for (const line of outcome.told) terminal.out(line)
  if (outcome.ok) {
    terminal.out('Applied.')
    return EXIT.done
  }
  terminal.err(`Stopped at ${outcome.at.what} of ${outcome.project}: ${outcome.reason}`)
  terminal.err('What comes before it is done. Applying again goes on from there.')
  return EXIT.failed
}

/** Every mistake with its place, as compilers tell them. */
function tell(
  { terminal }: Call,
  file: string,
  mistakes: readonly { line: number; message: string }[],
): number {
  const name = file === '-' ? 'standard input' : file
  for (const { line, message } of mistakes) terminal.err(`${name}:${line}: ${message}`)
  return EXIT.failed
}

async function textOf(
  file: string,
  { cwd, terminal }: Call,
): Promise<{ ok: true; value: string } | { ok: false; sentence: string }> {
  if (file === '-') {
    const all: string[] = []
    for await (const lines of terminal.lines()) all.push(...lines)
    return { ok: true, value: all.join('\n') }
  }
  try {
    return { ok: true, value: readFileSync(resolve(cwd, file), 'utf8') }
  } catch (cause) {
    return {
      ok: false,
      sentence: `Error reading ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
    }
  }
}
