import type { Log } from '../world/log'
import { EXIT } from './command'
import type { Signals } from './signals'

/** What runs until it is stopped; `compose` makes one. */
export interface Server {
  start(): Promise<void>
  /** Ends when everything that was under way is finished or handed back, and the store is closed. */
  stop(): Promise<void>
}

/**
 * Opens and starts a server, and stops it at the first signal; a second one ends it at once. Nothing is half
 * done at any moment, so a signal during the start ends it too. Gives the exit code; throws what `open` and
 * `start` throw.
 */
export async function runServer<S extends Server>({
  open,
  ready,
  stopping = () => {},
  signals,
  log,
}: {
  open(): Promise<S>
  /** Tells that the server serves now. */
  ready(server: S): void
  /** Tells that it is about to stop. */
  stopping?(): void
  signals: Signals
  log: Log
}): Promise<number> {
  const asked = signals.next()
  const started = open().then(async (server) => {
    await server.start()
    return server
  })
  const server = await Promise.race([started, asked.then(() => null)])
  if (server === null) return EXIT.done

  ready(server)
  log.info('stopping', { signal: await asked })
  stopping()
  const ended = server.stop().then(
    () => EXIT.done,
    (cause: unknown) => {
      log.error('could not stop in good order', { cause })
      return EXIT.failed
    },
  )
  const cut = signals.next().then((signal) => {
    log.warn('stopped at once', { signal })
    return EXIT.failed
  })
  const code = await Promise.race([ended, cut])
  if (code === EXIT.done) log.info('stopped')
  return code
}
