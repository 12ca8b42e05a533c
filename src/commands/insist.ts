import type { PingReply } from '../world/ping-client'

/** Pauses between the first tries; the last of them is repeated. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000]

export interface Insistence {
  /** No try begins after this time. */
  patienceMs: number
  /** Milliseconds that only ever grow. */
  stopwatch: () => number
  /** Waits; true when it was cut short and there is to be no further try. */
  pause: (ms: number) => Promise<boolean>
}

/** Tries until it goes well, or cannot, or patience ends. The last reply. */
export async function insist(
  attempt: () => Promise<PingReply>,
  { patienceMs, stopwatch, pause }: Insistence,
): Promise<PingReply> {
  const endsAt = stopwatch() + patienceMs
  for (let tried = 1; ; tried++) {
    const reply = await attempt()
    if (reply.ok || !reply.again) return reply
    const usualMs = PAUSES_MS[tried - 1] ?? PAUSES_MS.at(-1)!
    // A server that says when to come back is not asked earlier.
    const waitMs = Math.max(usualMs, reply.retryAfterMs ?? 0)
    if (stopwatch() + waitMs > endsAt) return reply
    if (await pause(waitMs)) return reply
  }
}
