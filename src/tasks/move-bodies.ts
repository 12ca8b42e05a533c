import { objectKey } from '../core/object-key'
import { isLarge } from '../core/stored-body'
import { MINUTE, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { askedToSlowDown, broken, fullPace, wentWell } from '../core/upload-pace'
import type { BodyStore, WaitingBody } from '../store/bodies'
import type { PingStore } from '../store/pings'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Answer, Objects, ObjectsFailure } from '../world/objects'
import type { Random } from '../world/random'
import type { Spool } from './spool'
import type { Task } from './task'

/** How many uploads follow each other at each of the places of one turn. */
const ROUNDS = 4

/** How often a storage that says "internal error" is asked again at once: spec/operations.md [O42]. */
const MOST_TRIES = 11

/** How long a body that failed lets others go first after a pause: one that always fails must not block them. */
const AFTER_OTHERS_MS = 2 * SECOND

/** How long a ping waits for its body to be stored, where it does: clients wait some 10 seconds for us. */
const AT_ONCE_MS = 5 * SECOND

/** When the queue takes over what should have been moved at once: later than any such attempt ends. */
const AT_ONCE_LEASE_MS = 4 * AT_ONCE_MS

export interface MoveOptions {
  bodies: Pick<BodyStore, 'claim' | 'moved' | 'movedAtOnce' | 'putBack'>
  pings: Pick<PingStore, 'body'>
  objects: Pick<Objects, 'put' | 'remove'>
  settings: { concurrency: number; timeoutMs: number; upload: 'async' | 'sync' }
  spool: Spool
  random: Pick<Random, 'bytes'>
  clock: Clock
  log: Log
}

export interface MoveTask extends Task {
  /** From when on a body that comes now is to be moved; null: it stays in the database. */
  dueAt(): Instant | null
  /** Why nothing is moved just now, and until when; null: the storage takes what it is given. */
  trouble(): { kind: ObjectsFailure['kind']; resumeAt: Instant } | null
  /** Before a ping is answered: never rejects, and leaves to the queue what does not go well. */
  moveNow(check: { id: number; code: string }, n: number, bytes: Buffer): Promise<void>
}

/**
 * Moves large ping bodies from the database to the bucket, newest first, as fast as the storage likes.
 * Uploading the same body twice is harmless, so a crash anywhere only means that it is done again.
 */
export function moveBodies(options: MoveOptions): MoveTask {
  const { bodies, pings, objects, settings, spool, random, clock, log } = options
  /** A place uploads `ROUNDS` bodies, each within the limit of an operation, and its last try twice that. */
  const leaseMs = (ROUNDS + 1) * 2 * settings.timeoutMs + MINUTE
  let pace = fullPace(settings.concurrency)
  let resumeAt: Instant = 0
  let trouble: ObjectsFailure['kind'] | null = null
  let atOnce = 0

  async function upload(key: string, bytes: Buffer, limitMs: number): Promise<Answer<null>> {
    const began = stopwatch()
    for (let tries = 1; ; tries++) {
      const answer = await objects.put(key, bytes, limitMs)
      const again = !answer.ok && answer.failure.kind === 'internal' && tries < MOST_TRIES
      if (!again || stopwatch() - began >= limitMs) return answer
    }
  }

  /** Uploads what it can; after a failure nothing more is begun. */
  async function uploadAll(claimed: readonly WaitingBody[]) {
    const waiting = [...claimed]
    const moved: WaitingBody[] = []
    const failed: WaitingBody[] = []
    let failure: ObjectsFailure | null = null

    async function work(): Promise<void> {
      for (let body = waiting.shift(); body; body = failure === null ? waiting.shift() : undefined) {
        const bytes = await pings.body(body.checkId, body.n)
        // Null: the ping is gone, or somebody else was quicker.
        const answer = bytes && (await upload(objectKey(body.checkCode, body.n), bytes, settings.timeoutMs))
        if (answer === null || answer.ok) moved.push(body)
        else {
          failed.push(body)
          failure = answer.failure
        }
      }
    }

    const places = Math.min(pace.concurrency, claimed.length)
    const ends = await Promise.allSettled(Array.from({ length: places }, work))
    const thrown = ends.find((end) => end.status === 'rejected')
    return { moved, failed, left: waiting, failure: failure as ObjectsFailure | null, thrown }
  }

  async function settle(moved: WaitingBody[]): Promise<void> {
    if (moved.length === 0) return
    // Pruned, or deleted with its check, while it was on its way: nothing else would find the objects soon.
    const gone = await bodies.moved(moved)
    if (gone.length > 0) await objects.remove(gone.map(({ checkCode, n }) => objectKey(checkCode, n)))
  }

  function slowDown(failure: ObjectsFailure): void {
    if (failure.kind === 'closed') return
    pace = failure.kind === 'busy' ? askedToSlowDown(pace) : broken(pace)
    const jitter = 0.75 + (random.bytes(1)[0] ?? 0) / 512
    resumeAt = clock() + Math.round(pace.pauseMs * jitter)
    // Said when it begins, not at every try for hours.
    if (trouble === failure.kind) return
    trouble = failure.kind
    log.warn('object storage takes no bodies; they wait in the database', { reason: failure.reason })
  }

  function goOn(count: number): void {
    pace = wentWell(pace, count, settings.concurrency)
    if (trouble === null) return
    trouble = null
    log.info('object storage takes bodies again')
  }

  return {
    name: 'move bodies',
    everyMs: SECOND,

    dueAt() {
      if (spool.isFull()) return null
      return settings.upload === 'sync' ? clock() + AT_ONCE_LEASE_MS : 0
    },

    trouble: () => trouble && { kind: trouble, resumeAt },

    async moveNow(check, n, bytes) {
      // While the storage is in trouble or has its hands full, the queue takes it.
      if (!isLarge(bytes.length) || clock() < resumeAt || atOnce >= settings.concurrency) return
      atOnce++
      try {
        const answer = await upload(objectKey(check.code, n), bytes, Math.min(AT_ONCE_MS, settings.timeoutMs))
        if (!answer.ok) return slowDown(answer.failure)
        await bodies.movedAtOnce(check.id, n)
        goOn(1)
      } catch (cause) {
        log.error('a body could not be marked as moved', { check: check.code.slice(0, 8), cause })
      } finally {
        atOnce--
      }
    },

    async run() {
      const nowAt = clock()
      const counting = await spool.count()
      if (nowAt < resumeAt) return counting
      // After a pause, one goes ahead to see.
      const most = pace.pauseMs > 0 ? 1 : pace.concurrency * ROUNDS
      const claimed = await bodies.claim(nowAt, nowAt + leaseMs, most)
      if (claimed.length === 0) return counting

      const { moved, failed, left, failure, thrown } = await uploadAll(claimed)
      await settle(moved)
      if (failure === null) goOn(moved.length)
      else slowDown(failure)
      await bodies.putBack(idsOf(left), 0)
      await bodies.putBack(idsOf(failed), failure?.kind === 'closed' ? 0 : resumeAt + AFTER_OTHERS_MS)
      if (thrown) throw thrown.reason
      return counting || (failure === null && claimed.length === most)
    },
  }
}

function idsOf(bodies: readonly WaitingBody[]): number[] {
  return bodies.map(({ id }) => id)
}
