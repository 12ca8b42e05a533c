/** What both databases take as a parameter. Yes and no are 1 and 0, instants are epoch milliseconds. */
export type Value = string | number | Buffer | null

export type Row = Record<string, unknown>

/** One step of a transaction: what the driver is asked, and answers with rows. */
export type Step = { kind: 'query'; text: string; values: readonly Value[] } | InsertStep | UpdateStep

export interface InsertStep {
  kind: 'insert'
  table: string
  columns: readonly string[]
  rows: readonly Value[][]
  suffix: string
}

export interface UpdateStep {
  kind: 'update'
  table: string
  columns: Columns
  rows: readonly Value[][]
}

/** Columns with their types, which PostgreSQL wants to be told. The first is the key. */
export type Columns = Readonly<Record<string, 'bigint' | 'integer' | 'text'>>

/**
 * A transaction as a recipe: it yields steps and is handed rows. SQLite goes through it in one go,
 * PostgreSQL awaits every step; and since it cannot await anything itself, no lock is ever held
 * while waiting for the world.
 */
export type Work<T> = Generator<Step, T, Row[]>

/** The words in which the two databases differ. */
export interface Dialect {
  name: 'sqlite' | 'postgres'
  /** Ends a SELECT whose rows are about to change. */
  forUpdate: string
  /** The same, passing over what another instance holds. */
  forUpdateSkipLocked: string
  /** `column` is one of the texts, or numbers, in the JSON array given as `parameter`. */
  among(column: string, parameter: string, type: 'text' | 'bigint'): string
  /** The text in `column` has that given as `parameter` in it; upper or lower case does not matter. */
  holds(column: string, parameter: string): string
  /** The bytes in `column` have those given as `parameter` in them. */
  holdsBytes(column: string, parameter: string): string
  /** The items of the JSON array given as `parameter`, as a table with one column, `value`. */
  items(parameter: string): string
  types: { id: string; bytes: string }
  /** What time it is where the database runs; null where that is here. */
  now: string | null
  /** What keeps two instances from migrating at once, until the transaction ends. */
  lockSchema: readonly string[]
  /** Gives a row when there is a table of the name $1. */
  tableExists: string
}

/** Both databases reject with `StoreUnavailable` when trying again later makes sense. */
export interface Sql extends Dialect {
  /**
   * Does the whole or nothing. What the recipe throws undoes it and is thrown on. A `patient` one may
   * take as long as it needs, such as a change of the schema. A `relaxed` one does not wait for the disk: that
   * is for what is done again if the power fails, and is on disk before anything that is written after it.
   */
  transaction<T>(work: () => Work<T>, options?: { patient?: boolean; relaxed?: boolean }): Promise<T>
  /** The same for a recipe that only reads, which then waits for no writer. */
  read<T>(work: () => Work<T>): Promise<T>
  /** How many transactions over the same rows can be under way at once and still keep their order. */
  commitsAtOnce: number
  /** How many rows may be worked on in one go while pings wait for its end. */
  rowsAtOnce: number
  /** The write-ahead log beside a file; null where the database looks after its own. */
  log: WriteAheadLog | null
  close(): Promise<void>
}

export interface WriteAheadLog {
  bytes(): number
  /** Moves all of it into the file and empties it. False: somebody reads from it just now. */
  checkpoint(): boolean
}

export function* all<T>(text: string, values: readonly Value[] = []): Work<T[]> {
  return (yield { kind: 'query', text, values }) as T[]
}

export function* one<T>(text: string, values: readonly Value[] = []): Work<T | null> {
  const rows = (yield { kind: 'query', text, values }) as T[]
  return rows[0] ?? null
}

export function* run(text: string, values: readonly Value[] = []): Work<void> {
  yield { kind: 'query', text, values }
}

/** Adds rows; `suffix` may be an ON CONFLICT or RETURNING clause. Returns what that gives. */
export function* insert<T = never>(
  table: string,
  rows: readonly Record<string, Value>[],
  suffix = '',
): Work<T[]> {
  const first = rows[0]
  if (first === undefined) return []
  const columns = Object.keys(first)
  const values = rows.map((row) => columns.map((column) => row[column] ?? null))
  return (yield { kind: 'insert', table, columns, rows: values, suffix }) as T[]
}

/** Writes the named columns of many rows, each found by the first column. */
export function* update(table: string, columns: Columns, rows: readonly Record<string, Value>[]): Work<void> {
  if (rows.length === 0) return
  const names = Object.keys(columns)
  yield {
    kind: 'update',
    table,
    columns,
    rows: rows.map((row) => names.map((name) => row[name] ?? null)),
  }
}

/** Text from outside without NUL, which PostgreSQL refuses. */
export function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

export const bit = (yes: boolean): number => (yes ? 1 : 0)
