import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Client } from 'minio'
import type { ObjectsConfig } from '../config'
import type { Instant } from '../core/time'

/** Why the storage did not do as it was asked. */
export interface ObjectsFailure {
  kind: FailureKind
  /** For the log. */
  reason: string
}

export type FailureKind =
  /** There is no such object. */
  | 'absent'
  /** It asks for fewer requests. */
  | 'busy'
  /** It stumbled: the same request may succeed at once. */
  | 'internal'
  | 'timed out'
  | 'unreachable'
  /** It answers, and says no: keys, bucket, or a provider without that operation. */
  | 'refused'
  /** We are about to end. */
  | 'closed'

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: ObjectsFailure }

/** One page of a listing. */
export interface ObjectPage {
  objects: { key: string; modifiedAt: Instant }[]
  /** What the keys begin with, up to the delimiter. */
  prefixes: string[]
  /** Where the next page begins; null: this is the last. */
  next: string | null
}

/** A bucket. No method rejects, and each ends within its time limit whatever the other side does. */
export interface Objects {
  /** Putting the same key again replaces the object. */
  put(key: string, bytes: Buffer, limitMs?: number): Promise<Answer<null>>
  get(key: string, limitMs?: number): Promise<Answer<Buffer>>
  /** In the order of keys; `after` is a key, and itself not part of the listing. */
  list(where: {
    prefix: string
    after?: string
    delimiter?: string
    page: string | null
  }): Promise<Answer<ObjectPage>>
  /** Removes up to `MOST_REMOVED` objects, and says which it could not. Absent ones count as removed. */
  remove(keys: readonly string[]): Promise<Answer<{ key: string; reason: string }[]>>
  /** Whether the bucket is there and the keys open it; makes the bucket if it is missing. */
  probe(): Promise<Answer<'found' | 'made'>>
  /** Ends what is under way. */
  close(): void
}

/** What one request of the protocol may remove. */
export const MOST_REMOVED = 1000

/** More than any body that we put there; a stray object must not fill the memory. */
const MOST_BYTES = 64_000_000

/** Idle connections that are kept for the next request. */
const IDLE_CONNECTIONS = 16

/** minio throws the answers with these away unread, together with the reason in them. */
const UNREAD_BY_MINIO = [408, 429, 499, 500, 502, 503, 504, 520]

/** A status that nobody sends, with which minio does read the answer. */
const READ_BY_MINIO = 599

/** What an operation met on the wire. */
interface Seen {
  status: number | null
  reusedConnection: boolean
}

