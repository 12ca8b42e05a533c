import Database from 'better-sqlite3'
import type { SqliteConfig } from '../config'
import { SECOND } from '../core/time'
import { nativeBinding } from './addon'
import { StoreUnavailable, StoreUnusable } from './problems'
import type { Row, Sql, Step, Value, Work } from './sql'

/** How long a write waits for another process, such as a backup: spec/operations.md §1.4. */
const BUSY_MS = 5 * SECOND

/** Pages kept in memory, at most: the upper levels of every index of a busy household. */
const CACHE_KB = 16_384

/** One writer in one process: the whole of a transaction runs in one go, so nothing can come between. */
export function openSqlite({ file, synchronous }: SqliteConfig): Sql {
  const db = openDatabase(file)
  try {
    db.pragma('journal_mode = WAL')
    // better-sqlite3 defaults to NORMAL in WAL mode, where the power can take a commit with it.
    db.pragma(`synchronous = ${synchronous}`)
    db.pragma(`busy_timeout = ${BUSY_MS}`)
    db.pragma('foreign_keys = ON')
    db.pragma(`cache_size = -${CACHE_KB}`)
    refuseForeign(db, file)
  } catch (error) {
    db.close()
    throw said(error, file)
  }

  const prepared = new Map<string, Prepared>()
  function prepare(text: string): Prepared {
    let known = prepared.get(text)
    if (!known) prepared.set(text, (known = compile(db, text)))
    return known
  }

  function take(step: Step): Row[] {
    switch (step.kind) {
      case 'query':
        return prepare(step.text)(step.values)
      case 'insert': {
        const marks = step.columns.map((_, i) => `$${i + 1}`).join(', ')
        const text = `INSERT INTO ${step.table} (${step.columns.join(', ')}) VALUES (${marks}) ${step.suffix}`
        return step.rows.flatMap(prepare(text))
      }
      case 'update': {
        const [key, ...others] = Object.keys(step.columns)
        const text = `UPDATE ${step.table} SET ${others.map((name, i) => `${name} = $${i + 2}`).join(', ')} WHERE ${key} = $1`
        return step.rows.flatMap(prepare(text))
      }
    }
  }

  function walk<T>(work: () => Work<T>): T {
    const steps = work()
    let next = steps.next()
    while (!next.done) next = steps.next(take(next.value))
    return next.value
  }

  // The reference to one function for all transactions lets better-sqlite3 prepare it once.
  const inTransaction = db.transaction((work: () => Work<unknown>) => walk(work)).immediate

  function run<T>(how: () => T): Promise<T> {
    try {
      return Promise.resolve(how())
    } catch (error) {
      return Promise.reject(said(error, file))
    }
  }

  return {
    name: 'sqlite',
    forUpdate: '',
    forUpdateSkipLocked: '',
    among: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
    types: { id: 'INTEGER PRIMARY KEY', bytes: 'BLOB' },
    lockSchema: [],
    tableExists: `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1`,
    transaction: <T>(work: () => Work<T>) => run(() => inTransaction(work) as T),
    read: <T>(work: () => Work<T>) => run(() => walk(work)),
    async close() {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}

/** Opens a SQLite file, in a checkout as in the executable, where the addon comes from the program itself. */
export function openDatabase(file: string): Database.Database {
  const binding = nativeBinding(file)
  return binding === undefined ? new Database(file) : new Database(file, { nativeBinding: binding })
}

type Prepared = (values: readonly Value[]) => Row[]

/** Our `$1` become positions, which better-sqlite3 binds much faster than names. */
function compile(db: Database.Database, text: string): Prepared {
  const order: number[] = []
  const statement = db.prepare<Value[], Row>(
    text.replace(/\$(\d+)/g, (_, number: string) => {
      order.push(Number(number) - 1)
      return '?'
    }),
  )
  const inOrder = order.every((position, i) => position === i)
  const arranged = (values: readonly Value[]): Value[] =>
    inOrder ? (values as Value[]) : order.map((position) => values[position] ?? null)

  if (statement.reader) return (values) => statement.all(...arranged(values))
  return (values) => {
    statement.run(...arranged(values))
    return NOTHING
  }
}

const NOTHING: Row[] = []

/** Another program's file is left untouched: spec/operations.md §1.4. */
function refuseForeign(db: Database.Database, file: string): void {
  const tables = db.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
  if (tables.length > 0 && !tables.some(({ name }) => name === 'migrations')) {
    throw new StoreUnusable(`${file} belongs to another program; set DB_NAME to a file of its own`)
  }
}

/** What SQLite complains of, as what the callers can do about it. */
function said(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new StoreUnavailable('busy', error)
  }
  // A full disk shows itself as FULL, or as a write or a growing shared-memory file that failed.
  if (error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR')) {
    return new StoreUnavailable('disk full', error)
  }
  if (error.code.startsWith('SQLITE_CANTOPEN')) return new StoreUnavailable('unreachable', error)
  if (error.code === 'SQLITE_NOTADB') {
    return new StoreUnusable(`${file} is not a SQLite database; set DB_NAME to another file`)
  }
  return error
}
