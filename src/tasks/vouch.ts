import { MINUTE } from '../core/time'
import type { OutgoingHttp } from '../world/http'
import type { Log } from '../world/log'
import type { Task } from './task'

export interface VouchOptions {
  /** A ping address on another instance: whoever reads this log may not be there when it matters. */
  url: string
  http: Pick<OutgoingHttp, 'send'>
  /** Whether checks are watched and people are told. */
  isWell: () => boolean
  /** From then on a ping that is cut off is nothing to complain of. */
  stopping: () => boolean
  log: Log
}

/**
 * Pings another instance for as long as alerts work here, so that somebody is told when they do not.
 * What comes of a ping is not waited for: nothing here depends on it.
 */
export function vouch({
  url,
  http,
  isWell,
  stopping,
  log,
}: VouchOptions): Task & { settled(): Promise<void> } {
  let onItsWay: Promise<void> | null = null
  let complaint = ''

  /** Said when it begins and when it is over, not every minute. */
  function complain(about: string): void {
    if (about === complaint || stopping()) return
    if (about !== '') log.warn(about)
    else log.info('the other instance is pinged again')
    complaint = about
  }

  async function ping(): Promise<void> {
    const answer = await http.send({ method: 'GET', url, trusted: true })
    const why = !answer.ok
      ? answer.reason
      : answer.status < 200 || answer.status > 299
        ? `status ${answer.status}`
        : ''
    complain(why === '' ? '' : `WATCHDOG_PING_URL could not be pinged: ${why}`)
  }

  return {
    name: 'vouch',
    everyMs: MINUTE,
    async run() {
      if (!isWell()) complain('alerts do not work here: WATCHDOG_PING_URL is not pinged until they do')
      else onItsWay ??= ping().finally(() => (onItsWay = null))
      return false
    },
    settled: () => onItsWay ?? Promise.resolve(),
  }
}
