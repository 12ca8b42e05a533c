import { isIPv6 } from 'node:net'
import { fail } from '../core/problem'
import type { Problem } from '../core/problem'
import { HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import type { Allowance, BudgetStore } from '../store/budgets'
import { count } from '../core/words'
import { digest } from '../world/secrets'

/** One limit on one thing done by somebody: who is part of the key, hashed. */
export interface Limit extends Allowance {
  /** What is limited, such as 'setup'. */
  what: string
  /** By whom: addresses, accounts … */
  who: string
}

/** The limits of spec/web-ui.md §16.8, all of them or none: the first that is used up is told. */
export async function spend(
  budgets: Pick<BudgetStore, 'take'>,
  limits: readonly Limit[],
  nowAt: Instant,
): Promise<{ ok: true } | { ok: false; problem: Problem }> {
  for (const limit of limits) {
    const spent = await budgets.take(budgetKey(limit), limit, nowAt)
    if (!spent.ok) return tooMany(spent.retryAfterMs)
  }
  return { ok: true }
}

/** Files that somebody takes along, whatever is in them. */
export function exportLimit(userId: number): Limit {
  return { what: 'export', who: `user ${userId}`, limit: 10, periodMs: HOUR }
}

/** Links that are mailed to an address because somebody at another asks for it. */
export function mailedLinkLimits(email: string, address: string | null): Limit[] {
  return [
    { what: 'links-network', who: networkOf(address), limit: 20, periodMs: HOUR },
    { what: 'links', who: mailboxOf(email), limit: 10, periodMs: HOUR },
  ]
}

/** Dots and what follows a plus make no other mailbox, at many providers. */
function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@')
  const [name = ''] = email.slice(0, at).split('+')
  return `${name.replaceAll('.', '')}${email.slice(at)}`
}

export function budgetKey({ what, who }: Pick<Limit, 'what' | 'who'>): string {
  return `${what}:${digest(who).slice(0, 32)}`
}

/** M-AUTH-3 */
export function tooMany(retryAfterMs: number): { ok: false; problem: Problem } {
  return fail('too_many', `Too many tries. Try again in ${minutesUntil(retryAfterMs)}.`, { retryAfterMs })
}

/** '1 minute', '12 minutes': rounded up. */
export function minutesUntil(retryAfterMs: number): string {
  return count(Math.max(1, Math.ceil(retryAfterMs / MINUTE)), 'minute')
}

/** Who shares limits with this address: for IPv6 its /64, because one host has all of that. */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown'
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [before = '', after] = address.toLowerCase().split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail]
  return `${groups.slice(0, 4).join(':')}::/64`
}
