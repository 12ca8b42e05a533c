import { existsSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { openDatabase } from './sqlite'

export interface Holder {
  pid: number
  host: string
}

export type Lock = { ok: true; release(): void } | { ok: false; holder: Holder | null }

/** Two that start at the same moment may pass each other's name; after this often the name does not matter. */
const MOST_TRIES = 5

/** How long to write our name beside somebody who is just reading the name of the one before. */
const READER_MS = 1000

/**
 * Makes this process the only server on a data directory ([O13] of spec/operations.md), until `release` or its
 * end, however that comes. What is held is a lock of the operating system on DATA_DIR/rollcall.lock: the
 * transaction of a small SQLite file that is begun and never ended. So nothing stale can be left by a dead
 * process, and process ids, which every container begins at 1, are only there to be told.
 */
export function lockDataDir(dir: string, me?: Holder): Lock {
  return lock(join(dir, 'rollcall.lock'), me)
}

/**
 * The same for a database that lies elsewhere, whose folder another server may not take for its own:
 * what is held is beside the file itself, wherever links lead.
 */
export function lockDatabase(file: string, me?: Holder): Lock {
  const real = existsSync(file) ? realpathSync(file) : join(realpathSync(dirname(file)), basename(file))
  return lock(`${real}.lock`, me)
}

function lock(file: string, me: Holder = { pid: process.pid, host: hostname() }): Lock {
  const db = openDatabase(file)
  try {
    for (let tries = 1; ; tries += 1) {
      begin(db)
      db.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, host TEXT NOT NULL)')
      db.exec('DELETE FROM holder')
      db.prepare<[number, string]>('INSERT INTO holder (pid, host) VALUES (?, ?)').run(me.pid, me.host)
      db.pragma(`busy_timeout = ${READER_MS}`)
      db.exec('COMMIT')
      // Others see a name only once it is committed, but that lets go of the lock: so begin again, and look.
      begin(db)
      const named = holder(db)
      if ((named?.pid === me.pid && named.host === me.host) || tries === MOST_TRIES) break
      db.exec('ROLLBACK')
    }
    return { ok: true, release: () => void db.close() }
  } catch (error) {
    const found = isBusy(error) ? { holder: holder(db) } : null
    db.close()
    if (!found) throw error
    return { ok: false, ...found }
  }
}

/** At once or not at all. Not EXCLUSIVE: others must be able to read who it is. */
function begin(db: ReturnType<typeof openDatabase>): void {
  db.pragma('busy_timeout = 0')
  db.exec('BEGIN IMMEDIATE')
}

/** Null while the holder is just writing its name, or nobody ever has. */
function holder(db: ReturnType<typeof openDatabase>): Holder | null {
  try {
    return db.prepare<[], Holder>('SELECT pid, host FROM holder').get() ?? null
  } catch {
    return null
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
