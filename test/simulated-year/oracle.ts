import type { Job, JobPing } from './jobs'

export interface Turn {
  at: number
  from: 'new' | 'up' | 'down'
  to: 'up' | 'down'
  reason: 'timeout' | 'fail' | ''
}

/**
 * What has to become of a check, told plainly: spec/alerting.md §2, §3 and §5. It goes through everything that
 * happens in order, and learns that the job is expected when that minute has come.
 */
export function turnsOf({ timing, graceMs, due, pings }: Job, until: number): Turn[] {
  const turns: Turn[] = []
  let status: Turn['from'] = 'new'
  let lastPingAt: number | null = null
  let expectedAt: number | null = null
  let run: { startedAt: number; runId: string | null } | null = null

  function turn(at: number, to: Turn['to'], reason: Turn['reason']): void {
    if (status !== to) turns.push({ at, from: status, to, reason })
    status = to
  }

  /** Nobody came in time. */
  function lookAt(now: number): void {
    const graces = [
      ...(status === 'up' && expectedAt !== null ? [expectedAt] : []),
      ...(status !== 'down' && run !== null ? [run.startedAt] : []),
    ]
    const deadline = Math.min(...graces) + graceMs
    if (deadline <= now) turn(deadline, 'down', 'timeout')
  }

  function receive({ at, kind, runId }: JobPing): void {
    if (kind === 'log') return
    if (kind === 'start') {
      run = { startedAt: at, runId }
      return
    }
    // The success of another run ends nothing; any other end is the end of what runs.
    const isOfAnother = run !== null && kind === 'success' && runId !== null && runId !== run.runId
    if (!isOfAnother) run = null
    lastPingAt = at
    expectedAt = timing.kind === 'period' ? at + timing.periodMs : null
    turn(at, kind === 'success' ? 'up' : 'down', kind === 'success' ? '' : 'fail')
  }

  const happenings = [
    ...due.map((at) => ({ at, ping: null })),
    ...pings.map((ping) => ({ at: ping.at, ping })),
  ].toSorted((a, b) => a.at - b.at)
  for (const { at, ping } of happenings) {
    if (at >= until) break
    lookAt(at)
    if (ping) receive(ping)
    else if (lastPingAt !== null && expectedAt === null) expectedAt = at
    // A run that hung before it was heard of again is noticed at once.
    lookAt(at)
  }
  lookAt(until)
  return turns
}
