import type { Config, SettingValue } from '../config'
import { peekSavedSettings } from '../store/peek'
import { StoreUnavailable, StoreUnusable } from '../store/problems'
import { command, EXIT, settingsFor } from './command'
import type { ReadSettings } from './command'

/** Nobody waits longer for a look at the settings. */
const PATIENCE_MS = 3000

/** Shows or checks the settings ([O9] of spec/operations.md). */
export const config = command({
  name: 'config',
  help: `Usage: rollcall config [options]

Shows every setting with its value and where that comes from, those included that were
saved on the pages; secrets are not shown.

  --check            only tells what is wrong: exit 0 if nothing is, else 78
  --json             the settings as JSON`,
  options: { check: { type: 'boolean' }, json: { type: 'boolean' } },
  async run({ check, json }, call) {
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    const { terminal } = call
    const { values, warnings } = check ? read : await withSaved(read)
    for (const warning of warnings) terminal.err(`Warning: ${warning}`)
    if (check) terminal.out('The settings are fine.')
    else if (json) terminal.out(JSON.stringify(values, null, 2))
    else for (const { name, value, source } of values) terminal.out(`${name}=${value}   # ${source}`)
    return EXIT.done
  },
})

/** Together with what was saved on the pages, as far as the database tells it and it fits. */
async function withSaved(read: ReadSettings): Promise<{ values: SettingValue[]; warnings: string[] }> {
  try {
    const again = read.again(await peekSavedSettings(hasty(read.config.database)))
    if (again.ok) return again
    const left = again.problems.map((problem) => `saved on a page, but left out: ${problem}`)
    return { values: read.values, warnings: [...read.warnings, ...left] }
  } catch (cause) {
    if (!(cause instanceof StoreUnavailable || cause instanceof StoreUnusable)) throw cause
    const unknown = `what was saved on the pages is not known: ${cause.message}`
    return { values: read.values, warnings: [...read.warnings, unknown] }
  }
}

function hasty(database: Config['database']): Config['database'] {
  return database.kind === 'sqlite'
    ? database
    : { ...database, connectTimeoutMs: Math.min(database.connectTimeoutMs, PATIENCE_MS) }
}
