import { describe, expect, it } from 'vitest'
import type { Summary } from '../../src/core/summary'
import { webhook } from '../../src/integrations/kinds/webhook'
import { NOTIFICATION, channelOf, config, noticeOf, recorder } from './sample'

const SUMMARY: Summary = {
  outage: { fromAt: Date.UTC(2020, 0, 15, 11), untilAt: Date.UTC(2020, 0, 15, 14) },
  checks: ['Backup', 'Sync "now"'].map((name, i) => ({
    code: `11111111-2222-4333-8444-55555555555${i}`,
    name,
    slug: i === 0 ? 'backup' : '',
    tags: i === 0 ? 'prod db' : '',
    projectName: 'Home',
    at: Date.UTC(2020, 0, 15, 12),
    lastPingAt: null,
  })),
  nowAt: Date.UTC(2020, 0, 15, 14, 5),
  tz: 'UTC',
  notificationCode: NOTIFICATION,
}

const down = { method_down: 'POST', url_down: 'https://hook.example.org/t0ken', body_down: 'x' }

async function sent(value: object): Promise<Record<string, string>> {
  const { requests, tools } = recorder()
  await webhook.attempt(channelOf('webhook', JSON.stringify(value)), noticeOf('down'), tools)
  return { ...requests[0]?.headers }
}

describe('a webhook', () => {
  it('carries an id by which the receiver knows a repetition', async () => {
    expect(await sent(down)).toEqual({ 'Idempotency-Key': NOTIFICATION })
  })

  it('leaves that header to its owner', async () => {
    expect(await sent({ ...down, headers_down: { 'idempotency-key': 'mine' } })).toEqual({
      'idempotency-key': 'mine',
    })
  })

  it('shows the host it calls, and not the rest, which is secret', () => {
    expect(webhook.describe(JSON.stringify(down))).toBe('hook.example.org')
    expect(webhook.describe(JSON.stringify({ url_up: 'http://u:p@nas:8123/x' }))).toBe('nas:8123')
    expect(webhook.describe('nonsense')).toBe('Broken configuration')
  })

  it('is called for what it has an address for', () => {
    expect(webhook.wants(JSON.stringify(down))).toEqual({ down: true, up: false })
    expect(webhook.wants('nonsense')).toEqual({ down: true, up: true })
  })

  it('can be switched off by the operator', async () => {
    const off = { ...config, webhooksEnabled: false }
    expect(webhook.enabled(config)).toBe(true)
    expect(webhook.enabled(off)).toBe('Webhook notifications are not enabled.')
    const tools = { ...recorder().tools, config: off }
    const { delivery } = await webhook.attempt(
      channelOf('webhook', JSON.stringify(down)),
      noticeOf('down'),
      tools,
    )
    expect(delivery).toMatchObject({ kind: 'final', reason: 'Webhook notifications are not enabled.' })
  })
})

describe('the form of a webhook', () => {
  const form = {
    name: ' Home Assistant ',
    method_down: 'POST',
    url_down: 'nas:8123/api',
    headers_down: 'X-A: 1\r\nx-a: 2\r\n\r\nX-B: three: four',
    body_down: 'line\r\n  indented\r\n',
    method_up: 'GET',
  }

  it('comes back as it was filled in', () => {
    const read = webhook.parse(form)
    if (!read.ok) throw new Error(read.problem.message)
    expect(read.value.name).toBe('Home Assistant')
    expect(webhook.toForm(read.value.value)).toEqual({
      name: 'Home Assistant',
      method_down: 'POST',
      url_down: 'https://nas:8123/api',
      headers_down: 'x-a: 2\nX-B: three: four',
      body_down: 'line\n  indented\n',
      method_up: 'GET',
      url_up: '',
      headers_up: '',
      body_up: '',
    })
    expect(webhook.parse(webhook.toForm(read.value.value))).toEqual(read)
  })

  it.each([
    ['url_down', { url_down: `http://a/${'x'.repeat(1000)}` }, 'Use at most 1000 characters.'],
    ['url_down', { url_down: 'http://a:0/' }, 'Enter a valid URL.'],
    ['url_down', { url_down: 'http://a:65536/' }, 'Enter a valid URL.'],
    ['url_down', { url_down: 'javascript:alert(1)' }, 'Enter a valid URL.'],
    ['url_up', { url_up: 'http://[::g]/' }, 'Enter a valid URL.'],
    ['method_up', { method_up: 'DELETE' }, 'Choose one of the list.'],
    ['body_down', { body_down: 'x'.repeat(10_001) }, 'Use at most 10000 characters.'],
    ['headers_up', { headers_up: `X: ${'x'.repeat(1001)}` }, 'Value too long.'],
    ['headers_up', { headers_up: 'Proxy-Authorization: x' }, 'This header cannot be set.'],
    ['name', { name: 'x'.repeat(101) }, 'Use at most 100 characters.'],
  ])('tells what is wrong at %s', (field, wrong, message) => {
    const read = webhook.parse({ ...form, ...wrong })
    expect(!read.ok && read.problem.fields).toMatchObject({ [field]: message })
  })

  it.each(['http://[::1]:8123/x', 'http://user:p@example_host/$NAME?x=$TAG1', 'https://bücher.example/'])(
    'takes %s',
    (url_down) => {
      expect(webhook.parse({ ...form, url_down }).ok).toBe(true)
    },
  )
})

describe('a webhook after an outage of ours', () => {
  const many = (own: object) => webhook.summarises(JSON.stringify({ ...down, ...own }))

  it('tells all at once when it names all of them, or none', () => {
    expect(many({ body_down: 'x' })).toBe(true)
    expect(many({ body_down: '$CHECKS' })).toBe(true)
    expect(many({ body_down: '$NAME of $CHECKS_JSON' })).toBe(true)
  })

  it('has a call for each when its address, body or headers name one', () => {
    for (const name of ['$NAME', '$CODE', '$SLUG', '$JSON', '$TAG1', '$BODY', '$EXITSTATUS', '$MISSED']) {
      expect(many({ body_down: `about ${name}` })).toBe(false)
      expect(many({ url_down: `https://hook.example.org/${name}` })).toBe(false)
      expect(many({ headers_down: { 'X-About': name } })).toBe(false)
    }
    expect(webhook.summarises('nonsense')).toBe(false)
  })

  it('says which checks are down, and carries a key of its own', async () => {
    const { requests, tools } = recorder()
    const value = JSON.stringify({ ...down, body_down: '$NAME: $CHECKS $STATUS $CHECKS_JSON' })
    await webhook.attemptSummary(channelOf('webhook', value), SUMMARY, tools)
    const [call] = requests
    expect(call?.headers).toEqual({ 'Idempotency-Key': `${NOTIFICATION}-summary` })
    const body = Buffer.from(call?.body ?? []).toString()
    expect(body).toMatch(/^2 checks: Backup, Sync "now" down \[/)
    expect(JSON.parse(body.slice(body.indexOf('[')))).toMatchObject([
      { name: 'Backup', slug: 'backup', tags: 'prod db', since: '2020-01-15T12:00:00+00:00' },
      { name: 'Sync "now"', slug: '', tags: '' },
    ])
    expect(body).not.toContain('11111111-2222')
  })
})
