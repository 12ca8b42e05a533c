import type { IncomingMessage } from 'node:http'
import { SECOND } from '../core/time'
import { stopwatch } from '../world/clock'

/** What is kept when the operator sets no limit: spec/decisions.md D2. */
const TECHNICAL_LIMIT_BYTES = 2_621_440

/** How much beyond the limit is read and dropped before we answer and hang up: [P26]. */
const MAX_DROPPED_BYTES = 16 * 1024 * 1024

/** A request that is slower than this after this long is abandoned: [P26]. */
const PATIENCE_MS = 30 * SECOND
const SLOWEST_BYTES_PER_SECOND = 1000

/** How often a slow request is looked at again. */
const RECHECK_MS = 5 * SECOND

export type Body =
  | { kind: 'whole'; bytes: Buffer | null }
  /** There is still more than we care to read. */
  | { kind: 'endless'; bytes: Buffer | null }
  | { kind: 'too slow' }
  /** The client went away before it was complete: nothing is recorded. */
  | { kind: 'gone' }

/** Whether a request has no body at all, so that there is nothing to wait for. */
export function hasNoBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] === undefined && (length === undefined || length === '0')
}

/** How many bytes of a body are kept; null: the operator sets no limit. */
export function keptBytes(limitBytes: number | null): number {
  return limitBytes ?? TECHNICAL_LIMIT_BYTES
}

/**
 * Reads a body, keeping the first `limitBytes` (null: the technical limit) and dropping the rest,
 * as raw bytes: spec/ping-api.md §7. `done` is called once.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number | null,
  done: (body: Body) => void,
): void {
  const limit = keptBytes(limitBytes)
  const chunks: Buffer[] = []
  const startedAt = stopwatch()
  let kept = 0
  let received = 0
  let timer: NodeJS.Timeout | null = setTimeout(judgePace, PATIENCE_MS)

  function finish(body: Body): void {
    if (timer === null) return
    clearTimeout(timer)
    timer = null
    request.off('data', take).off('end', whole).off('close', gone).off('error', gone)
    done(body)
  }

  function bytes(): Buffer | null {
    return kept === 0 ? null : Buffer.concat(chunks, kept)
  }

  function take(chunk: Buffer): void {
    received += chunk.length
    if (kept < limit) {
      // A copy, because a small slice would hold on to the whole block that the socket read.
      const part = Buffer.from(chunk.subarray(0, limit - kept))
      chunks.push(part)
      kept += part.length
    }
    if (received - kept > MAX_DROPPED_BYTES) finish({ kind: 'endless', bytes: bytes() })
  }

  function whole(): void {
    finish({ kind: 'whole', bytes: bytes() })
  }

  function gone(): void {
    finish({ kind: 'gone' })
  }

  function judgePace(): void {
    const elapsedSeconds = (stopwatch() - startedAt) / SECOND
    if (received / elapsedSeconds < SLOWEST_BYTES_PER_SECOND) finish({ kind: 'too slow' })
    else timer = setTimeout(judgePace, RECHECK_MS)
  }

  request.on('data', take).on('end', whole).on('close', gone).on('error', gone)
}
