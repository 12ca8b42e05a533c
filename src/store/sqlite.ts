import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { SqliteConfig } from '../config'
import { SECOND } from '../core/time'
import { nativeBinding } from './addon'
import { quietCheckpoints } from './checkpoints'
import { StoreUnavailable, StoreUnusable } from './problems'
import type { InsertStep, Row, Sql, Step, UpdateStep, Value, Work } from './sql'
import { fileSync } from './wal-sync'

/**
 * How long a write waits for another process, such as a backup: spec/operations.md §1.4. Only for the
 * blink of an eye does it wait inside SQLite, where the event loop stands still; then it tries again.
 */
const BUSY_MS = 5 * SECOND
const BLINK_MS = 10
const PAUSE_MS = 25

/** Rows that one statement writes, at most; the rest goes by halves of it, so that few are prepared. */
const ROWS_AT_ONCE = 64

/** Small, because the pings of each check are found through a page of their own, and all of it is logged. */
const PAGE_BYTES = 1024

/**
 * How long the write-ahead log grows before it is moved into the file even if no moment is quiet: some 64 MB.
 * Half of what a move takes is for telling the disk, however much there is to move. What the log takes on
 * disk beyond 16 MB is given back.
 */
const CHECKPOINT_PAGES = 64_000
const KEPT_LOG_BYTES = 16_000_000

/** Pages kept in memory, at most: the upper levels of every index of a busy household. */
const CACHE_KB = 16_384

/**
 * One writer in one process: the whole of a transaction runs in one go, so nothing can come between.
 *
 * `FULL` means what SQLite means by it: a transaction is on disk before its promise resolves. SQLite
 * would sync the write-ahead log inside COMMIT; we sync the same file after it, off the event loop, and
 * wait for that. So a slow disk delays those who wait for it and nobody else, and whatever is committed
 * during a sync shares the next one. Others may read in between what is not yet on disk: nothing that
 * leaves the house before its own transaction has resolved depends on that.
 */
