import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** What became of one attempt to send a ping. */
export type PingReply =
  /** `bodyLimitBytes` is what the server keeps of a body; null when it does not say. */
  | { ok: true; bodyLimitBytes: number | null }
  /** `again`: it may go better later, `retryAfterMs` tells when, if the server did. */
  | { ok: false; again: boolean; retryAfterMs: number | null; reason: string }

export interface PingRequest {
  url: URL
  /** POST with a body, GET without. */
  body: Buffer | null
  userAgent: string
  /** The attempt has failed after this. */
  patienceMs: number
  /** Where proxies are named: `http_proxy`, `https_proxy`, `no_proxy`. */
  proxyEnv: Record<string, string | undefined>
}

/** Most redirects that are followed, as from http to https. */
const MOST_REDIRECTS = 3

/** The words of an answer that is no success, for people. */
const MOST_ANSWER_CHARACTERS = 100

/** What ping clients try again: spec/ping-api.md [P43]. */
const TRY_AGAIN = [408, 425, 429]

/**
 * Sends a ping, to any address whatsoever: this is the client of a job, not the server, whose calls go
 * through `http.ts`. Never rejects.
 */
export async function sendPing({ url, ...rest }: PingRequest): Promise<PingReply> {
  const until = AbortSignal.timeout(rest.patienceMs)
  let target = url
  for (let hop = 0; ; hop++) {
    const answer = await ask(target, rest, until)
    if ('reason' in answer) return { ok: false, again: true, retryAfterMs: null, reason: answer.reason }
    const { status, headers, text } = answer
    const next = [301, 302, 303, 307, 308].includes(status)
      ? URL.parse(headers.location ?? '', target.href)
      : null
    if (
      next !== null &&
      hop < MOST_REDIRECTS &&
      (next.protocol === target.protocol || next.protocol === 'https:')
    ) {
      target = next
      continue
    }
    if (status >= 200 && status < 300) {
      return { ok: true, bodyLimitBytes: wholeNumber(headers['ping-body-limit']) }
    }
    const said = text === '' || /[<\p{Cc}]/u.test(text) ? '' : ` ${text}`
    const seconds = wholeNumber(headers['retry-after'])
    return {
      ok: false,
      again: status >= 500 || TRY_AGAIN.includes(status),
      retryAfterMs: seconds === null ? null : seconds * 1000,
      reason: `the server answered ${status}${said}`,
    }
  }
}

type Answer = { status: number; headers: IncomingMessage['headers']; text: string } | { reason: string }

/** One request; the body goes along on every hop, because a redirect must not cost the output of a job. */
function ask(
  url: URL,
  { body, userAgent, proxyEnv }: Omit<PingRequest, 'url'>,
  until: AbortSignal,
): Promise<Answer> {
  const isSecure = url.protocol === 'https:'
  const agent = isSecure ? new HttpsAgent({ proxyEnv }) : new HttpAgent({ proxyEnv })
  const options = {
    method: body === null ? 'GET' : 'POST',
    headers: { 'user-agent': userAgent, ...(body === null ? {} : { 'content-length': body.length }) },
    agent,
    signal: until,
  }
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const fail = (cause: Error): void =>
    resolve({ reason: until.aborted ? 'no answer in time' : reasonOf(cause) })
  try {
    const asked = (isSecure ? httpsRequest : httpRequest)(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text = `${text}${part}`.slice(0, MOST_ANSWER_CHARACTERS)))
      response.on('error', fail)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: text.trim() }),
      )
    })
    asked.on('error', fail)
    asked.end(body ?? undefined)
  } catch (cause) {
    // An address that Node does not take, which `URL` did.
    fail(cause as Error)
  }
  return promise.finally(() => agent.destroy())
}

function reasonOf(cause: Error): string {
  const code = 'code' in cause ? String(cause.code) : ''
  // Several addresses were tried, and each failed for itself: the message is empty then.
  return cause.message === '' ? code : cause.message
}

function wholeNumber(given: string | string[] | undefined): number | null {
  return typeof given === 'string' && /^\d{1,12}$/.test(given.trim()) ? Number(given) : null
}
