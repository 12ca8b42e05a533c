import type { Job } from '../actions/jobs'
import type { App } from '../app'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Figures, Queue } from '../store/figures'
import type { Paused } from '../store/sending'
import type { OutboxState } from '../store/undelivered'
import type { Rows, Sizes } from '../store/upkeep'
import type { DiskSpace } from '../world/disk'
import { lasting } from './show'

/** One light: a shape, a word, a number, and what to do. web-ui.md X01. */
export interface HealthLine {
  id: string
  group: 'alerts' | 'data' | 'ways' | 'process'
  label: string
  /** Null where there is nothing to judge. */
  state: 'ready' | 'waiting' | 'problem' | null
  value: string
  /** What to do about it, or where it comes from; or ''. */
  note: string
  /** When it turns amber, and red; null where it never does. */
  limits: { look: string; bad: string } | null
  /** The same for programs: times in seconds and as ISO 8601, sizes in bytes. */
  figures: Record<string, number | string | null>
}

/** What is known of the instance at one moment. */
export interface HealthSource {
  app: Pick<App, 'config' | 'health' | 'version'>
  nowAt: Instant
  /** Of whoever reads it. */
  tz: string
  figures: Figures
  outbox: OutboxState
  paused: Paused | null
  /** Attempts of the last day by kind of channel. */
  told: { kind: string; delivered: number; failed: number }[]
  pings: { lastMinute: number; lastDay: number }
  sizes: Sizes
  rows: Rows
  integrity: Job | null
  trouble: string | null
  disk: DiskSpace | null
  purges: { count: number; failing: number }
  objectErrors: number
  mail: { sentAt: Instant | null; failed: { at: Instant; reason: string } | null }
  process: { memoryBytes: number; availableBytes: number; upMs: number; node: string }
}

export function line(
  group: HealthLine['group'],
  id: string,
  label: string,
  about: Pick<HealthLine, 'value' | 'figures'> & Partial<HealthLine>,
): HealthLine {
  return { id, group, label, state: null, note: '', limits: null, ...about }
}

export function queue(
  id: string,
  label: string,
  waiting: Queue,
  [look, bad]: readonly [number, number],
  nowAt: Instant,
  advice: string,
  group: HealthLine['group'] = 'ways',
): HealthLine {
  const ageMs = ageOf(waiting, nowAt)
  const state = ageMs >= bad ? 'problem' : ageMs >= look ? 'waiting' : 'ready'
  return line(group, id, label, {
    state,
    value: `${grouped(waiting.waiting)}${ageMs >= SECOND ? `, the oldest for ${lasting(ageMs)}` : ''}`,
    note: state === 'ready' ? '' : advice,
    limits: { look: `the oldest waits for ${lasting(look)}`, bad: lasting(bad) },
    figures: { count: waiting.waiting, oldest_seconds: ageMs / SECOND },
  })
}

export const ageOf = ({ oldestAt }: Queue, nowAt: Instant): number =>
  oldestAt === null ? 0 : Math.max(0, nowAt - oldestAt)

export const iso = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString())

export const grouped = (n: number): string => n.toLocaleString('en')
