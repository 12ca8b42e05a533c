import type { Notice } from '../core/notice'
import type { StoredBody } from '../core/stored-body'
import { SECOND } from '../core/time'

/** How long a message waits for a body that the storage does not have yet: spec/alerting.md [A23]. */
const WAIT_MS = 5 * SECOND

/** Flips whose bodies are remembered: one waits once, however many channels it has. */
const MOST_FLIPS = 100

/** The largest bodies altogether that are remembered for that. */
const MOST_BYTES = 8_000_000

export interface FlipBodyDeps {
  read(check: Notice['check'], ping: NonNullable<Notice['lastPing']>): Promise<StoredBody>
  wait(ms: number): Promise<void>
}

/** Adds to a notice the body of its last ping, when that lies in object storage. */
export type WithBody = (flipId: number, notice: Notice) => Promise<Notice>

export function flipBodies({ read, wait }: FlipBodyDeps): WithBody {
  const known = new Map<number, Promise<Buffer | null>>()
  let bytes = 0

  async function find(check: Notice['check'], ping: NonNullable<Notice['lastPing']>): Promise<Buffer | null> {
    const first = await read(check, ping)
    if (first.state !== 'pending') return bytesOf(first)
    await wait(WAIT_MS)
    return bytesOf(await read(check, ping))
  }

  function remember(flipId: number, size: number, body: Promise<Buffer | null>): void {
    if (known.size >= MOST_FLIPS || bytes + size > MOST_BYTES) {
      known.clear()
      bytes = 0
    }
    known.set(flipId, body)
    bytes += size
  }

  return async (flipId, notice) => {
    const { check, lastPing, lastBody } = notice
    if (lastPing === null || lastPing.bodyBytes === 0 || lastBody !== null) return notice
    let body = known.get(flipId)
    if (!body) remember(flipId, lastPing.bodyBytes, (body = find(check, lastPing)))
    try {
      return { ...notice, lastBody: await body }
    } catch (cause) {
      // The database, not the storage: another try may find it.
      known.delete(flipId)
      throw cause
    }
  }
}

function bytesOf(body: StoredBody): Buffer | null {
  return body.state === 'present' ? body.bytes : null
}