export function openSqlite({ file, synchronous }: SqliteConfig): Sql {
  const db = openDatabase(file)
  try {
    // Nobody waits for us yet while the file is opened.
    db.pragma(`busy_timeout = ${BUSY_MS}`)
    db.pragma(`page_size = ${PAGE_BYTES}`)
    db.pragma('journal_mode = WAL')
    // NORMAL syncs around checkpoints, which keeps the file sound; what makes each commit last is
    // below, because FULL would have the event loop stand still for every sync.
    db.pragma('synchronous = NORMAL')
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.pragma(`journal_size_limit = ${KEPT_LOG_BYTES}`)
    db.pragma('foreign_keys = ON')
    db.pragma(`cache_size = -${CACHE_KB}`)
    refuseForeign(db, file)
    db.pragma(`busy_timeout = ${BLINK_MS}`)
  } catch (error) {
    db.close()
    throw said(error, file)
  }

  const prepared = new Map<string, Prepared>()
  function prepare(text: string, whole = () => text): Prepared {
    let known = prepared.get(text)
    if (!known) prepared.set(text, (known = compile(db, whole())))
    return known
  }

  let wrote = false
  function take(step: Step): Row[] {
    wrote ||= step.kind !== 'query' || !prepare(step.text).readOnly
    switch (step.kind) {
      case 'query':
        return prepare(step.text).run(step.values)
      case 'insert':
        return insert(step)
      case 'update':
        return update(step)
    }
  }

  function insert({ table, columns, rows, suffix }: InsertStep): Row[] {
    const into = `INSERT INTO ${table} (${columns.join(', ')})`
    // What comes back must be in the order of the rows, which SQLite promises for one row only.
    const atOnce = suffix === '' ? ROWS_AT_ONCE : 1
    return write(rows, atOnce, (values) => `${into} ${values} ${suffix}`)
  }

  function update({ table, columns, rows }: UpdateStep): Row[] {
    const [key, ...others] = Object.keys(columns)
    const set = others.map((name, i) => `${name} = changed.column${i + 2}`).join(', ')
    return write(
      rows,
      ROWS_AT_ONCE,
      (values) => `UPDATE ${table} SET ${set} FROM (${values}) AS changed WHERE ${key} = changed.column1`,
    )
  }

  /** Many rows with one statement where that is possible: a call costs about as much as a row. */
  function write(rows: readonly Value[][], most: number, textOf: (values: string) => string): Row[] {
    const given: Row[] = []
    let count = most
    for (let done = 0; done < rows.length; done += count) {
      while (count > rows.length - done) count /= 2
      const some = rows.slice(done, done + count)
      // Known by a short text: the whole one is long.
      const { run } = prepare(textOf(`${count}`), () => textOf(marks(some)))
      given.push(...run(some.flat()))
    }
    return given
  }

  function walk<T>(work: () => Work<T>): T {
    const steps = work()
    let next = steps.next()
    while (!next.done) next = steps.next(take(next.value))
    return next.value
  }

  // The reference to one function for all transactions lets better-sqlite3 prepare it once.
  const inTransaction = db.transaction((work: () => Work<unknown>) => walk(work)).immediate
  const log = synchronous === 'FULL' ? fileSync(`${file}-wal`, endProgram) : null
  const checkpoints = quietCheckpoints({
    pages: () => (db.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0]?.log ?? 0,
    move: () => void db.pragma('wal_checkpoint(PASSIVE)'),
  })

  /** Set while somebody waits for another process: whoever comes then waits behind, so nobody overtakes. */
  let queue: Promise<void> | null = null
  async function begun<T>(work: () => Work<T>): Promise<{ result: T; wrote: boolean }> {
    while (queue) await queue
    for (let waitedMs = 0; ; waitedMs += PAUSE_MS + BLINK_MS) {
      try {
        wrote = false
        return { result: inTransaction(work) as T, wrote }
      } catch (error) {
        if (!isBusy(error) || waitedMs >= BUSY_MS) throw error
        queue = new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
        await queue
        queue = null
      }
    }
  }

  async function transaction<T>(work: () => Work<T>, { relaxed = false } = {}): Promise<T> {
    try {
      const done = await begun(work)
      if (done.wrote) checkpoints.wrote()
      if (done.wrote && !relaxed && log) await log.flushed()
      return done.result
    } catch (error) {
      throw said(error, file)
    }
  }

  async function read<T>(work: () => Work<T>): Promise<T> {
    try {
      return walk(work)
    } catch (error) {
      throw said(error, file)
    }
  }

  return {
    name: 'sqlite',
    forUpdate: '',
    forUpdateSkipLocked: '',
    among: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
    holds: (column, parameter) => `INSTR(LOWER(${column}), LOWER(${parameter})) > 0`,
    holdsBytes: (column, parameter) => `COALESCE(INSTR(${column}, ${parameter}), 0) > 0`,
    now: null,
    items: (parameter) => `json_each(${parameter})`,
    types: { id: 'INTEGER PRIMARY KEY', bytes: 'BLOB' },
    lockSchema: [],
    tableExists: `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1`,
    // They run one after the other all the same; while one is on its way to the disk, the next begins.
    commitsAtOnce: 2,
    // Everything stands still meanwhile: about a millisecond.
    rowsAtOnce: 20,
    log: {
      bytes: () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      checkpoint: () => (db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[])[0]?.busy === 0,
    },
    transaction,
    read,
    async close() {
      checkpoints.stop()
      await log?.close()
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

interface Prepared {
  run(values: readonly Value[]): Row[]
  readOnly: boolean
}

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

  return {
    readOnly: statement.readonly,
    run: statement.reader
      ? (values) => statement.all(...arranged(values))
      : (values) => {
          statement.run(...arranged(values))
          return NOTHING
        },
  }
}

const NOTHING: Row[] = []

function marks(rows: readonly Value[][]): string {
  const row = `(${'?, '.repeat((rows[0]?.length ?? 1) - 1)}?)`
  return `VALUES ${`${row}, `.repeat(rows.length - 1)}${row}`
}

/** Another program's file is left untouched: spec/operations.md §1.4. */
function refuseForeign(db: Database.Database, file: string): void {
  const tables = db.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()
  if (tables.length > 0 && !tables.some(({ name }) => name === 'migrations')) {
    throw new StoreUnusable(`${file} belongs to another program; set DB_NAME to a file of its own`)
  }
}

/**
 * After a failed sync nobody knows what is on disk, so that there is no going on: as an error that
 * nobody catches it ends the program, and the next start finds out.
 */
function endProgram(cause: unknown): void {
  setImmediate(() => {
    throw new Error('The disk failed while it took the database', { cause })
  })
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)
}

/** What SQLite complains of, as what the callers can do about it. */
function said(error: unknown, file: string): unknown {
  if (error instanceof Error && 'syscall' in error) return new StoreUnavailable('unreachable', error)
  if (!(error instanceof Database.SqliteError)) return error
  if (isBusy(error)) return new StoreUnavailable('busy', error)
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
