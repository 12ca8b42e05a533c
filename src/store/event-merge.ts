import type { Ping } from '../core/ping'
import { toFlip } from './flips'
import type { FlipRow } from './flips'
import type { EventCursor, LoggedEvent } from './event-log'
import type { LoggedNotification } from './notifications'

/** Events of each sort, as they were found: from where somebody is, towards `towards`, one more than the limit. */
export interface Found {
  pings: Ping[]
  flips: FlipRow[]
  told: LoggedNotification[]
  /** Up or down to which ping was looked, if there may be more that fits beyond it. */
  lookedTo: number | null
}

export interface Merged {
  /** In the order in which they were taken. */
  events: LoggedEvent[]
  /** Where to go on. */
  next: EventCursor
  isMore: boolean
  lookedTo: number | null
}

type Towards = 'older' | 'newer'

/**
 * Takes from each sort in the order in which it was kept, so that the cursor leaves out nothing and shows nothing
 * twice. Of the same moment, what followed from a ping stands above it.
 */
export function merged(found: Found, from: EventCursor, limit: number, towards: Towards): Merged {
  const events: LoggedEvent[] = []
  const waiting = { pings: [...found.pings], flips: [...found.flips], told: [...found.told] }
  // Beyond where nobody has looked for pings, others must not be shown yet.
  const isEdge = found.pings.length <= limit && found.lookedTo !== null
  let next = { ...from }
  while (events.length < limit) {
    const event = nextOf(waiting, towards)
    if (event === null || (waiting.pings.length === 0 && isEdge)) break
    events.push(event)
    next = { ...next, ...taken(waiting, event, towards) }
  }
  const isPingsDone = waiting.pings.length === 0
  if (isPingsDone && found.lookedTo !== null) {
    next.n = towards === 'older' ? Math.min(next.n, found.lookedTo) : Math.max(next.n, found.lookedTo + 1)
  }
  const isMore =
    !isPingsDone || found.lookedTo !== null || waiting.flips.length > 0 || waiting.told.length > 0
  return { events, next, isMore, lookedTo: isPingsDone ? found.lookedTo : null }
}

type Waiting = Pick<Found, 'pings' | 'flips' | 'told'>

function nextOf(
  { pings: [ping], flips: [flip], told: [told] }: Waiting,
  towards: Towards,
): LoggedEvent | null {
  const heads: LoggedEvent[] = []
  if (told !== undefined) heads.push({ type: 'notification', at: told.createdAt, told })
  if (flip !== undefined) heads.push({ type: 'flip', at: flip.at, id: flip.id, flip: toFlip(flip) })
  if (ping !== undefined) heads.push({ type: 'ping', at: ping.at, ping })
  // Sorting keeps the order of what happened at the same moment.
  const fromTop = heads.toSorted((one, other) => other.at - one.at)
  return (towards === 'older' ? fromTop[0] : fromTop.at(-1)) ?? null
}

function taken(waiting: Waiting, event: LoggedEvent, towards: Towards): Partial<EventCursor> {
  const past = towards === 'older' ? 0 : 1
  switch (event.type) {
    case 'notification':
      waiting.told.shift()
      return { notificationId: event.told.id + past }
    case 'flip':
      waiting.flips.shift()
      return { flipId: event.id + past }
    case 'ping':
      waiting.pings.shift()
      return { n: event.ping.n + past }
  }
}
