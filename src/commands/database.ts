import { checkFile, vacuumFile } from '../store/sqlite-care'
import { command, EXIT, settingsFor } from './command'

/** Works beside a running server, which waits for the one and not for the other. */
export const database = command({
  name: 'database',
  help: `Usage: rollcall database check|vacuum [options]

Looks after the SQLite file.

  check              looks whether the file is sound; a running server does not notice
  vacuum             gives unused room back to the disk. For that long a running server
                     saves nothing and answers pings "try again later"
  --file FILE        another file than the one of the settings`,
  options: { file: { type: 'string' } },
  takesArguments: true,
  async run({ file: given }, call) {
    const { terminal, args } = call
    const [what, ...others] = args
    if ((what !== 'check' && what !== 'vacuum') || others.length > 0) {
      terminal.err('Say what to do: check or vacuum. See: rollcall database --help')
      return EXIT.usage
    }
    const file = given ?? fileOf(call)
    if (typeof file === 'number') return file
    if (what === 'vacuum') {
      vacuumFile(file)
      terminal.out('Done!')
      return EXIT.done
    }
    const wrong = checkFile(file)
    terminal.out(wrong ?? 'The file is sound.')
    return wrong === null ? EXIT.done : EXIT.failed
  },
})

/** The file of the settings, or the exit code after what is wrong with them was told. */
function fileOf(call: Parameters<typeof settingsFor>[0]): string | number {
  const read = settingsFor(call)
  if (read === null) return EXIT.configuration
  if (read.config.database.kind === 'sqlite') return read.config.database.file
  call.terminal.err('The database is PostgreSQL, which looks after itself')
  return EXIT.usage
}
