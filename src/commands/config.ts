import { command, EXIT, settingsFor } from './command'

/** Shows or checks the settings ([O9] of spec/operations.md). */
export const config = command({
  name: 'config',
  help: `Usage: rollcall config [options]

Shows every setting with its value and where that comes from; secrets are not shown.

  --check            only tells what is wrong: exit 0 if nothing is, else 78
  --json             the settings as JSON`,
  options: { check: { type: 'boolean' }, json: { type: 'boolean' } },
  async run({ check, json }, call) {
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    for (const warning of read.warnings) call.terminal.err(`Warning: ${warning}`)
    if (check) call.terminal.out('The settings are fine.')
    else if (json) call.terminal.out(JSON.stringify(read.values, null, 2))
    else
      for (const { name, value, source } of read.values) call.terminal.out(`${name}=${value}   # ${source}`)
    return EXIT.done
  },
})
