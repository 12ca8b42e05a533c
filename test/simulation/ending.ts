import type { Store } from '../../src/store'
import { Violation } from './observer'
import type { Household } from './household'
import type { Observer } from './observer'
import type { Receivers } from './receivers'

interface End {
  observer: Observer
  receivers: Receivers
  household: Household
  store: Store
}

/** Each flip that was news has been told to whom it was for, or shows why not. */
export async function checkEnd({ observer, receivers, household, store }: End): Promise<void> {
  const { seen, news } = observer
  const rows = [...seen.notifications.values()]
  for (const [flipId, { checkId, channelIds }] of news) {
    if (!seen.checks.has(checkId)) continue
    for (const channelId of channelIds) {
      const line = rows.filter((one) => one.check_id === checkId && one.channel_id === channelId)
      const own = line.find(({ flip_id }) => flip_id === flipId)
      if (!own) throw new Violation(`flip ${flipId} has no notification for channel ${channelId}`)
      const last = line.reduce((one, other) => (one.id > other.id ? one : other))
      if (own.state === 'superseded' && own.round === 0 && last.state !== 'sent' && last.state !== 'failed')
        throw new Violation(`flip ${flipId} made way for news that is ${last.state}`)
      if (last.state === 'sent') {
        const heard = receivers.heard.get(`${channelId}/${checkId}`)
        if (heard?.flipId !== last.flip_id && !last.round)
          throw new Violation(
            `channel ${channelId} last heard of flip ${heard?.flipId}, not of ${last.flip_id}`,
          )
      }
    }
  }
  await checkPings({ observer, household, store })
}

/** No "OK" without a row, and no gaps between rows. */
async function checkPings({ observer, household, store }: Omit<End, 'receivers'>): Promise<void> {
  for (const { id, code, ping_count } of observer.seen.checks.values()) {
    const kept = await store.pings.latest(id, { afterN: 0, limit: 100_000 })
    const byN = new Map(kept.map((ping) => [ping.n, ping]))
    if (byN.size !== ping_count)
      throw new Violation(`check ${id} counts ${ping_count} pings and has ${byN.size}`)
    for (const { n, at, signal } of household.acked.filter((one) => one.code === code)) {
      const ping = byN.get(n)
      if (ping?.at !== at || ping.kind !== signal)
        throw new Violation(`the ping ${n} of check ${id} was answered OK and is not there`)
    }
  }
}
