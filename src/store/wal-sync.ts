import { close, fdatasync, open } from 'node:fs'
import { promisify } from 'node:util'

/** Puts what was written to one file on disk, off the event loop. */
export interface FileSync {
  /** Resolves once all that was written before the call is on disk. Rejects when the file cannot be opened. */
  flushed(): Promise<void>
  close(): Promise<void>
}

/** What is asked of the operating system; tests bring their own. */
export interface Files {
  open(file: string, flags: 'r+'): Promise<number>
  sync(descriptor: number): Promise<void>
  close(descriptor: number): Promise<void>
}

const systemFiles: Files = {
  open: promisify(open),
  sync: promisify(fdatasync),
  close: promisify(close),
}

/**
 * One sync runs at a time; whoever comes while it runs shares the next one, because nobody can say
 * what the one under way still covers.
 *
 * A sync that fails is `fatal`: what was written may be gone from memory and not be on disk, and a
 * second sync would not tell. Nobody who waits hears of it, because nothing true can be said.
 */
export function fileSync(
  file: string,
  fatal: (cause: unknown) => void,
  files: Files = systemFiles,
): FileSync {
  let descriptor: number | null = null
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null

  async function sync(): Promise<void> {
    descriptor ??= await files.open(file, 'r+')
    try {
      await files.sync(descriptor)
    } catch (cause) {
      fatal(cause)
      await new Promise(() => undefined)
    }
  }

  function begin(): Promise<void> {
    running = sync().finally(() => (running = null))
    return running
  }

  function afterRunning(under: Promise<void>): Promise<void> {
    const begun = () => {
      next = null
      return begin()
    }
    return under.then(begun, begun)
  }

  return {
    flushed() {
      if (next !== null) return next
      return running === null ? begin() : (next = afterRunning(running))
    },

    async close() {
      await (next ?? running)?.catch(() => undefined)
      if (descriptor !== null) await files.close(descriptor)
    },
  }
}
