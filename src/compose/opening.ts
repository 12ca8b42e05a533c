import type { Server } from 'node:http'
import type { Config } from '../config'
import type { Log } from '../world/log'
import { closeSite, listen } from './listening'

/** A database that is up to date is open before anybody has noticed. */
const NOTICED_MS = 1000

/**
 * Opens something while `room` answers in the place of the site, if that takes longer than a moment. Where the work
 * itself leaves no time to answer, as a migration in SQLite does, whoever comes waits until it is done.
 */
export async function whileAnswering<T>(
  open: () => Promise<T>,
  {
    room,
    at,
    log,
    patienceMs = NOTICED_MS,
  }: { room: () => Server; at: Config['listen']; log: Log; patienceMs?: number },
): Promise<T> {
  let answering: Promise<Server | null> = Promise.resolve(null)
  const timer = setTimeout(() => {
    log.info('the database takes its time to open: until then the site says so')
    const server = room()
    // Whoever is to listen there afterwards will say why it cannot.
    answering = listen(server, at).then(
      () => server,
      () => null,
    )
  }, patienceMs)
  try {
    return await open()
  } finally {
    clearTimeout(timer)
    const server = await answering
    if (server !== null) await closeSite(server, 0)
  }
}
