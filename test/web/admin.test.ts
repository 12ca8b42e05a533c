import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import { confirm, isIn } from '../support/account'
import { aNewChannel, aPing } from '../support/build'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Answer, Person } from '../support/person'
import { smtpRelay } from '../world/smtp-relay'

let site: LocalSite
let ada: Person
let olga: Awaited<ReturnType<typeof somebody>>

async function begin(env: Record<string, string> = {}): Promise<void> {
  site = await localSite(env)
  ada = await anAdministrator(site)
  olga = await somebody(site, 'olga@example.org')
}

afterEach(() => site.close())

/** Of what is not told. */
const EVERYTHING = { failedSinceAt: 0, state: null, search: '', beforeId: Number.MAX_SAFE_INTEGER }

const user = () => `/admin/users/${olga.userId}/`

const press = (part: string, fields: Record<string, string> = {}): Promise<Answer> =>
  ada.submit(user(), fields, `${user()}${part}/`)

const trail = async () => (await site.appliance.app.store.audit.list({}, 50)).map(({ action }) => action)

describe('the administration', () => {
  beforeEach(() => begin())

  it('is not there for anybody else, signed in or not', async () => {
    for (const path of ['/admin/', '/admin/users/', '/admin/config/', user()]) {
      expect((await olga.get(path)).status).toBe(404)
      expect((await aPerson(site.url).get(path)).status).toBe(404)
      const page = await ada.get(path)
      expect(page.status).toBe(200)
      expect(page.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('tells how the instance is', async () => {
    const { text } = await ada.get('/admin/')
    expect(text).toContain('Scheduler')
    expect(text).toContain('SQLite')
    expect(text).toContain('2: 0 up, 0 down, 2 new, 0 paused')
  })

  it('finds people by address and by what is about them', async () => {
    const listed = async (query: string) => {
      const { text } = await ada.get(`/admin/users/?${query}`)
      return ['ada@', 'olga@'].filter((name) => new RegExp(`<a href="[^"]*">${name}`).test(text))
    }
    expect(await listed('')).toEqual(['ada@', 'olga@'])
    expect(await listed('search=OLG')).toEqual(['olga@'])
    expect(await listed('search=%25')).toEqual([])
    expect(await listed('flag=administrator')).toEqual(['ada@'])
    expect(await listed('flag=disabled')).toEqual([])
    expect(await listed('flag=over+limit')).toEqual([])
  })

  it('disables an account: its sessions end, and it cannot sign in until it is enabled', async () => {
    expect((await press('disable')).location).toBe(user())
    expect(await isIn(olga)).toBe(false)
    const signIn = () =>
      olga.submit('/accounts/login/', { action: 'login', email: 'olga@example.org', password: ADA.password })
    expect((await signIn()).status).toBe(422)
    await press('enable')
    expect((await signIn()).status).toBe(303)
    expect(await trail()).toEqual(['account-enabled', 'account-disabled'])
  })

  it('sets limits within what is possible', async () => {
    expect((await press('limits', { checks: '-1', pings: '5' })).status).toBe(422)
    expect((await press('limits', { checks: '7', pings: '1000' })).status).toBe(303)
    expect(await site.appliance.app.store.users.find(olga.userId)).toMatchObject({
      checkLimit: 7,
      pingLogLimit: 1000,
    })
  })

  it('asks again who it is before it makes administrators, who are never none', async () => {
    expect((await press('administrator')).location).toContain('/accounts/reauth/')
    await confirm(ada, user())
    await press('administrator')
    expect((await site.appliance.app.store.users.find(olga.userId))?.isAdmin).toBe(true)
    const me = (await site.appliance.app.store.users.findByEmail(ADA.email))!
    const self = await ada.submit(user(), {}, `/admin/users/${me.id}/administrator/`)
    expect(self.status).toBe(409)
    const { administration } = site.appliance.app.store
    expect(await administration.setAdmin(me.id, false)).toBe(true)
    expect(await administration.setAdmin(olga.userId, false)).toBe(false)
  })

  it('ends the sessions of whoever loses their second steps, but not its own', async () => {
    await confirm(ada, user())
    expect(await isIn(olga)).toBe(true)
    expect((await press('reset_second_step')).status).toBe(303)
    expect(await isIn(olga)).toBe(false)
    const { users } = site.appliance.app.store
    const me = `/admin/users/${(await users.findByEmail(ADA.email))?.id ?? 0}/`
    expect((await ada.submit(user(), {}, `${me}reset_second_step/`)).status).toBe(303)
    expect(await isIn(ada)).toBe(true)
  })

  it('makes accounts and links that are shown once and lead in', async () => {
    const link = (text: string) => /data-t="one-time-link">[^<]*?(\/accounts\/[^<]+)</.exec(text)?.[1] ?? ''
    const added = await ada.submit('/admin/users/', { email: 'new@example.org' })
    const stranger = aPerson(site.url)
    const set = { password: 'a very long new password', repeat: 'a very long new password' }
    expect((await stranger.submit(link(added.text), set)).status).toBe(303)
    expect((await ada.get('/admin/users/')).text).not.toContain('one-time-link')
    expect((await ada.submit('/admin/users/', { email: 'new@example.org' })).status).toBe(422)
    await confirm(ada, user())
    const made = await press('link', { purpose: 'sign-in' })
    const other = aPerson(site.url)
    const path = link(made.text)
    await other.submit(path, {})
    expect(await isIn(other)).toBe(true)
  })

  it('opens the projects of others, once written down, and says so on every page', async () => {
    const checks = `/projects/${olga.projectCode}/checks/`
    const page = await ada.get(checks)
    expect(page.text).toContain('You are viewing Home as instance administrator.')
    await ada.get(checks)
    expect(await trail()).toEqual(['project-opened'])
    expect((await ada.get(`/projects/${olga.projectCode}/settings/`)).text).not.toContain('data-t="remove"')
    expect((await olga.get(checks)).text).not.toContain('instance administrator')
  })

  it('gives projects to others and removes them', async () => {
    const mia = await somebody(site, 'mia@example.org')
    const project = `/admin/projects/${olga.projectCode}/`
    expect((await ada.get(project)).location).toContain('/accounts/reauth/')
    await confirm(ada, project)
    expect((await ada.submit(project, { email: 'nobody@example.org' }, `${project}owner/`)).status).toBe(422)
    await ada.submit(project, { email: 'mia@example.org' }, `${project}owner/`)
    const { store } = site.appliance.app
    const found = (await store.projects.findByCode(olga.projectCode))!
    expect(await store.members.roleIn(found.id, mia.userId)).toBe('owner')
    expect(await store.members.roleIn(found.id, olga.userId)).toBe('member')
    expect((await ada.submit(project, { typed: 'Hom' }, `${project}remove/`)).status).toBe(422)
    expect((await ada.submit(project, { typed: 'Home' }, `${project}remove/`)).status).toBe(303)
    expect(await store.projects.findByCode(olga.projectCode)).toBeNull()
  })

  it('tries alerts again, or drops them', async () => {
    const { store } = site.appliance.app
    const found = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(found.id)
    await store.channels.add(aNewChannel(found.id, { name: 'Dead end' }))
    await store.checks.recordPings([{ code: check!.code, ping: aPing({ signal: 'fail' }) }])
    const page = '/admin/deliveries/'
    const { text } = await ada.get(page)
    const id = /data-t="retry-(\d+)"/.exec(text)?.[1] ?? ''
    expect((await ada.submit(page, {}, `${page}${id}/retry/`)).status).toBe(303)
    await ada.submit(page, {}, `${page}${id}/drop/`)
    expect((await ada.get(page)).text).not.toContain(`data-t="retry-${id}"`)
    await ada.submit(page, {}, `${page}999999/drop/`)
    expect((await ada.get(page)).text).toContain('It is not there any more')
  })

  it('holds back all alerts once it is sure who asks, and tells them all when it is over', async () => {
    const { store } = site.appliance.app
    const found = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(found.id)
    await store.channels.add(aNewChannel(found.id, { name: 'Dead end' }))
    const page = '/admin/deliveries/'
    expect((await ada.submit(page, {}, `${page}pause/`)).location).toContain('/accounts/reauth/')
    await confirm(ada, page)
    await ada.submit(page, {}, `${page}pause/`)

    await store.checks.recordPings([{ code: check!.code, ping: aPing({ signal: 'fail' }) }])
    await site.appliance.turn()
    const untold = async () => (await store.undelivered.list(EVERYTHING, 10)).map(({ state }) => state)
    expect(await untold()).toEqual(['waiting', 'waiting'])
    const banner = 'No alert goes out: ada@example.org paused all sending at 2026-01-15 13:00:00.'
    expect((await ada.get('/docs/')).text).toContain(banner)
    expect((await olga.get('/docs/')).text).not.toContain('No alert goes out')
    const status = await fetch(`${site.url}/api/v3/status/`, { headers: { accept: 'application/json' } })
    expect(await status.json()).toEqual({ status: 'OK', sending: 'paused', loops: [] })

    await ada.submit(page, {}, `${page}resume/`)
    expect((await ada.get('/docs/')).text).not.toContain('No alert goes out')
    await site.appliance.turn()
    expect(await untold()).not.toContain('waiting')
    expect(await trail()).toEqual(['sending-resumed', 'sending-paused'])
  })

  it('tries all again that fail in one way, or drops them', async () => {
    const { store, clock } = site.appliance.app
    const found = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(found.id)
    await store.checks.recordPings([{ code: check!.code, ping: aPing({ signal: 'fail' }) }])
    const [claim] = await store.notifications.claim(clock(), clock() + 1, { quick: 9, slow: 9 })
    const delivery = { ok: false, kind: 'final', reason: 'No <such> address' } as const
    await store.notifications.finish(claim!, { delivery, at: clock(), tookMs: 1, nextAt: null })
    const page = '/admin/deliveries/'
    expect((await ada.get(page)).text).toContain('No &lt;such&gt; address')
    const failing = { kind: 'email', error: delivery.reason }
    await ada.submit(page, failing, `${page}failing/retry/`)
    expect((await ada.get(page)).text).toContain('1 alert is tried again now.')
    await ada.submit(page, { ...failing, kind: 'webhook' }, `${page}failing/drop/`)
    expect((await ada.get(page)).text).toContain('It is not there any more')
    await ada.submit(page, failing, `${page}failing/drop/`)
    expect((await ada.get(page)).text).toContain('1 alert is not told to anybody.')
    expect(await trail()).toEqual(['alert-dropped', 'alert-retried'])
  })

  it('shows who did what, and finds it by person, kind and day', async () => {
    await press('disable')
    site.pass(23 * HOUR)
    await press('enable')
    const found = async (query: string) => {
      const { text } = await ada.get(`/admin/audit/?${query}`)
      return [...text.matchAll(/data-label="What">account (\w+)/g)].map(([, what]) => what)
    }
    expect(await found('')).toEqual(['enabled', 'disabled'])
    expect(await found('action=account-disabled')).toEqual(['disabled'])
    expect(await found('search=OLGA')).toEqual(['enabled', 'disabled'])
    expect(await found('search=nobody')).toEqual([])
    // Days are those of whoever asks, and both are included.
    expect(await found('from=2026-01-16')).toEqual(['enabled'])
    expect(await found('to=2026-01-15')).toEqual(['disabled'])
    expect(await found('from=2026-01-15&to=2026-01-16')).toEqual(['enabled', 'disabled'])
    expect(await found('from=yesterday')).toEqual(['enabled', 'disabled'])
  })

  it('gives who did what along, line by line, with the same filter', async () => {
    await press('disable')
    const { audit } = site.appliance.app.store
    const at = site.appliance.app.clock()
    for (let i = 0; i < 600; i++) {
      await audit.add({
        at,
        actor: 'ada@example.org',
        address: null,
        action: 'left',
        object: `${i}`,
        detail: '"',
      })
    }
    const lines = async (query: string) => {
      const { text, headers } = await ada.get(`/admin/audit/export/?${query}`)
      expect(headers.get('content-type')).toContain('application/x-ndjson')
      expect(headers.get('content-disposition')).toBe('attachment; filename="audit-2026-01-15.ndjson"')
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string>)
    }
    const all = await lines('')
    expect(all).toHaveLength(602)
    expect(all[0]).toMatchObject({ action: 'audit-exported', detail: 'everything' })
    expect(all.at(-1)).toMatchObject({ action: 'account-disabled', object: 'olga@example.org' })
    expect(all[1]).toMatchObject({ time: '2026-01-15T12:00:00.000Z', object: '599', detail: '"' })
    expect(await lines('action=account-disabled')).toHaveLength(1)
    for (let i = 0; i < 8; i++) await ada.get('/admin/audit/export/')
    expect((await ada.get('/admin/audit/export/')).status).toBe(429)
  })
})

describe('a test mail', () => {
  it('shows what was said with the relay, but no password', async () => {
    const relay = await smtpRelay({
      onAuth: (_auth, _session, done) => done(null, { user: 'rollcall' }),
    })
    await begin({
      EMAIL_HOST: '127.0.0.1',
      EMAIL_PORT: String(relay.port),
      EMAIL_USE_TLS: 'False',
      EMAIL_HOST_USER: 'rollcall',
      EMAIL_HOST_PASSWORD: 'a-secret-of-the-relay',
    })
    const sent = await ada.submit('/admin/config/', { to: 'ops@example.org' }, '/admin/config/test_mail/')
    await relay.close()
    expect(sent.text).toContain('The relay has taken the mail to ops@example.org.')
    expect(sent.text).toMatch(/S: 220 .*\n.*C: EHLO/s)
    expect(sent.text).toContain('C: RCPT TO:')
    expect(sent.text).not.toContain('a-secret-of-the-relay')
    const encoded = Buffer.from('\0rollcall\0a-secret-of-the-relay').toString('base64')
    expect(sent.text).not.toContain(encoded)
    expect(relay.received).toHaveLength(1)
    expect(relay.received[0]?.to).toEqual(['ops@example.org'])
  })

  it('tells why it failed', async () => {
    await begin({ EMAIL_HOST: '127.0.0.1', EMAIL_PORT: '1', EMAIL_USE_TLS: 'False' })
    const failed = await ada.submit('/admin/config/', { to: '' }, '/admin/config/test_mail/')
    expect(failed.text).toContain('was not sent: Connection failed.')
    expect(failed.text).toContain('ada@example.org')
  })
})

describe('the trail', () => {
  it('is kept for 400 days', async () => {
    await begin()
    const { audit } = site.appliance.app.store
    await press('end_sessions')
    await audit.prune(site.appliance.app.clock() - 400 * DAY)
    expect(await trail()).toEqual(['sessions-ended'])
    await audit.prune(site.appliance.app.clock() + 1)
    expect(await trail()).toEqual([])
  })
})
