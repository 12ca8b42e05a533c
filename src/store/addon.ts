import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getRawAsset, isSea } from 'node:sea'

/** What `npm run package` calls SQLite's native addon among the assets of the executable. */
const ASSET = 'sqlite.addon'

/** What the addon is called while it is a file. */
const UNPACKED = '.rollcall-addon-'

/** A string as far as the types of better-sqlite3 know; it takes the addon itself too. */
type Binding = string

let loaded: Binding | undefined

/**
 * SQLite's native addon when we are in the executable, undefined in a checkout, where better-sqlite3
 * finds its own. The system loads native code only from a real file, so it becomes one for a moment,
 * beside the database: that folder is writable, and /tmp may forbid execution.
 */
export function nativeBinding(databaseFile: string): Binding | undefined {
  if (loaded || !isSea()) return loaded
  const folder = dirname(databaseFile)
  removeLeftovers(folder)
  const file = join(folder, `${UNPACKED}${process.pid}`)
  try {
    writeFileSync(file, Buffer.from(getRawAsset(ASSET)), { mode: 0o500, flag: 'wx' })
    const holder: { exports: object } = { exports: {} }
    process.dlopen(holder, file)
    loaded = holder.exports as unknown as Binding
  } finally {
    rmSync(file, { force: true })
  }
  return loaded
}

/** What a process left that was killed in the middle, or that had our number before us. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(UNPACKED) && !isAnother(Number(name.slice(UNPACKED.length)))) {
      rmSync(join(folder, name), { force: true })
    }
  }
}

/** Whether this is the number of a process other than ours. */
function isAnother(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
