import { describe, expect, it } from 'vitest'
import { integrationOf } from '../../src/integrations/registry'
import { teller } from '../../src/integrations/teller'
import type { HttpAnswer, OutgoingRequest } from '../../src/world/http'
import vectors from '../vectors/integrations.json'
import { answered, channelOf, noticeOf, recorder } from './sample'

// What goes over the wire, kind by kind. A kind that joins the registry joins these tests. Mails are
// compared on the wire in email.test.ts.

interface ExpectedRequest {
  method: string
  url: string
  headers?: Record<string, string>
  json?: unknown
  form?: Record<string, string>
  query?: Record<string, string>
  body?: string
}

const known = vectors.vectors.filter(({ kind }) => integrationOf(kind) !== null && kind !== 'email')

describe('what is sent', () => {
  it.each(known)('$id', async ({ kind, channel, event, ...rest }) => {
    const { requests, tools } = recorder()
    const integration = integrationOf(kind)
    const notice = noticeOf(event)
    if ('noop' in rest) {
      expect(integration?.wants(channel.value)[notice.status]).toBe(false)
      return
    }
    expect(integration?.wants(channel.value)[notice.status]).toBe(true)
    await integration?.attempt(channelOf(kind, channel.value), notice, tools)

    const expected = (rest as { expect: ExpectedRequest[] }).expect
    expect(requests).toHaveLength(expected.length)
    expected.forEach((each, i) => compare(requests[i], each))
  })
})

function compare(sent: OutgoingRequest | undefined, expected: ExpectedRequest): void {
  const { body, form, headers = {}, json, method, query, url } = expected
  expect(sent).toMatchObject({ method, url, headers, ...(query ? { query } : {}) })
  if (json !== undefined) expect(sent?.json).toEqual(json)
  if (form !== undefined) expect(sent?.form).toEqual(form)
  if (body === undefined) return
  expect(comparable(Buffer.from(sent?.body ?? []).toString())).toEqual(comparable(body))
  const named = Object.keys(sent?.headers ?? {}).map((name) => name.toLowerCase())
  if (!('Content-Type' in headers)) expect(named).not.toContain('content-type')
}

/** The document of a check, in which the order of members does not matter; any other text as it is. */
function comparable(body: string): unknown {
  return body.includes('badge_url') ? (JSON.parse(body) as unknown) : body
}

const NETWORK: Record<string, HttpAnswer> = {
  timeout: { ok: false, why: 'timeout', reason: 'Connection timed out' },
  dns: { ok: false, why: 'network', reason: 'Could not resolve host' },
  refused: { ok: false, why: 'network', reason: 'Connection failed' },
  tls: { ok: false, why: 'network', reason: 'TLS handshake failed' },
  'blocked-address': {
    ok: false,
    why: 'blocked',
    reason: 'Connections to private IP addresses are not allowed',
  },
}

/** What `world/http.ts` makes of a redirect that leads to itself. */
const LOOP: HttpAnswer = { ok: false, why: 'unusable', reason: 'Too many redirects' }

interface ResponseVector {
  id: string
  kind: string
  network?: string
  response?: { status: number; body: string; headers?: { Location?: string } }
  expect: { error: string; permanent: boolean; quick_attempts: number }
}

describe('what an answer means', () => {
  const all = vectors.responses as unknown as ResponseVector[]
  const answers = all.filter(({ kind }) => integrationOf(kind) !== null)

  it.each(answers)('$id', async ({ kind, network, response, expect: expected }) => {
    const answer = response
      ? response.headers?.Location === undefined
        ? answered(response.status, {}, response.body)
        : LOOP
      : NETWORK[network ?? '']
    const { requests, tools } = recorder(answer ? [answer] : [])
    const value = vectors.vectors.find((each) => each.kind === kind && 'expect' in each)?.channel.value ?? ''
    const random = { bytes: (n: number) => Buffer.alloc(n, 128) }
    const { tell } = teller({ ...tools, random, wait: () => Promise.resolve() })

    const delivery = await tell(channelOf(kind, value), noticeOf('down'))

    expect(delivery).toMatchObject({ ok: false, reason: expected.error })
    expect(delivery.ok === false && delivery.kind === 'permanent').toBe(expected.permanent)
    expect(requests).toHaveLength(expected.quick_attempts)
  })
})

describe('what people fill in', () => {
  const forms = vectors.forms.filter(({ kind }) => integrationOf(kind) !== null)

  it.each(forms)('$kind $input', ({ kind, input, ok, field, stored }) => {
    const read = integrationOf(kind)?.parse(input as Record<string, string>)
    if (!read?.ok) {
      expect(ok).toBe(false)
      expect(Object.keys(read?.problem.fields ?? {})).toContain(field)
      return
    }
    expect(ok).toBe(true)
    if (typeof stored === 'string') expect(read.value.value).toBe(stored)
    else expect(JSON.parse(read.value.value)).toMatchObject(stored ?? {})
  })
})
