import { HOUR, MINUTE, SECOND } from '../core/time'
import { count } from '../core/words'
import { ageOf, iso, line, queue } from './health-line'
import type { HealthLine, HealthSource } from './health-line'
import { inZone } from './show'

/** Past the first something may be wrong, past the second it is. */
const MAILS_LATE_MS = [5 * MINUTE, HOUR] as const
const BODIES_LATE_MS = [HOUR, 6 * HOUR] as const
const OBJECT_ERRORS = [1, 20] as const

/** Mails out and in, and object storage. */
export function wayLines(source: HealthSource): HealthLine[] {
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
