import { MINUTE, SECOND } from '../core/time'
import { grouped, iso, line, queue } from './health-line'
import type { HealthLine, HealthSource } from './health-line'
import { inZone, lasting, took } from './show'

/** Past the first something may be wrong, past the second it is. */
const LAG_MS = [10 * SECOND, MINUTE] as const
const ALERTS_LATE_MS = [MINUTE, 5 * MINUTE] as const
const UNTOLD_SHARE = [0.1, 0.5] as const
const FEW_ATTEMPTS = 5

/** Whether alerts go out, and in time. */
export function alertLines(source: HealthSource): HealthLine[] {
  const { outbox, paused, tz, nowAt } = source
  const { retrying, dead } = outbox
  return [
    scheduler(source),
    line('alerts', 'sending', 'Sending', {
      state: paused === null ? 'ready' : 'problem',
      value: paused === null ? 'alerts go out' : `paused since ${inZone(paused.at, tz)}`,
      note: paused === null ? '' : `By ${paused.by}. Resume it on Deliveries.`,
      limits: { look: '', bad: 'somebody paused it' },
      figures: { paused_since: iso(paused?.at ?? null) },
    }),
    queue(
      'outbox',
      'Alerts that wait or are on their way',
      outbox,
      ALERTS_LATE_MS,
      nowAt,
      'See Deliveries.',
      'alerts',
    ),
    line('alerts', 'retrying', 'Alerts that are tried again', {
      state: retrying > 0 ? 'waiting' : 'ready',
      value: String(retrying),
      note: retrying > 0 ? 'Deliveries tells why they failed.' : '',
      limits: { look: 'any', bad: '' },
      figures: { count: retrying },
    }),
    line('alerts', 'dead', 'Alerts that failed for good', {
      state: dead > 0 ? 'waiting' : 'ready',
      value: `${dead} in 24 hours`,
      note: dead > 0 ? 'Nobody was told of them. Try them again on Deliveries.' : '',
      limits: { look: 'any', bad: '' },
      figures: { count: dead },
    }),
    deliveries(source),
    line('alerts', 'unnoticed', 'Alarms that rang and nobody has looked at', {
      state: source.figures.flipsUnprocessed > 1000 ? 'waiting' : 'ready',
      value: String(source.figures.flipsUnprocessed),
      note: '',
      limits: { look: 'more than 1,000', bad: '' },
      figures: { count: source.figures.flipsUnprocessed },
    }),
  ]
}

function scheduler({ app: { health, config }, tz }: HealthSource): HealthLine {
  const since = health.alertsLateSince()
  const loops = health.alertLoops()
  const ticks = loops.flatMap(({ lastTurnAt }) => (lastTurnAt === null ? [] : [lastTurnAt]))
  const tickAt = ticks.length === loops.length && ticks.length > 0 ? Math.min(...ticks) : null
  const lagMs = Math.max(0, ...loops.map(({ longestLagMs }) => longestLagMs))
  const isHere = config.roles.includes('alerts')
  const running = isHere
    ? `last turn ${tickAt === null ? 'not yet' : `at ${inZone(tickAt, tz)}`}, longest lag today ${took(lagMs)}`
    : 'not run by this instance'
  return line('alerts', 'scheduler', 'Scheduler', {
    state: since !== null ? 'problem' : !isHere ? null : lagMs >= LAG_MS[0] ? 'waiting' : 'ready',
    value: since === null ? running : `has not run since ${inZone(since, tz)}`,
    note:
      since !== null
        ? 'Alerts are late. See the log of the server; a restart helps when it hangs.'
        : lagMs >= LAG_MS[0]
          ? 'Alerts came late today: the database or the machine was busy, or stopped.'
          : '',
    limits: {
      look: `a lag of ${lasting(LAG_MS[0])} today`,
      bad: `no turn for ${lasting(LAG_MS[1])}, or 2 min if it runs elsewhere`,
    },
    figures: { last_turn: iso(tickAt), late_since: iso(since), longest_lag_seconds: lagMs / SECOND },
  })
}

function deliveries({ told }: HealthSource): HealthLine {
  const delivered = told.reduce((sum, each) => sum + each.delivered, 0)
  const failed = told.reduce((sum, each) => sum + each.failed, 0)
  const all = delivered + failed
  const share = all < FEW_ATTEMPTS ? 0 : failed / all
  const state = share > UNTOLD_SHARE[1] ? 'problem' : share > UNTOLD_SHARE[0] ? 'waiting' : 'ready'
  return line('alerts', 'deliveries', 'Attempts to deliver, last 24 hours', {
    state,
    value: `${grouped(delivered)} well, ${grouped(failed)} failed`,
    note: state === 'ready' ? '' : 'Deliveries tells what goes wrong.',
    limits: {
      look: `more than ${UNTOLD_SHARE[0] * 100} % of ${FEW_ATTEMPTS} or more failed`,
      bad: `more than ${UNTOLD_SHARE[1] * 100} %`,
    },
    figures: {
      delivered,
      failed,
      ...Object.fromEntries(
        told.flatMap((each) => [
          [`delivered_${each.kind}`, each.delivered],
          [`failed_${each.kind}`, each.failed],
        ]),
      ),
    },
  })
}
