import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/core/delivery'
import type { Notice } from '../../src/core/notice'
import { integrationAt, integrationOf, integrations } from '../../src/integrations/registry'
import { teller } from '../../src/integrations/teller'
import type { HttpAnswer, OutgoingRequest } from '../../src/world/http'
import { answered, channelOf, noticeOf, recorder } from './sample'

const VALUE = JSON.stringify({ url_down: 'https://hook.example.org/', url_up: 'https://hook.example.org/up' })

interface Told {
  delivery: Delivery
  requests: OutgoingRequest[]
  waitedMs: number[]
}

/** What comes of telling a webhook whose other side gives these answers, the last one for ever. */
async function told(answers: HttpAnswer[], notice: Notice = noticeOf('down'), jitter = 128): Promise<Told> {
  const waitedMs: number[] = []
  const { requests, tools } = recorder(answers)
  const { tell } = teller({
    ...tools,
    random: { bytes: (n) => Buffer.alloc(n, jitter) },
    wait: async (ms) => void waitedMs.push(ms),
  })
  return { delivery: await tell(channelOf('webhook', VALUE), notice), requests, waitedMs }
}

const timeout: HttpAnswer = { ok: false, why: 'timeout', reason: 'Connection timed out' }

describe('telling a channel', () => {
  it('takes one request when all is well', async () => {
    const { delivery, requests, waitedMs } = await told([answered(200)])
    expect(delivery).toEqual({ ok: true })
    expect([requests.length, waitedMs.length]).toEqual([1, 0])
  })

  it('tries again within seconds, with the same id', async () => {
    const { delivery, requests, waitedMs } = await told([timeout, answered(502), answered(204)])
    expect(delivery).toEqual({ ok: true })
    expect(new Set(requests.map(({ headers }) => headers?.['Idempotency-Key'])).size).toBe(1)
    expect(waitedMs).toEqual([1001, 3002])
  })

  it('spreads the pauses, so that many failures do not come back as one wave', async () => {
    expect((await told([timeout], noticeOf('down'), 0)).waitedMs).toEqual([800, 2400])
    expect((await told([timeout], noticeOf('down'), 255)).waitedMs).toEqual([1200, 3600])
  })

  it.each([
    [timeout, 'temporary'],
    [answered(500), 'temporary'],
    [answered(429), 'temporary'],
    [answered(404), 'final'],
    [answered(203), 'final'],
  ] as const)('says whether it may get through later: %j', async (answer, kind) => {
    const { delivery, requests } = await told([answer])
    expect(delivery).toMatchObject({ ok: false, kind })
    expect(requests).toHaveLength(3)
  })

  it('waits as long as the other side asks for, if that is not long', async () => {
    const soon = answered(503, { 'retry-after': '7' })
    expect((await told([soon, answered(200)])).waitedMs).toEqual([7000])
    const notice = noticeOf('down')
    const date = new Date(notice.nowAt + 5000).toUTCString()
    expect((await told([answered(429, { 'retry-after': date }), answered(200)])).waitedMs).toEqual([5000])

    const later = await told([answered(503, { 'retry-after': '60' })])
    expect(later.delivery).toMatchObject({ kind: 'temporary' })
    expect(later.requests).toHaveLength(1)
  })

  it('tries a test once', async () => {
    expect((await told([answered(500)], noticeOf('test-button'))).requests).toHaveLength(1)
  })

  it('puts the words of other servers on one short line', async () => {
    const reason = `a\r\nb\u0000${'x'.repeat(300)}`
    const { delivery } = await told([{ ok: false, why: 'unusable', reason }])
    expect(!delivery.ok && delivery.reason).toMatch(/^a {2}b x{194}…$/)
  })

  it('survives an integration that breaks, and says so', async () => {
    const { tools } = recorder()
    const errors: string[] = []
    const { tell } = teller({
      ...tools,
      http: { ...tools.http, send: () => Promise.reject(new Error('a bug')) },
      log: { ...tools.log, error: (message) => void errors.push(message) },
      random: { bytes: (n) => Buffer.alloc(n) },
      wait: () => Promise.resolve(),
    })
    const delivery = await tell(channelOf('webhook', VALUE), noticeOf('down'))
    expect(delivery).toEqual({ ok: false, kind: 'final', reason: 'Internal error' })
    expect(errors).toHaveLength(1)
    expect(await tell(channelOf('hipchat', ''), noticeOf('down'))).toMatchObject({ ok: false, kind: 'final' })
  })
})

describe('the registry', () => {
  it('finds a kind by its name and by its place', () => {
    expect(integrations.map(({ kind }) => kind)).toEqual(['email', 'webhook'])
    for (const each of integrations) {
      expect(integrationOf(each.kind)).toBe(each)
      expect(integrationAt(each.path)).toBe(each)
    }
    expect(integrationOf('constructor')).toBeNull()
  })

  it.each(integrations)('has a form for $kind that is whole', ({ fields, toForm }) => {
    const names = fields.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(Object.keys(toForm('unreadable')).toSorted()).toEqual(names.toSorted())
    for (const { onlyFor } of fields) expect([undefined, ...names]).toContain(onlyFor?.field)
  })
})
