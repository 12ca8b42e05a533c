import { openDatabase } from './sqlite'

/** How long to wait for a writer of ours, in milliseconds: each of its transactions takes a moment. */
const BUSY_MS = 60_000

/**
 * Writes the file anew without its free pages, in this process, which stands still meanwhile: for one of its own.
 * Others go on reading; who writes waits. Ends with the file as small as it gets.
 */
export function vacuumFile(file: string): void {
  const db = openDatabase(file)
  try {
    db.pragma(`busy_timeout = ${BUSY_MS}`)
    db.exec('VACUUM')
    // The new content went through the write-ahead log, which is now as large as the file.
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

/** What is wrong with the file, in SQLite's words; null: nothing. Holds nobody up. */
export function checkFile(file: string): string | null {
  const db = openDatabase(file)
  try {
    db.pragma('query_only = ON')
    const said = String(db.pragma('quick_check(1)', { simple: true }))
    return said === 'ok' ? null : said
  } finally {
    db.close()
  }
}
