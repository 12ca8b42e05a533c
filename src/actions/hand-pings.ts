import type { Check } from '../core/check'
import { isNews } from '../core/check'
import { applyPing } from '../core/ping'
import type { ArrivingPing } from '../core/ping'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { BY_HAND } from '../core/signal'
import type { Signal } from '../core/signal'
import { MINUTE, SECOND } from '../core/time'
import type { Arrival, Recorded } from '../store/checks'
import type { BudgetStore } from '../store/budgets'
import type { Clock } from '../world/clock'
import { spend } from './limits'

const LIMIT = { what: 'ping now', limit: 20, periodMs: MINUTE }

const MOST_CHARACTERS = 10_000

/** How soon to try again when there is no room for a ping. */
const OVERLOADED_MS = 5 * SECOND

/** A person says what else a job says: web-ui.md C11. */
export interface HandPing {
  signal: Signal
  message: string
  /** Who says it. */
  email: string
  remoteAddress: string | null
  scheme: 'http' | 'https'
}

export interface HandPingActions {
  /** Records a ping that comes the way of all pings: filters, resuming and alerts apply. */
  send(check: Check, ping: HandPing): Promise<Result<Check>>
  /** What it would do to the check as it is: whether people would be told of it. */
  foresee(
    check: Check,
    signal: Signal,
  ): { kind: ArrivingPing['signal'] | 'ign'; isNews: 'up' | 'down' | null }
}

export interface HandPingDeps {
  /** The door that pings come through. */
  submit: (arrival: Arrival) => Promise<Recorded | 'overloaded'>
  /** Read at use, since it may change. */
  bodyLimitBytes: number
  budgets: Pick<BudgetStore, 'take'>
  clock: Clock
}

export function handPingActions(deps: HandPingDeps): HandPingActions {
  const { submit, budgets, clock } = deps
  return {
    async send(check, ping) {
      if (Array.from(ping.message).length > MOST_CHARACTERS) {
        const text = `At most ${MOST_CHARACTERS} characters.`
        return fail('invalid', text, { fields: { message: text } })
      }
      const spent = await spend(budgets, [{ ...LIMIT, who: check.code }], clock())
      if (!spent.ok) return spent
      const recorded = await submit({ code: check.code, ping: arriving(ping) })
      if (recorded === 'overloaded') {
        return fail('unavailable', 'There is no room for a ping just now. Try again in a few seconds.', {
          retryAfterMs: OVERLOADED_MS,
        })
      }
      if (recorded === null || typeof recorded === 'string') {
        return fail('not_found', 'There is no such check any more.')
      }
      return ok(check)
    },

    foresee(check, signal) {
      const nobody = { message: '', email: '', remoteAddress: null, scheme: 'https' as const }
      const { ping, flip } = applyPing(check, arriving({ ...nobody, signal }))
      const isTold = flip !== null && isNews(flip) && (flip.to === 'up' || flip.to === 'down')
      return { kind: ping.kind, isNews: isTold ? (flip.to as 'up' | 'down') : null }
    },
  }

  function arriving({ signal, message, email, remoteAddress, scheme }: HandPing): ArrivingPing {
    const body = Buffer.from(message, 'utf8')
    const kept = body.subarray(0, deps.bodyLimitBytes)
    return {
      at: clock(),
      signal,
      exitStatus: null,
      runId: null,
      scheme,
      method: BY_HAND,
      userAgent: `Web UI by ${email}`.slice(0, 200),
      remoteAddress,
      body: kept.length === 0 ? null : kept,
    }
  }
}
