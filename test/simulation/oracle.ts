import type { Instant } from '../../src/core/time'
import type { PingTold } from './gate'

/**
 * A second opinion on what becomes of a check, written from the tables of spec/alerting.md §2 and §3 and
 * spec/ping-api.md §6, for checks with a period. It shares no code with `src/core`.
 */
export interface Model {
  status: 'new' | 'up' | 'down' | 'paused'
  lastPingAt: Instant | null
  startedAt: Instant | null
  startedRun: string | null
  periodMs: number
  graceMs: number
  /** Pings so far. */
  n: number
}

export interface Change {
  from: Model['status']
  to: Model['status']
  at: Instant
  reason: 'timeout' | 'fail' | ''
  isNews: boolean
}

export function newModel(periodMs: number, graceMs: number): Model {
  return { status: 'new', lastPingAt: null, startedAt: null, startedRun: null, periodMs, graceMs, n: 0 }
}

/** [A2] */
export function deadlineOf({ status, lastPingAt, startedAt, periodMs, graceMs }: Model): Instant | null {
  const begins = []
  if (status === 'up' && lastPingAt !== null) begins.push(lastPingAt + periodMs)
  if (status !== 'down' && startedAt !== null) begins.push(startedAt)
  return begins.length === 0 ? null : Math.min(...begins) + graceMs
}

function change(model: Model, to: Model['status'], at: Instant, reason: Change['reason'] = ''): Change[] {
  const from = model.status
  model.status = to
  if (from === to) return []
  return [{ from, to, at, reason, isNews: to === 'down' || (from === 'down' && to === 'up') }]
}

/** T1 to T5. */
export function pinged(model: Model, { at, signal, runId }: PingTold): Change[] {
  model.n++
  switch (signal) {
    case 'log':
      return []
    case 'start':
      model.startedAt = at
      model.startedRun = runId
      return []
    case 'success':
      model.lastPingAt = at
      if (runId === null || runId === model.startedRun) endRun(model)
      return change(model, 'up', at)
    case 'fail':
      model.lastPingAt = at
      endRun(model)
      return change(model, 'down', at, 'fail')
  }
}

/** T6: whoever looks at `nowAt`. */
export function looked(model: Model, nowAt: Instant): Change[] {
  const deadlineAt = deadlineOf(model)
  if (model.status === 'down' || deadlineAt === null || deadlineAt > nowAt) return []
  return change(model, 'down', deadlineAt, 'timeout')
}

/** T7, T8. */
export function paused(model: Model, at: Instant): Change[] {
  if (model.status === 'paused') return []
  endRun(model)
  return change(model, 'paused', at)
}

/** T9, T10. */
export function resumed(model: Model, at: Instant): Change[] {
  if (model.status !== 'paused') return []
  endRun(model)
  model.lastPingAt = null
  return change(model, 'new', at)
}

/** T11. One that was overdue already goes down for that, which is news. */
export function edited(model: Model, at: Instant, periodMs: number, graceMs: number): Change[] {
  const missed = looked(model, at)
  Object.assign(model, { periodMs, graceMs })
  if (missed.length > 0) return missed
  const deadlineAt = deadlineOf(model)
  if (model.status !== 'up' || deadlineAt === null || deadlineAt > at) return []
  return change(model, 'down', at).map((one) => ({ ...one, isNews: false }))
}

function endRun(model: Model): void {
  model.startedAt = null
  model.startedRun = null
}
