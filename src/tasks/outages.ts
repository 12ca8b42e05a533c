import { LONG_OUTAGE_MS } from '../core/outage'
import type { Instant } from '../core/time'
import { count, mailDate } from '../core/words'
import type { NewMail } from '../store/mails'
import type { Outage, OutageStore } from '../store/outages'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { sendAt } from './account-mails'
import type { MailSite } from './account-mails'

// Outages of our own: who is told of them.

export interface OutageOptions {
  outages: OutageStore
  /** `admins`: who is told; nobody named are the administrators. `mail`: null when there is no mail. */
  settings: MailSite & { admins: readonly string[]; mail: object | null }
  clock: Clock
  log: Log
}

/** What `views/email/outage` lays out. */
export interface OutageMailPage {
  subject: string
  siteName: string
  siteRoot: string
  from: string
  until: string
  /** '12 checks': whose deadline fell into it. */
  missed: string
  /** '3 checks are down'. */
  down: string
  /** '3 checks'. */
  downs: string
}

/** Notes long outages, and tells whoever runs the instance what came of them: [A35]. */
export function ownOutages({ outages, settings, clock, log }: OutageOptions) {
  function mailsOn(outage: Outage, administrators: readonly string[]): NewMail[] {
    if (settings.mail === null) return []
    const nowAt = clock()
    const recipients = settings.admins.length > 0 ? settings.admins : administrators
    return recipients.map((recipient, i) => ({
      recipient,
      template: 'outage',
      model: { ...outagePage(outage, settings) },
      createdAt: nowAt,
      dueAt: sendAt(i, nowAt),
    }))
  }

  return {
    /** Nobody could reach us until now; nothing goes down until `holdUntilAt`. */
    async noticed(awayMs: number, holdUntilAt: Instant): Promise<void> {
      const nowAt = clock()
      if (awayMs >= LONG_OUTAGE_MS)
        await outages.begin({ fromAt: nowAt - awayMs, untilAt: nowAt, holdUntilAt })
    },

    /** The checks were judged for the first time after it. */
    async judged(): Promise<void> {
      const outage = await outages.settle(mailsOn)
      if (outage === null) return
      const { fromAt, untilAt, deadlines, downs } = outage
      log.warn('the first look after an outage of ours is over', {
        from: new Date(fromAt).toISOString(),
        to: new Date(untilAt).toISOString(),
        deadlines,
        down: downs,
      })
    },
  }
}

export function outagePage(
  { fromAt, untilAt, deadlines, downs }: Outage,
  { siteName, siteRoot }: MailSite,
): OutageMailPage {
  return {
    subject: `${siteName} was away, and ${isDown(downs)}`,
    siteName,
    siteRoot,
    from: mailDate(fromAt, 'UTC'),
    until: mailDate(untilAt, 'UTC'),
    missed: count(deadlines, 'check'),
    down: isDown(downs),
    downs: count(downs, 'check'),
  }
}

function isDown(downs: number): string {
  return `${count(downs, 'check')} ${downs === 1 ? 'is' : 'are'} down`
}
