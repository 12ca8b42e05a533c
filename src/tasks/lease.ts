import type { Look } from '../core/outage'
import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'

/** How long a claim holds without being renewed: how late a dead instance's messages are taken over. */
const LEASE_MS = MINUTE

/** Claims older than this are renewed, so that a slow receiver never outlives its lease. */
const RENEW_AFTER_MS = 20 * SECOND

/** A try begins only if it can end within the lease: after this long each has been given up. */
const TRY_MS = 30 * SECOND

/** After so long without a look, others may have been stopped just like us, in the middle of a telling. */
const STOPPED_MS = LEASE_MS / 2

/** How long their leases wait for them then: they may yet say how it went. */
const WAKING_MS = 10 * SECOND

/** Until when a claim is ours: by the clock on the wall or by one that nobody sets, whichever is there first. */
export interface Lease {
  untilAt: Instant
  untilMs: number
}

/** Of what was given up, or taken over by somebody else. */
export const NO_LEASE: Lease = { untilAt: -Infinity, untilMs: -Infinity }

/** `look`: before the database was asked for it. */
export function leaseFrom({ at, elapsedMs }: Look): Lease {
  return { untilAt: at + LEASE_MS, untilMs: elapsedMs + LEASE_MS }
}

/** Whether there is time enough left for a try. */
export function coversTry(lease: Lease, look: Look): boolean {
  return leftMs(lease, look) > TRY_MS
}

export function wantsRenewal(lease: Lease, look: Look): boolean {
  return lease !== NO_LEASE && leftMs(lease, look) <= LEASE_MS - RENEW_AFTER_MS
}

function leftMs({ untilAt, untilMs }: Lease, { at, elapsedMs }: Look): number {
  return Math.min(untilAt - at, untilMs - elapsedMs)
}

/**
 * Says at each look which leases of others may be taken over: those that ran out until then. Whoever was
 * stopped together with us, or could not reach the database either, had no chance to renew theirs: what ran
 * out meanwhile is left to them for a while.
 */
export function takingOver(): { lapsedAt(look: Look): Instant; endedWell(look: Look): void } {
  let last: Look | null = null
  let waking: { untilMs: number; stoppedAt: Instant } | null = null
  return {
    lapsedAt({ at, elapsedMs }) {
      if (last !== null && Math.max(at - last.at, elapsedMs - last.elapsedMs) >= STOPPED_MS)
        waking = { untilMs: elapsedMs + WAKING_MS, stoppedAt: last.at }
      return waking === null || elapsedMs >= waking.untilMs ? at : Math.min(at, waking.stoppedAt)
    },
    endedWell(look) {
      last = look
    },
  }
}
