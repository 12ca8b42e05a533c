import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { nextReportAt, REPORT_KINDS, REPORT_SPREAD_MINUTES } from '../core/reports'
import { DAY, HOUR } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { MailWishes, ReportStore } from '../store/reports'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import type { Signer } from '../world/signer'

/** What people want to be written to about, besides alerts: spec/web-ui.md A24, A26. */
export interface MailWishActions {
  of(user: User): Promise<MailWishes>
  /** The fields `reports` and `reminders`. The next report is dated anew, however little has changed. */
  save(user: User, form: Readonly<Record<string, string | undefined>>): Promise<Result<MailWishes>>
  /** When an unsubscribe link was made; forbidden when it is not ours. */
  readUnsubscribe(signed: string): Result<{ userId: number; madeAt: Instant }>
  /** No reports and no reminders any more. Also well when the account is gone. */
  unsubscribe(signed: string): Promise<Result<null>>
}

export interface MailWishDeps {
  reports: Pick<ReportStore, 'wishes' | 'setWishes' | 'silence'>
  signer: Pick<Signer, 'stampedAt'>
  random: Pick<Random, 'bytes'>
  clock: Clock
}

/** How often there can be reminders, by what the form says. */
export const REMINDERS: Readonly<Record<string, number | null>> = { none: null, daily: DAY, hourly: HOUR }

/** M-FORM-4 */
const NO_SUCH_OPTION = 'Choose one of the options.'

export function mailWishActions({ reports, signer, random, clock }: MailWishDeps): MailWishActions {
  const actions: MailWishActions = {
    async of({ id }) {
      return (await reports.wishes(id)) ?? { reportKind: 'off', nextReportAt: null, nagPeriodMs: null }
    },

    async save({ id, tz }, form) {
      const reportKind = REPORT_KINDS.find((kind) => kind === form['reports'])
      const nagPeriodMs = Object.entries(REMINDERS).find(([name]) => name === form['reminders'])?.[1]
      if (reportKind === undefined || nagPeriodMs === undefined) {
        const fields = {
          ...(reportKind === undefined ? { reports: NO_SUCH_OPTION } : {}),
          ...(nagPeriodMs === undefined ? { reminders: NO_SUCH_OPTION } : {}),
        }
        return fail('invalid', 'Please correct what is marked below.', { fields })
      }
      const nowAt = clock()
      const spread = random.bytes(2).readUInt16BE() % REPORT_SPREAD_MINUTES
      const wishes = { reportKind, nextReportAt: nextReportAt(reportKind, nowAt, tz, spread), nagPeriodMs }
      await reports.setWishes(id, wishes, nowAt)
      return ok(wishes)
    },

    readUnsubscribe(signed) {
      const [, id, stamp] = /^(\d{1,15})\.(.+)$/.exec(signed) ?? []
      const madeAt = id && stamp ? signer.stampedAt('reports', id, stamp) : null
      if (madeAt === null)
        return fail('forbidden', 'This link is not right. Copy the whole address from the mail.')
      return ok({ userId: Number(id), madeAt })
    },

    async unsubscribe(signed) {
      const link = actions.readUnsubscribe(signed)
      if (!link.ok) return link
      await reports.silence(link.value.userId)
      return ok(null)
    },
  }
  return actions
}
