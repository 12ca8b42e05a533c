import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

const MAIL = [
  'From: Backup <backup@example.org>',
  'Subject: =?utf-8?Q?=3Cscript=3E_=E2=9C=93?=',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Plain </pre><script>alert(1)</script>',
  '--b',
  'Content-Type: text/html',
  '',
  '<p onclick=alert(1)>Rich <b>text</b><script>alert(1)</script></p>',
  '--b',
  'Content-Type: image/png; name="<i>.png"',
  '',
  'PNG',
  '--b--',
].join('\r\n')

describe('the pages of a ping that came by mail', () => {
  let site: LocalSite
  let person: Person
  let code: string
  beforeEach(async () => {
    site = await localSite({ SMTPD_PORT: '2525', PING_EMAIL_DOMAIN: 'Ping.Example.org' })
    person = await anAdministrator(site)
    const list = await person.get((await person.get('/')).location)
    code = /\/checks\/([0-9a-f-]{36})\/details\//.exec(list.text)?.[1] ?? ''
  })
  afterEach(() => site.close())

  async function aMail(body: Buffer) {
    await site.appliance.app.store.checks.recordPings([
      {
        code,
        ping: {
          at: NOON,
          signal: 'success',
          exitStatus: null,
          runId: null,
          scheme: 'email',
          method: '',
          userAgent: 'Email from backup@example.org',
          remoteAddress: '192.0.2.1',
          body,
        },
      },
    ])
  }

  it('show where mails go', async () => {
    expect((await person.get(`/checks/${code}/details/`)).text).toContain(`${code}@ping.example.org`)
  })

  it('show its head, its views and its attachments, as text and nothing else', async () => {
    await aMail(Buffer.from(MAIL))
    const page = await person.get(`/checks/${code}/pings/1/`)
    for (const shown of [
      'Backup &lt;backup@example.org&gt;',
      '&lt;script&gt; ✓',
      '&lt;i&gt;.png (image/png, 3 bytes)',
    ])
      expect(page.text).toContain(shown)
    expect(page.text).toContain(`<iframe class="mail-view" sandbox="" src="/checks/${code}/pings/1/html/"`)
    const text = await person.get(`/checks/${code}/pings/1/?view=text`)
    expect(text.text).toContain('Plain &lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text.text).not.toContain('<iframe')
    expect((await person.get(`/checks/${code}/pings/1/?view=source`)).text).toContain('boundary=b')
    expect((await person.get(`/checks/${code}/pings/1/?view=wat`)).text).toContain('<iframe')
  })

  it('give its HTML by itself, harmless and in a sandbox', async () => {
    await aMail(Buffer.from(MAIL))
    const { status, text, headers } = await person.get(`/checks/${code}/pings/1/html/`)
    expect(status).toBe(200)
    expect(text).toContain('<body><p>Rich <b>text</b></p></body>')
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    )
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await fetch(`${site.url}/checks/${code}/pings/1/html/`, { redirect: 'manual' })).status).not.toBe(
      200,
    )
  })

  it('give it back as it came', async () => {
    await aMail(Buffer.from(MAIL))
    const { text, headers } = await person.get(`/checks/${code}/pings/1/body/`)
    expect(text).toBe(MAIL)
    expect(headers.get('cache-control')).toContain('private')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${code}-1.eml"`)
  })

  it('show what is no mail at all as it is', async () => {
    await aMail(Buffer.from('\u0000\u0001 not a mail <b>'))
    expect((await person.get(`/checks/${code}/pings/1/`)).text).toContain('not a mail &lt;b&gt;')
    expect((await person.get(`/checks/${code}/pings/1/html/`)).status).toBe(404)
  })

  it('have no HTML for pings that came otherwise', async () => {
    await fetch(`${site.url}/ping/${code}`, { method: 'POST', body: 'Content-Type: text/html\n\n<b>x</b>' })
    expect((await person.get(`/checks/${code}/pings/1/html/`)).status).toBe(404)
  })
})

describe('the filtering rules of a check', () => {
  let site: LocalSite
  let person: Person
  let code: string
  beforeEach(async () => {
    site = await localSite()
    person = await anAdministrator(site)
    const list = await person.get((await person.get('/')).location)
    code = /\/checks\/([0-9a-f-]{36})\/details\//.exec(list.text)?.[1] ?? ''
  })
  afterEach(() => site.close())

  const page = () => `/checks/${code}/filtering_rules/`
  const now = () => site.appliance.app.store.checks.findByCode(code)
  const told = async () => (await person.get(`/checks/${code}/details/`)).text

  it('are saved as they were asked for, and decide about the next ping', async () => {
    expect(await told()).toContain(page())
    const saved = await person.submit(page(), {
      methods: 'POST',
      filter_http_body: 'true',
      failure_kw: ' ERROR, Fatal ',
      success_kw: 'done',
      filter_default_fail: '',
      manual_resume: 'true',
    })
    expect(saved.status).toBe(303)
    expect(await now()).toMatchObject({
      postOnly: true,
      manualResume: true,
      filters: {
        httpBody: true,
        subject: false,
        failWords: 'ERROR, Fatal',
        successWords: 'done',
        startWords: '',
      },
    })
    expect(await told()).toContain('Only POST requests count.')
    await fetch(`${site.url}/ping/${code}`, { method: 'POST', body: 'a Fatal thing' })
    expect((await now())?.status).toBe('down')
    const form = (await person.get(page())).text
    expect(form).toMatch(/<option value="POST" selected>/)
    expect(form).toMatch(/name="filter_http_body" value="true" checked/)
    expect(form).toContain('value="ERROR, Fatal"')
  })

  it('may be switched off again, and keep their words', async () => {
    await person.submit(page(), { filter_subject: 'true', failure_kw: 'x' })
    await person.submit(page(), { failure_kw: 'x' })
    expect(await now()).toMatchObject({ postOnly: false, filters: { subject: false, failWords: 'x' } })
  })

  it('are refused when the words are too long', async () => {
    const refused = await person.submit(page(), { success_kw: 'x'.repeat(201), failure_kw: 'kept' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('At most 200 characters.')
    expect(refused.text).toContain('value="kept"')
    expect(await now()).toMatchObject({ filters: { successWords: '', failWords: '' } })
  })

  it('come with a warning when they are hardly meant', async () => {
    await person.submit(page(), { filter_body: 'true' })
    expect(await told()).toContain('Every ping will be ignored.')
    await person.submit(page(), { filter_body: 'true', failure_kw: 'ok', success_kw: 'all ok' })
    expect(await told()).toContain('“all ok” will never be found')
  })

  it('are changed by nobody who is not signed in', async () => {
    const body = new URLSearchParams({ methods: 'POST' })
    const refused = await fetch(site.url + page(), { method: 'POST', body, redirect: 'manual' })
    expect([303, 403]).toContain(refused.status)
    expect((await now())?.postOnly).toBe(false)
  })
})
