import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { ClosingStore } from '../store/closings'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Actor, AuditTrail } from './audit'
import type { CloseAccountActions } from './close-account'
import { letter } from './letters'

/** Closing the accounts of others: spec/web-ui.md X03. */
export interface PlannedClosingActions {
  /** The account is closed after so many days, and its owner is told: at once by mail, and on every page. */
  plan(by: Actor, user: User, days: number): Promise<Result<Instant>>
  cancel(by: Actor, user: User): Promise<Result<null>>
  /** At once, with the same questions as for the owner. */
  closeNow(by: Actor, user: User, input: Parameters<CloseAccountActions['close']>[1]): Promise<Result<null>>
  /** Closes an account whose day has come; false: there is none. */
  closeDue(): Promise<boolean>
}

export interface PlannedClosingDeps {
  closings: Pick<ClosingStore, 'plan' | 'due'>
  users: Pick<UserStore, 'find'>
  closeAccount: Pick<CloseAccountActions, 'close' | 'end'>
  trail: AuditTrail
  clock: Clock
  log: Log
  settings: { siteName: string; mail: object | null }
}

const MOST_DAYS = 365

/** In the audit log, where nobody did it by hand. */
const BY_ITSELF: Actor = { user: { id: 0, email: 'as planned' }, address: null }

export function plannedClosingActions(deps: PlannedClosingDeps): PlannedClosingActions {
  const { closings, users, closeAccount, trail, clock, log, settings } = deps

  return {
    async plan(by, user, days) {
      if (user.id === by.user.id) return ownAccount()
      if (!(days >= 1 && days <= MOST_DAYS)) {
        const message = `Between 1 and ${MOST_DAYS} days.`
        return fail('invalid', message, { fields: { days: message } })
      }
      const nowAt = clock()
      const closeAt = nowAt + days * DAY
      const mail = settings.mail === null ? null : notice(user, closeAt, settings.siteName, nowAt)
      if (!(await closings.plan(user.id, closeAt, mail))) return closing()
      await trail(by, 'closing-planned', user.email, `on ${dayOf(closeAt)}`)
      return ok(closeAt)
    },

    async cancel(by, user) {
      if (!(await closings.plan(user.id, null, null))) return closing()
      await trail(by, 'closing-cancelled', user.email)
      return ok(null)
    },

    async closeNow(by, user, input) {
      if (user.id === by.user.id) return ownAccount()
      const closed = await closeAccount.close({ user }, input)
      if (closed.ok) await trail(by, 'account-closed', user.email)
      return closed
    },

    async closeDue() {
      const id = await closings.due(clock())
      const user = id === null ? null : await users.find(id)
      if (user === null) return false
      const ended = await closeAccount.end(user)
      if (ended.ok) await trail(BY_ITSELF, 'account-closed', user.email)
      else {
        // Somebody has to look after the instance; to try again would end the same way.
        await closings.plan(user.id, null, null)
        log.warn('an account was not closed on its day', { reason: ended.problem.message })
      }
      return true
    },
  }
}

function notice(user: User, closeAt: Instant, siteName: string, nowAt: Instant) {
  return letter(
    {
      to: user.email,
      accountId: user.id,
      subject: `Your account will be closed on ${dayOf(closeAt)}`,
      heading: `Your account will be closed on ${dayOf(closeAt)}`,
      text: [
        `An administrator of ${siteName} has planned this. Your projects go with the account, with their checks and all that was recorded of them.`,
        'Until then everything works as before. Give projects that are to stay to somebody else.',
      ],
      link: null,
      code: '',
      foot: ['If this is a mistake, ask an administrator to cancel it.'],
    },
    { siteName, nowAt },
  )
}

/** In UTC, which can be a day off where the person lives: it is when it begins to be possible. */
function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10)
}

function ownAccount(): Result<never> {
  return fail('conflict', 'Close your own account on its own page.')
}

function closing(): Result<never> {
  return fail('conflict', 'This account is being closed.')
}
