import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { Store } from '../store'
import type { LoggedEvent } from '../store/event-log'
import { titleOf } from './channel-names'
import { logEntries } from './log'
import type { Paths } from './paths'
import type { LogEntry } from './view-parts'

/** Bodies up to this size are read to show how they begin; of larger ones only the size is shown. */
const BODY_START_BYTES = 2000

export interface EntrySource {
  check: Pick<Check, 'id' | 'code' | 'graceMs'>
  events: readonly LoggedEvent[]
  channels: readonly Channel[]
  tz: string
  paths: Paths
  /** What the addresses of pings say besides: '?log=fail%3Don', or ''. */
  pingQuery: string
}

/** Events of a check as rows, with what there is to read besides: how long runs took, and how bodies begin. */
export async function entriesOf(
  { eventLog }: Pick<Store, 'eventLog'>,
  { check, events, channels, tz, paths, pingQuery }: EntrySource,
): Promise<LogEntry[]> {
  const pings = events.flatMap((each) => (each.type === 'ping' ? [each.ping] : []))
  const small = pings.filter(({ bodyBytes }) => bodyBytes > 0 && bodyBytes <= BODY_START_BYTES)
  const [tookMs, bodies] = await Promise.all([
    eventLog.durations(check.id, pings),
    eventLog.bodies(
      check.id,
      small.map(({ n }) => n),
      BODY_START_BYTES,
    ),
  ])
  return logEntries({
    pings,
    flips: events.flatMap((each) => (each.type === 'flip' ? [{ ...each.flip, id: each.id }] : [])),
    told: events.flatMap((each) => (each.type === 'notification' ? [each.told] : [])),
    tookMs,
    bodies,
    channelNames: new Map(channels.map((each) => [each.id, titleOf(each)])),
    graceMs: check.graceMs,
    tz,
    pingUrl: (n) => paths.ping(check.code, n) + pingQuery,
    runUrl: (runId) => paths.run(check.code, runId),
  })
}
