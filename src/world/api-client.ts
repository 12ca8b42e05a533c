import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export interface ApiSite {
  /** As people give it: the address of the site, with or without a slash at the end. */
  url: URL
  token: string
  userAgent: string
  /** A request has failed after this. */
  patienceMs: number
  /** Where proxies are named: `http_proxy`, `https_proxy`, `no_proxy`. */
  proxyEnv: Record<string, string | undefined>
  wait: (ms: number) => Promise<void>
}

/** The other site could not be asked, or what answers there is none of ours. The message is a sentence. */
export class Unreachable extends Error {}

/** How often a site that says when to come back is asked again. */
const MOST_TRIES = 5
const LONGEST_WAIT_MS = 60_000

/** More than any list of ours. */
const MOST_BYTES = 256 * 1024 * 1024

/** Talks to the management API of another site. Throws `Unreachable`. */
export function apiClient(site: ApiSite) {
  return async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ status: number; json: unknown }> => {
    const url = new URL(site.url)
    const [bare, query] = path.split('?', 2)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v3/${bare ?? ''}`
    url.search = query ?? ''
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
    for (let tried = 1; ; tried += 1) {
      const { status, headers, text } = await ask(url, method, bytes, site)
      const waitMs = Number(headers['retry-after'] ?? NaN) * 1000
      // What was refused for now was not done, so that it can be asked for again.
      if ((status === 429 || status === 503) && waitMs >= 0 && tried < MOST_TRIES) {
        await site.wait(Math.min(waitMs, LONGEST_WAIT_MS))
        continue
      }
      if (status >= 500) throw new Unreachable(`${url.host} answered ${status}. Try again later.`)
      if (status >= 300 && status < 400) {
        throw new Unreachable(
          `${url.host} leads to ${headers.location ?? 'elsewhere'}: give the address where it leads.`,
        )
      }
      return { status, json: jsonOf(text, url) }
    }
  }
}

function jsonOf(text: string, { host, pathname }: URL): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Unreachable(
      `What answers at ${host}${pathname} is not the management API of Rollcall. Is the address right, and its version new enough?`,
    )
  }
}

function ask(
  url: URL,
  method: string,
  body: Buffer | null,
  { token, userAgent, patienceMs, proxyEnv }: ApiSite,
): Promise<{ status: number; headers: IncomingMessage['headers']; text: string }> {
  const isSecure = url.protocol === 'https:'
  const agent = isSecure ? new HttpsAgent({ proxyEnv }) : new HttpAgent({ proxyEnv })
  const signal = AbortSignal.timeout(patienceMs)
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof ask>>>()
  const fail = (cause: Error & { code?: string }): void => {
    const reason = signal.aborted ? 'no answer in time' : cause.message || (cause.code ?? 'unknown')
    reject(new Unreachable(`Cannot reach ${url.origin}: ${reason}`))
  }
  const headers = {
    authorization: `Bearer ${token}`,
    'user-agent': userAgent,
    ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
  }
  const asked = (isSecure ? httpsRequest : httpRequest)(
    url,
    { method, headers, agent, signal },
    (response) => {
      const chunks: Buffer[] = []
      let received = 0
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        if (received > MOST_BYTES) response.destroy(new Error('the answer is too long'))
        chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    },
  )
  asked.on('error', fail)
  asked.end(body ?? undefined)
  return promise.finally(() => agent.destroy())
}
