import Database from 'better-sqlite3'

interface Statement {
  source: string
}

type Run = (this: Statement, ...parameters: unknown[]) => unknown

/** The SQL that databases of this process execute while some work is done, in order; not what they do for themselves. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = []
  const probe = new Database(':memory:')
  const kind = Object.getPrototypeOf(probe.prepare('SELECT 1')) as Record<'all' | 'get' | 'run', Run>
  probe.close()
  const before = { all: kind.all, get: kind.get, run: kind.run }
  for (const name of ['all', 'get', 'run'] as const) {
    kind[name] = function (this: Statement, ...parameters) {
      // Now and then the database is asked how long its journal is.
      if (!this.source.startsWith('PRAGMA')) statements.push(this.source)
      return before[name].apply(this, parameters)
    }
  }
  try {
    await work()
  } finally {
    Object.assign(kind, before)
  }
  return statements
}
