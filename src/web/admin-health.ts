import type { App } from '../app'
import { HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import type { Figures, Queue } from '../store/figures'
import type { AdminFact, AdminPage } from './admin-models'
import { adminPage, adminSection, fact } from './admin-page'
import type { Paths } from './paths'
import { inZone, size, took } from './show'

export interface HealthSource {
  app: App
  figures: Figures
  sizeBytes: number
  purges: { count: number; failing: number }
  tz: string
  nowAt: Instant
  paths: Paths
}

/** Past the first something may be wrong, past the second it is. */
const ALERTS_LATE_MS = [MINUTE, 5 * MINUTE] as const
const MAILS_LATE_MS = [5 * MINUTE, HOUR] as const
const BODIES_LATE_MS = [HOUR, 6 * HOUR] as const

/** How the instance is: X01 of web-ui.md. */
export function healthPage(source: HealthSource): AdminPage {
  return adminPage('health', source.paths, {
    heading: 'Health',
    sections: [
      adminSection({ id: 'alerts', heading: 'Alerts', facts: alerts(source) }),
      adminSection({ id: 'data', heading: 'Data', facts: data(source) }),
      adminSection({ id: 'ways', heading: 'Ways in and out', facts: ways(source) }),
      adminSection({ id: 'process', heading: 'This process', facts: processFacts(source) }),
    ],
  })
}

function alerts({ app, figures, tz, nowAt }: HealthSource): AdminFact[] {
  const since = app.health.alertsLateSince()
  const loops = app.health.alertLoops()
  return [
    since === null
      ? fact('Scheduler', 'running', { state: 'ready' })
      : fact('Scheduler', `has not run since ${inZone(since, tz)}`, {
          state: 'problem',
          note: 'Alerts are late. See the log of the server; a restart helps when it hangs.',
        }),
    ...loops.map(({ name, lastTurnAt }) =>
      fact(`Loop ${name}`, lastTurnAt === null ? 'not yet run' : `last turn ${inZone(lastTurnAt, tz)}`),
    ),
    queue('Notifications waiting', figures.outbox, ALERTS_LATE_MS, nowAt, 'See Deliveries.'),
    fact('Alarms nobody has looked at', String(figures.flipsUnprocessed), {
      state: figures.flipsUnprocessed > 1000 ? 'waiting' : 'ready',
    }),
  ]
}

function data({ app, figures, sizeBytes }: HealthSource): AdminFact[] {
  const { checks, pings } = figures
  const all = checks.new + checks.up + checks.down + checks.paused
  return [
    fact('Database', app.config.database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL', {
      state: app.health.diskFull() ? 'problem' : 'ready',
      note: app.health.diskFull() ? 'The disk is full: nothing can be saved until there is room again.' : '',
    }),
    fact('Size on disk', size(sizeBytes)),
    fact(
      'Checks',
      `${all}: ${checks.up} up, ${checks.down} down, ${checks.new} new, ${checks.paused} paused`,
    ),
    fact('Pings received', String(pings), { note: 'by the checks that there are' }),
  ]
}

function ways({ app: { config }, figures, purges, nowAt }: HealthSource): AdminFact[] {
  const bodies =
    config.objects === null
      ? [fact('Object storage', 'off', { note: 'Ping bodies stay in the database.' })]
      : [
          queue(
            'Bodies on their way to object storage',
            figures.bodies,
            BODIES_LATE_MS,
            nowAt,
            'See Storage.',
          ),
          fact('Removed checks whose bodies are still to go', String(purges.count), {
            state: purges.failing > 0 ? 'waiting' : 'ready',
            note:
              purges.failing > 0 ? `${count(purges.failing, 'removal')} failed and will be tried again.` : '',
          }),
        ]
  return [
    config.mail === null
      ? fact('Outgoing mail', 'off', { state: 'waiting', note: 'Set EMAIL_HOST.' })
      : queue('Mails waiting', figures.mails, MAILS_LATE_MS, nowAt, 'Send a test mail on Configuration.'),
    fact('Pings by mail', config.smtpd === null ? 'off' : `taken at port ${config.smtpd.port}`),
    ...bodies,
  ]
}

function processFacts({ app, tz, nowAt }: HealthSource): AdminFact[] {
  const { rss } = process.memoryUsage()
  const upMs = process.uptime() * 1000
  return [
    fact('Version', app.version),
    fact('Node.js', process.version),
    fact('Memory', size(rss)),
    fact('Running for', took(upMs), { note: `since ${inZone(nowAt - upMs, tz)}` }),
    fact('Roles', app.config.roles.join(', ')),
  ]
}

function queue(
  label: string,
  { waiting, oldestAt }: Queue,
  [look, bad]: readonly [number, number],
  nowAt: Instant,
  advice: string,
): AdminFact {
  const ageMs = oldestAt === null ? 0 : Math.max(0, nowAt - oldestAt)
  const state = ageMs >= bad ? 'problem' : ageMs >= look ? 'waiting' : 'ready'
  const oldest = ageMs >= 1000 ? `, the oldest for ${took(ageMs)}` : ''
  return fact(label, `${waiting}${oldest}`, { state, note: state === 'ready' ? '' : advice })
}
