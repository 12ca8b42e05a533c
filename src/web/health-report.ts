import type { Job } from '../actions/jobs'
import type { App } from '../app'
import { HOUR, MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { count } from '../core/words'
import type { OutboxState } from '../store/undelivered'
import type { Figures, Queue } from '../store/figures'
import type { Paused } from '../store/sending'
import { MOST_COUNTED } from '../store/upkeep'
import type { Rows, Sizes } from '../store/upkeep'
import type { DiskSpace } from '../world/disk'
import { inZone, lasting, size, took } from './show'

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

/** Past the first something may be wrong, past the second it is. */
const LAG_MS = [10 * SECOND, MINUTE] as const
const ALERTS_LATE_MS = [MINUTE, 5 * MINUTE] as const
const MAILS_LATE_MS = [5 * MINUTE, HOUR] as const
const BODIES_LATE_MS = [HOUR, 6 * HOUR] as const
const UNTOLD_SHARE = [0.1, 0.5] as const
const FEW_ATTEMPTS = 5
const DISK_BYTES = [500_000_000, 100_000_000] as const
const DISK_SHARE = 0.1
const LOG_BYTES = [64_000_000, 512_000_000] as const
const OBJECT_ERRORS = [1, 20] as const
const MEMORY_BYTES = [64_000_000, 16_000_000] as const

export function healthLines(source: HealthSource): HealthLine[] {
  return [...alertLines(source), ...dataLines(source), ...wayLines(source), ...processLines(source)]
}

/** The worst of all. */
export function worstOf(lines: readonly HealthLine[]): 'ready' | 'waiting' | 'problem' {
  if (lines.some(({ state }) => state === 'problem')) return 'problem'
  return lines.some(({ state }) => state === 'waiting') ? 'waiting' : 'ready'
}

function alertLines(source: HealthSource): HealthLine[] {
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

function dataLines(source: HealthSource): HealthLine[] {
  const { app, sizes, rows, integrity, trouble, disk, figures, pings, tz } = source
  const isFile = app.config.database.kind === 'sqlite'
  const { checks } = figures
  const all = checks.new + checks.up + checks.down + checks.paused
  const atMost = (n: number): string => (n >= MOST_COUNTED ? `over ${grouped(MOST_COUNTED - 1)}` : grouped(n))
  return [
    line('data', 'database', isFile ? 'Database (SQLite)' : 'Database (PostgreSQL)', {
      state: trouble === null ? 'ready' : 'problem',
      value: trouble === null ? `takes what comes, ${size(sizes.bytes)}` : trouble,
      note:
        trouble === 'disk full'
          ? 'Nothing can be saved until there is room again.'
          : trouble === null
            ? ''
            : 'It is tried again every few seconds.',
      limits: { look: '', bad: 'the last write failed' },
      figures: { bytes: sizes.bytes, trouble },
    }),
    ...(disk === null ? [] : [diskLine(disk)]),
    ...(sizes.freeBytes === null
      ? []
      : [
          line('data', 'free_inside', 'Free pages in the file', {
            value: size(sizes.freeBytes),
            note: 'They are used first.',
            figures: { bytes: sizes.freeBytes },
          }),
        ]),
    ...(sizes.logBytes === null ? [] : [logLine(sizes.logBytes)]),
    ...(isFile ? [integrityLine(integrity, tz)] : []),
    line('data', 'checks', 'Checks', {
      value: `${all}: ${checks.up} up, ${checks.down} down, ${checks.new} new, ${checks.paused} paused`,
      figures: { count: all, ...checks },
    }),
    line('data', 'pings', 'Pings', {
      value: `${grouped(pings.lastMinute)} in the last minute, ${grouped(pings.lastDay)} in 24 hours`,
      note: `About ${grouped(rows.pings)} are kept, of ${grouped(figures.pings)} that came.`,
      figures: {
        last_minute: pings.lastMinute,
        last_day: pings.lastDay,
        kept: rows.pings,
        received: figures.pings,
      },
    }),
    line('data', 'history', 'Status changes and alerts kept', {
      value: `${atMost(rows.flips)} and ${atMost(rows.notifications)}`,
      figures: { flips: rows.flips, notifications: rows.notifications },
    }),
  ]
}

function diskLine({ freeBytes, totalBytes }: DiskSpace): HealthLine {
  const isScarce = freeBytes < DISK_BYTES[0] && freeBytes < DISK_SHARE * totalBytes
  const state = freeBytes < DISK_BYTES[1] ? 'problem' : isScarce ? 'waiting' : 'ready'
  return line('data', 'disk', 'Free on the disk of the data', {
    state,
    value: `${size(freeBytes)} of ${size(totalBytes)}`,
    note: state === 'ready' ? '' : 'Make room: when it is full, pings cannot be kept.',
    limits: {
      look: `less than ${size(DISK_BYTES[0])} and ${DISK_SHARE * 100} %`,
      bad: `less than ${size(DISK_BYTES[1])}`,
    },
    figures: { free_bytes: freeBytes, total_bytes: totalBytes },
  })
}

function logLine(bytes: number): HealthLine {
  const state = bytes >= LOG_BYTES[1] ? 'problem' : bytes >= LOG_BYTES[0] ? 'waiting' : 'ready'
  return line('data', 'log', 'Write-ahead log', {
    state,
    value: size(bytes),
    note:
      state === 'ready' ? '' : 'Another program holds the file open for reading. Move the log on Storage.',
    limits: { look: size(LOG_BYTES[0]), bad: size(LOG_BYTES[1]) },
    figures: { bytes },
  })
}

function integrityLine(job: Job | null, tz: string): HealthLine {
  const endedAt = job?.endedAt ?? null
  return line('data', 'integrity', 'Integrity', {
    state: job?.ok === false ? 'problem' : job?.ok === true ? 'ready' : null,
    value:
      job === null || endedAt === null ? 'never checked' : `${job.text} Checked at ${inZone(endedAt, tz)}.`,
    note: job?.ok === false ? 'Stop the server, keep a copy of the file, and go back to a backup.' : '',
    limits: { look: '', bad: 'the last check found something' },
    figures: { checked_at: iso(endedAt), ok: job?.ok === null || job === null ? null : String(job.ok) },
  })
}

function wayLines(source: HealthSource): HealthLine[] {
  const { app, figures, nowAt } = source
  const port = app.health.mailPort()
  const { smtpd } = app.config
  return [
    mailLine(source),
    ...(app.config.mail === null
      ? []
      : [
          queue(
            'mails',
            'Mails other than alerts',
            figures.mails,
            MAILS_LATE_MS,
            nowAt,
            'Send a test mail on Configuration.',
          ),
        ]),
    line('ways', 'mail_in', 'Pings by mail', {
      state: smtpd === null ? null : port === null ? 'waiting' : 'ready',
      value: smtpd === null ? 'off' : port === null ? 'not taken here' : `taken at port ${port}`,
      note: smtpd !== null && port === null ? 'Another instance may: this one has not the role smtpd.' : '',
      limits: { look: 'switched on and nobody listens here', bad: '' },
      figures: { port },
    }),
    ...objectLines(source),
  ]
}

function mailLine({ app: { config }, mail: { sentAt, failed }, tz }: HealthSource): HealthLine {
  const isFailing = failed !== null && failed.at > (sentAt ?? 0)
  const sent = sentAt === null ? 'none sent so far' : `last sent at ${inZone(sentAt, tz)}`
  const error = failed === null ? '' : `${failed.reason} (at ${inZone(failed.at, tz)})`
  return line('ways', 'mail_out', 'Outgoing mail', {
    state: config.mail === null ? 'waiting' : isFailing ? 'problem' : 'ready',
    value: config.mail === null ? 'off' : isFailing ? `the last one failed; ${sent}` : sent,
    note:
      config.mail === null
        ? 'Set EMAIL_HOST.'
        : isFailing
          ? `${error}. Send a test mail on Configuration.`
          : error === ''
            ? ''
            : `The last failure: ${error}.`,
    limits: { look: 'no mail server is set', bad: 'the latest mail failed' },
    figures: {
      last_sent: iso(sentAt),
      last_failed: iso(failed?.at ?? null),
      last_error: failed?.reason ?? null,
    },
  })
}

function objectLines({ app, figures, purges, objectErrors, nowAt, tz }: HealthSource): HealthLine[] {
  if (app.config.objects === null) {
    return [
      line('ways', 'objects', 'Object storage', {
        value: 'off',
        note: 'Ping bodies stay in the database.',
        figures: {},
      }),
    ]
  }
  const trouble = app.health.objectsTrouble()
  const errors =
    objectErrors >= OBJECT_ERRORS[1] ? 'problem' : objectErrors >= OBJECT_ERRORS[0] ? 'waiting' : 'ready'
  return [
    line('ways', 'objects', 'Object storage', {
      state: trouble === null ? errors : 'problem',
      value:
        trouble === null
          ? `${count(objectErrors, 'failed request')} in the last hour`
          : `${trouble.kind}, tried again at ${inZone(trouble.resumeAt, tz)}`,
      note:
        trouble !== null
          ? 'Bodies wait in the database. Test the settings on Storage.'
          : errors === 'ready'
            ? ''
            : 'Test the settings on Storage.',
      limits: {
        look: `${count(OBJECT_ERRORS[0], 'failed request')} in an hour`,
        bad: `${OBJECT_ERRORS[1]}, or uploads are held back`,
      },
      figures: {
        failed_last_hour: objectErrors,
        circuit: trouble === null ? 'closed' : 'open',
        trouble: trouble?.kind ?? null,
      },
    }),
    {
      ...queue('bodies', 'Bodies on their way to it', figures.bodies, BODIES_LATE_MS, nowAt, 'See Storage.'),
      figures: {
        count: figures.bodies.waiting,
        bytes: figures.bodies.bytes,
        oldest_seconds: ageOf(figures.bodies, nowAt) / SECOND,
      },
    },
    line('ways', 'purges', 'Removed checks whose bodies are still to go', {
      state: purges.failing > 0 ? 'waiting' : 'ready',
      value: String(purges.count),
      note: purges.failing > 0 ? `${count(purges.failing, 'removal')} failed and will be tried again.` : '',
      limits: { look: 'one failed', bad: '' },
      figures: { count: purges.count, failing: purges.failing },
    }),
  ]
}

function processLines({
  app,
  process: { memoryBytes, availableBytes, upMs, node },
  tz,
  nowAt,
}: HealthSource): HealthLine[] {
  const memory =
    availableBytes < MEMORY_BYTES[1] ? 'problem' : availableBytes < MEMORY_BYTES[0] ? 'waiting' : 'ready'
  return [
    line('process', 'memory', 'Memory', {
      state: memory,
      value: `${size(memoryBytes)} used, ${size(availableBytes)} left`,
      note: memory === 'ready' ? '' : 'Give the machine or the container more.',
      limits: { look: `less than ${size(MEMORY_BYTES[0])} left`, bad: `less than ${size(MEMORY_BYTES[1])}` },
      figures: { used_bytes: memoryBytes, left_bytes: availableBytes },
    }),
    line('process', 'uptime', 'Running for', {
      value: lasting(upMs),
      note: `Since ${inZone(nowAt - upMs, tz)}.`,
      figures: { seconds: Math.round(upMs / SECOND) },
    }),
    line('process', 'version', 'Version', {
      value: app.version,
      note: `On Node.js ${node}. Roles: ${app.config.roles.join(', ')}.`,
      figures: { version: app.version, node, roles: app.config.roles.join(',') },
    }),
  ]
}

function line(
  group: HealthLine['group'],
  id: string,
  label: string,
  about: Pick<HealthLine, 'value' | 'figures'> & Partial<HealthLine>,
): HealthLine {
  return { id, group, label, state: null, note: '', limits: null, ...about }
}

function queue(
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

const ageOf = ({ oldestAt }: Queue, nowAt: Instant): number =>
  oldestAt === null ? 0 : Math.max(0, nowAt - oldestAt)

const iso = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString())

const grouped = (n: number): string => n.toLocaleString('en')
