import { cut, readBounce } from '../core/bounce'
import { DAY, HOUR } from '../core/time'
import type { NotificationStore } from '../store/notifications'
import type { ReportStore } from '../store/reports'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Signer } from '../world/signer'

/** What others tell us after we had handed a message over: that it never arrived. */
export interface CallbackActions {
  /** What a service says of the notification with this code: spec/integrations.md §2.8. */
  status(notificationCode: string, form: URLSearchParams): Promise<void>
  /** A mail that came back; `to` is the part before the @ of the address that it came back to: §6.7. */
  bounce(to: string, raw: Buffer): Promise<BounceAnswer>
}

/** In the words of the API, for the relay's log. */
export type BounceAnswer =
  'OK' | 'OK (bad signature)' | 'OK (ignored)' | 'OK (notification not found)' | 'OK (user not found)'

export interface CallbackDeps {
  notifications: Pick<NotificationStore, 'failLate'>
  reports: Pick<ReportStore, 'silence'>
  users: Pick<UserStore, 'find'>
  signer: Pick<Signer, 'readBounceId'>
  clock: Clock
  log: Log
}

/** Later ones are about a message that nobody remembers. */
const LATEST_STATUS_MS = HOUR
const LATEST_BOUNCE_MS = 2 * DAY

export function callbackActions(deps: CallbackDeps): CallbackActions {
  const { notifications, reports, users, signer, clock, log } = deps

  async function silence(userId: number): Promise<BounceAnswer> {
    if ((await users.find(userId)) === null) return 'OK (user not found)'
    await reports.silence(userId)
    log.info('a report bounced; its reader gets no reports and reminders any more')
    return 'OK'
  }

  return {
    async status(code, form) {
      const failure = failureIn(form)
      if (failure === null) return
      const at = clock()
      const sinceAt = at - LATEST_STATUS_MS
      const found = await notifications.failLate(code, { ...failure, isLost: true, at, sinceAt })
      if (found) log.info('a message did not arrive', { channel_disabled: failure.disables })
    },

    async bounce(to, raw) {
      const id = signer.readBounceId(to)
      const nowAt = clock()
      if (id === null || id.at < nowAt - LATEST_BOUNCE_MS) return 'OK (bad signature)'
      const bounce = readBounce(raw)
      if (bounce === null) return 'OK (ignored)'
      const { isPermanent, reason } = bounce
      if (id.about === 'r') return isPermanent ? silence(Number(id.id)) : 'OK'
      const found = await notifications.failLate(id.id, {
        error: reason,
        disables: isPermanent,
        isLost: isPermanent,
        at: nowAt,
        sinceAt: nowAt - LATEST_BOUNCE_MS,
      })
      if (!found) return 'OK (notification not found)'
      log.info('a mail bounced', { channel_disabled: isPermanent })
      return 'OK'
    },
  }
}

/** The last that applies counts. */
function failureIn(form: URLSearchParams): { error: string; disables: boolean } | null {
  const said = form.get('error') ?? ''
  const disables = said !== '' && (form.get('mark_disabled') ?? '') !== ''
  const message = form.get('MessageStatus')
  if (form.get('CallStatus') === 'failed') return { error: statusError('failed'), disables }
  if (message === 'failed' || message === 'undelivered') return { error: statusError(message), disables }
  return said === '' ? null : { error: cut(said), disables }
}

function statusError(status: string): string {
  return `Delivery failed (status=${status}).`
}