/** Opens a bucket; nothing is sent before the first operation. */
export async function openObjects(config: ObjectsConfig): Promise<Objects> {
  // Loaded when there is a bucket: it takes as long as the rest of the start.
  const minio = await import('minio')
  const { bucket, host, port, secure, accessKey, secretKey, timeoutMs } = config
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxFreeSockets: IDLE_CONNECTIONS })
  const closing = new AbortController()
  let region = config.region

  /** A client for one operation, because minio has no other way to limit or end one. */
  function clientFor(signal: AbortSignal, seen: Seen): Client {
    return new minio.Client({
      endPoint: host,
      ...(port === null ? {} : { port }),
      useSSL: secure,
      accessKey,
      secretKey,
      ...(region === null ? {} : { region }),
      transport: { request: transport(secure, signal, seen) },
      transportAgent: agent,
      // Whoever asks decides whether and when to ask again.
      retryOptions: { disableRetry: true },
    })
  }

  async function once<T>(work: (client: Client) => Promise<T>, limit: AbortSignal, seen: Seen): Promise<T> {
    const signal = AbortSignal.any([limit, closing.signal])
    const client = clientFor(signal, seen)
    return await unlessAborted(
      signal,
      (async () => {
        region ??= await client.getBucketRegionAsync(bucket)
        return await work(client)
      })(),
    )
  }

  async function operation<T>(work: (client: Client) => Promise<T>, limitMs = timeoutMs): Promise<Answer<T>> {
    const limit = AbortSignal.timeout(Math.min(limitMs, timeoutMs))
    for (let again = true; ; again = false) {
      const seen: Seen = { status: null, reusedConnection: false }
      try {
        return { ok: true, value: await once(work, limit, seen) }
      } catch (cause) {
        if (closing.signal.aborted) return failure('closed', 'The program ends')
        if (limit.aborted) return failure('timed out', `No answer within ${limitMs} ms`)
        // The other side had closed a connection that we kept: no fault of anybody.
        if (again && seen.status === null && seen.reusedConnection) continue
        return failureOf(cause, seen)
      }
    }
  }

  return {
    put: (key, bytes, limitMs) =>
      operation(async (client) => {
        await client.putObject(bucket, key, bytes, bytes.length, {
          'Content-Type': 'application/octet-stream',
        })
        return null
      }, limitMs),

    get: (key, limitMs) =>
      operation(async (client) => {
        const chunks: Buffer[] = []
        let bytes = 0
        for await (const chunk of (await client.getObject(bucket, key)) as AsyncIterable<Buffer>) {
          bytes += chunk.length
          if (bytes > MOST_BYTES) throw new Error(`The object is larger than ${MOST_BYTES} bytes`)
          chunks.push(chunk)
        }
        return Buffer.concat(chunks, bytes)
      }, limitMs),

    list: ({ prefix, after = '', delimiter = '', page }) =>
      operation(async (client) => {
        const found = await client.listObjectsV2Query(bucket, prefix, page ?? '', delimiter, 1000, after)
        const next = String(found.nextContinuationToken)
        return {
          objects: found.objects.flatMap(({ name, lastModified }) =>
            name === undefined || lastModified === undefined
              ? []
              : [{ key: name, modifiedAt: lastModified.getTime() }],
          ),
          prefixes: found.objects.flatMap((one) => (one.prefix === undefined ? [] : [one.prefix])),
          next: found.isTruncated && next !== '' ? next : null,
        }
      }),

    remove: (keys) =>
      operation(async (client) => {
        const refused = (await client.removeObjects(bucket, keys.slice(0, MOST_REMOVED))) as unknown[]
        return refused.map((each) => {
          const said = fieldsOf(each)
          return { key: said('Key'), reason: `${said('Code')} ${said('Message')}`.trim() }
        })
      }),

    probe: () =>
      operation(async (client) => {
        if (await client.bucketExists(bucket)) return 'found'
        await client.makeBucket(bucket, region ?? '')
        return 'made'
      }),

    close() {
      closing.abort()
      agent.destroy()
    },
  }
}

/** Node's own request, which notes what came back and can be ended from outside. */
function transport(secure: boolean, signal: AbortSignal, seen: Seen): typeof httpRequest {
  const send = secure ? httpsRequest : httpRequest
  function request(options: RequestOptions, answered: (response: IncomingMessage) => void) {
    const sent = send({ ...options, signal }, (response) => {
      seen.status = response.statusCode ?? null
      if (UNREAD_BY_MINIO.includes(response.statusCode ?? 0)) response.statusCode = READ_BY_MINIO
      answered(response)
    })
    sent.on('error', () => (seen.reusedConnection = sent.reusedSocket))
    return sent
  }
  // minio calls it in this one of its forms.
  return request as typeof httpRequest
}

/** What comes of the work, or an error when the signal is sooner. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('Ended from outside'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The names that providers have for what we tell apart; the number decides where there is none. */
function failureOf(cause: unknown, { status }: Seen): { ok: false; failure: ObjectsFailure } {
  const said = fieldsOf(cause)
  const code = said('Code') || said('code')
  const reason = [code, status === null ? '' : `(${status})`, said('Message') || said('message')]
  const kind = kindOf(code, status)
  return failure(
    kind,
    reason
      .filter((part) => part !== '')
      .join(' ')
      .replace(/\s+/g, ' ')
      .slice(0, 300),
  )
}

function kindOf(code: string, status: number | null): FailureKind {
  if (code === 'NoSuchKey' || (status === 404 && code !== 'NoSuchBucket')) return 'absent'
  if (
    ['SlowDown', 'ServiceUnavailable', 'Throttling', 'TooManyRequests', 'RequestLimitExceeded'].includes(code)
  )
    return 'busy'
  if (code === 'InternalError') return 'internal'
  if (status === null || status === 502 || status === 504) return 'unreachable'
  if (status === 429 || status === 503) return 'busy'
  // An error may come with the status 200, and an answer may break off.
  return status >= 500 || status < 400 ? 'internal' : 'refused'
}

function failure(kind: FailureKind, reason: string): { ok: false; failure: ObjectsFailure } {
  return { ok: false, failure: { kind, reason } }
}

/** What an error of the library, or an answer that it parsed, says by a name. */
function fieldsOf(said: unknown): (name: string) => string {
  const fields = typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
  return (name) => {
    const value = fields[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
}
