import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../config'
import { nativeBinding } from '../store/addon'
import { openDatabase } from '../store/sqlite'
import { builtOn, version as number } from '../version'
import { command, EXIT, type Call } from './command'

/** What to tell when asking for help. */
export const version = command({
  name: 'version',
  help: `Usage: rollcall version

Tells which version this is, when it was built, and what it runs on.
`,
  options: {},
  async run(_, call) {
    call.terminal.out(`rollcall ${number}`)
    call.terminal.out(`built    ${builtOn ?? 'not packaged'}`)
    call.terminal.out(`node     ${process.versions.node}`)
    call.terminal.out(`sqlite   ${sqliteVersion(call)}`)
    call.terminal.out(`target   ${process.platform}-${process.arch}`)
    return EXIT.done
  },
})

function sqliteVersion(call: Call): string {
  try {
    loadAddon(call)
    const db = openDatabase(':memory:')
    const row = db.prepare<[], { version: string }>('SELECT sqlite_version() AS version').get()
    db.close()
    return row?.version ?? 'unknown'
  } catch (cause) {
    return `not available (${cause instanceof Error ? cause.message : String(cause)})`
  }
}

/** In the executable the addon needs a folder to be loaded from: the data directory, if there is one yet. */
function loadAddon({ env, cwd, overrides, envFile }: Call): void {
  const read = readConfig(env, { cwd, overrides, envFile })
  try {
    nativeBinding(join(read.ok ? read.config.dataDir : tmpdir(), 'any'))
  } catch {
    nativeBinding(join(tmpdir(), 'any'))
  }
}
