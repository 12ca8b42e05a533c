import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/time'
import { digest } from '../../src/world/secrets'
import { confirm, isSudo, mailed, REAUTH } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const PAGE = '/accounts/set_password/'
const asking = `${REAUTH}?next=${encodeURIComponent(PAGE)}`

let site: LocalSite
let ada: Person

afterEach(() => site.close())

async function begin(env: Record<string, string> = {}): Promise<void> {
  site = await localSite(env)
  ada = await anAdministrator(site)
}

describe('something dangerous', () => {
  beforeEach(() => begin())

  it('is asked to show once more who it is, and comes back to the page', async () => {
    expect(await ada.get(PAGE)).toMatchObject({ status: 303, location: asking })
    const page = await ada.get(asking)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.text).toContain('data-t="confirm-password"')
    expect(page.text).toContain('data-t="send-code"')
    expect(page.text).not.toContain('data-t="confirm-totp"')
    expect(await confirm(ada, PAGE)).toMatchObject({ status: 303, location: PAGE })
    expect(await ada.get(PAGE)).toMatchObject({ status: 200 })
    expect((await ada.get(PAGE)).text).toContain('Confirmed until 13:30')
  })

  it('does not do afterwards what was posted before', async () => {
    const csrf = /name="csrf" value="([^"]*)"/.exec((await ada.get('/docs/')).text)?.[1] ?? ''
    const posted = await ada.post(PAGE, { csrf, password: 'another long password', repeat: 'x' })
    expect(posted).toMatchObject({ status: 303, location: asking })
    const { users } = site.appliance.app.store
    const before = (await users.findByEmail(ADA.email))?.passwordHash
    await confirm(ada, PAGE)
    expect((await users.findByEmail(ADA.email))?.passwordHash).toBe(before)
  })

  it('is allowed for half an hour, however much it is used', async () => {
    await confirm(ada, PAGE)
    site.pass(20 * MINUTE)
    expect(await isSudo(ada)).toBe(true)
    site.pass(10 * MINUTE - 1)
    expect(await isSudo(ada)).toBe(true)
    site.pass(1)
    expect(await isSudo(ada)).toBe(false)
  })

  it('goes on under another secret: the one from before is worth nothing', async () => {
    const before = ada.cookies.get('sid') ?? ''
    await confirm(ada, PAGE)
    expect(ada.cookies.get('sid')).not.toBe(before)
    const { signIns } = site.appliance.app.store
    expect(await signIns.find(digest(before), site.appliance.app.clock())).toBeNull()
    const thief = aPerson(site.url)
    thief.cookies.set('sid', before)
    expect(await isSudo(thief)).toBe(false)
  })

  it('stays shut for a wrong password, twenty of which are too many for a day', async () => {
    for (let guess = 0; guess < 20; guess++) {
      const wrong = await confirm(ada, PAGE, `not the password ${guess}`)
      expect(wrong.status).toBe(422)
      expect(wrong.text).toContain('That password is not right.')
    }
    const late = await confirm(ada, PAGE)
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await isSudo(ada)).toBe(false)
  })

  it('opens by a code that was mailed, in the browser that asked for it', async () => {
    const sent = await ada.submit(asking, { action: 'send', next: PAGE }, REAUTH)
    expect(sent).toMatchObject({ status: 303, location: asking })
    const [mail] = await mailed(site)
    expect(mail?.to).toBe(ADA.email)
    expect(mail?.subject).toContain('Rollcall')
    const code = /^ {4}(\d{6})$/m.exec(mail?.text ?? '')?.[1] ?? ''
    expect(mail?.html).toContain(code)

    const other = aPerson(site.url)
    await other.submit('/accounts/login/', { action: 'login', ...ADA })
    const answer = { way: 'code', code, next: PAGE }
    expect((await other.submit(asking, answer, REAUTH)).status).toBe(422)
    const wrong = await ada.submit(asking, { ...answer, code: '000 000' }, REAUTH)
    expect(wrong.text).toContain('That code is not right. Check the newest message.')
    expect(await ada.submit(asking, answer, REAUTH)).toMatchObject({ status: 303, location: PAGE })
    expect((await ada.submit(asking, answer, REAUTH)).status).toBe(422)
  })

  it('has codes that are good for a quarter of an hour, one a minute and ten a day', async () => {
    const send = async (): Promise<number> =>
      (await ada.submit(asking, { action: 'send', next: PAGE }, REAUTH)).status
    expect(await send()).toBe(303)
    expect(await send()).toBe(429)
    const [mail] = await mailed(site)
    const code = /^ {4}(\d{6})$/m.exec(mail?.text ?? '')?.[1] ?? ''
    site.pass(15 * MINUTE)
    expect((await ada.submit(asking, { way: 'code', code, next: PAGE }, REAUTH)).status).toBe(422)
    for (let i = 0; i < 9; i++) {
      expect(await send()).toBe(303)
      site.pass(MINUTE)
    }
    expect(await send()).toBe(429)
    site.pass(3 * HOUR)
    expect(await send()).toBe(303)
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example/', '/accounts/logout/'])(
    'never leads to %s',
    async (next) => {
      expect((await confirm(ada, next)).location).toBe('/')
    },
  )

  it('needs a sign-in first', async () => {
    expect((await aPerson(site.url).get(PAGE)).location).toMatch(/^\/accounts\/login\/\?next=/)
    expect((await aPerson(site.url).get(REAUTH)).location).toMatch(/^\/accounts\/login\//)
  })
})

describe('somebody without anything to show', () => {
  it('types the address of the account, where no mail can be sent', async () => {
    await begin({ EMAIL_HOST: '' })
    const { users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    await users.changePassword(user?.id ?? 0, null, 0)
    expect((await ada.get(asking)).text).toContain('data-t="confirm-email"')
    const typed = (email: string) => ada.submit(asking, { way: 'email', email, next: PAGE }, REAUTH)
    expect((await typed('eve@example.org')).status).toBe(422)
    expect((await ada.submit(asking, { way: 'password', password: '', next: PAGE }, REAUTH)).status).toBe(422)
    expect((await typed(' Ada@Example.ORG')).location).toBe(PAGE)
  })
})
