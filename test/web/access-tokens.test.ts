import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time'
import { somebody } from '../support/cast'
import { confirm, linkIn, mailed } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const PAGE = '/accounts/profile/tokens/'

let site: LocalSite
let person: Person

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  await confirm(person, PAGE)
})

afterEach(() => site.close())

describe('the tokens of an account', () => {
  it('are shown once, and only as a beginning after that', async () => {
    const made = await person.submit(PAGE, { name: 'Laptop', access: 'read-write', expires: '30' })
    expect(made.status).toBe(200)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const token = /data-t="key-once">(rcw_[A-Za-z0-9]{28})</.exec(made.text)?.[1] ?? ''
    const { text } = await person.get(PAGE)
    expect(text).toContain('Laptop')
    expect(text).toContain(`${token.slice(0, 8)}…`)
    expect(text).not.toContain(token)
  })

  it('open the account of whoever made them, until they expire or are revoked', async () => {
    const { actions, store } = site.appliance.app
    const made = await person.submit(PAGE, { name: 'Laptop', access: 'read-only', expires: '30' })
    const token = /rcr_[A-Za-z0-9]{28}/.exec(made.text)?.[0] ?? ''
    expect(await actions.accessTokens.open(token, null)).toMatchObject({
      user: { email: 'ada@example.org' },
      access: 'read-only',
    })
    const later = await person.submit(PAGE, { name: 'Other', access: 'read-write', expires: '' })
    const other = /rcw_[A-Za-z0-9]{28}/.exec(later.text)?.[0] ?? ''
    expect(await actions.accessTokens.open(other, null)).not.toBeNull()
    const ada = await store.users.findByEmail('ada@example.org')
    const [, second] = await store.accessTokens.ofUser(ada?.id ?? 0)
    const revoke = `${PAGE}${second?.code}/revoke/`
    expect((await person.get(revoke)).text).toContain('Revoke Other?')
    expect((await person.submit(revoke, {})).location).toBe(PAGE)
    expect((await person.get(PAGE)).text).toContain('Token Other revoked. Requests using it now fail.')
    expect(await actions.accessTokens.open(other, null)).toBeNull()
    site.pass(30 * DAY - 1)
    expect(await actions.accessTokens.open(token, null)).not.toBeNull()
    site.pass(1)
    expect(await actions.accessTokens.open(token, null)).toBeNull()
  })

  it('are shown, and made, only to whoever has just shown who they are', async () => {
    const other = await somebody(site, 'wes@example.org')
    expect((await other.get(PAGE)).location).toContain('/accounts/reauth/')
  })

  describe('when the password', () => {
    const NEW = 'quite another password'
    let opens: () => Promise<boolean>

    beforeEach(async () => {
      const made = await person.submit(PAGE, { name: 'Laptop', access: 'read-only', expires: '' })
      const token = /rcr_[A-Za-z0-9]{28}/.exec(made.text)?.[0] ?? ''
      opens = async () => (await site.appliance.app.actions.accessTokens.open(token, null)) !== null
    })

    it('is changed, go on, unless that is not wanted', async () => {
      const change = '/accounts/set_password/'
      expect((await person.get(change)).text).toContain('Revoke my access token, too')
      await person.submit(change, { password: NEW, repeat: NEW })
      expect(await opens()).toBe(true)
      await confirm(person, change, NEW)
      await person.submit(change, { password: ADA.password, repeat: ADA.password, revoke: 'true' })
      expect(await opens()).toBe(false)
      expect((await person.get('/accounts/profile/security/')).text).toContain(
        'Password set (1 access token revoked)',
      )
      expect((await person.get(change)).text).not.toContain('access token')
    })

    it('is set by a link, end', async () => {
      await aPerson(site.url).submit('/accounts/password_reset/', { identity: ADA.email })
      const link = linkIn((await mailed(site)).at(-1)!, site)
      await aPerson(site.url).submit(link, { password: NEW, repeat: NEW })
      expect(await opens()).toBe(false)
    })

    it('or the address is in the hands of somebody else, end', async () => {
      await confirm(person, '/accounts/change_email/')
      await person.submit('/accounts/change_email/', { email: 'new@example.org' })
      const notice = (await mailed(site)).find(({ to }) => to === ADA.email)
      expect(await opens()).toBe(true)
      await aPerson(site.url).submit(linkIn(notice!, site), {})
      expect(await opens()).toBe(false)
    })
  })

  it('want a name, and there are twenty at most', async () => {
    expect((await person.submit(PAGE, { name: '  ' })).status).toBe(422)
    const { actions, store } = site.appliance.app
    const ada = (await store.users.findByEmail('ada@example.org'))!
    for (let i = 0; i < 20; i++) {
      await actions.accessTokens.add(ada, { name: `${i}`, access: 'read-only', expiresInDays: null })
    }
    expect((await person.get(PAGE)).text).toContain('Your account has 20 tokens')
    const more = await actions.accessTokens.add(ada, { name: 'x', access: 'read-only', expiresInDays: 1 })
    expect(more).toMatchObject({ ok: false, problem: { code: 'conflict' } })
  })

  it('are nobody else’s to see or revoke', async () => {
    await person.submit(PAGE, { name: 'Laptop', access: 'read-write' })
    const { store } = site.appliance.app
    const ada = await store.users.findByEmail('ada@example.org')
    const [token] = await store.accessTokens.ofUser(ada?.id ?? 0)
    const other = await somebody(site, 'wes@example.org')
    await confirm(other, PAGE)
    expect((await other.get(PAGE)).text).not.toContain('Laptop')
    expect((await other.get(`${PAGE}${token?.code}/revoke/`)).status).toBe(404)
    expect((await aPerson(site.url).get(PAGE)).location).toContain('/accounts/login/')
  })
})
