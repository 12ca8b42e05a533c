import { SECOND } from '../core/time'

/** A pause in writing of this length is a quiet moment. */
const QUIET_MS = SECOND / 4

/** A write-ahead log of fewer pages stays as it is: some 2 MB. */
const FEW_PAGES = 2000

/** What moves a write-ahead log into its file. */
export interface Checkpoints {
  /** Something was written: the next quiet moment is for looking at the log. */
  wrote(): void
  stop(): void
}

/**
 * Moves the log when nobody writes, because everything stands still meanwhile: long enough that a ping which
 * arrives just then is noticeably late. A log that grows very long first is moved all the same, by SQLite.
 * `pages` and `move` may throw: whoever writes next meets the same trouble, and tells of it.
 */
export function quietCheckpoints(log: { pages(): number; move(): void }): Checkpoints {
  let timer: NodeJS.Timeout | null = null
  let writes = 0

  function look(before: number): void {
    timer = writes === before ? null : lookLater()
    if (timer !== null) return
    try {
      if (log.pages() >= FEW_PAGES) log.move()
    } catch {
      // It is tried again after the next write.
    }
  }

  function lookLater(): NodeJS.Timeout {
    return setTimeout(look, QUIET_MS, writes).unref()
  }

  return {
    wrote() {
      writes++
      timer ??= lookLater()
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
    },
  }
}
