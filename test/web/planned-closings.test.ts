import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time'
import { confirm, mailed } from '../support/account'
import { join, somebody } from '../support/cast'
import { databases } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Answer, Person } from '../support/person'

const OLGA = 'olga@example.org'

let site: LocalSite
let ada: Person
let olga: Awaited<ReturnType<typeof somebody>>

const page = () => `/admin/users/${olga.userId}/`

const press = (part: string, fields: Record<string, string> = {}): Promise<Answer> =>
  ada.submit(page(), fields, `${page()}${part}/`)

const trail = async () =>
  (await site.appliance.app.store.audit.list({}, 50)).map(({ action, actor }) => `${action} by ${actor}`)

const isThere = async () => (await site.appliance.app.store.users.findByEmail(OLGA)) !== null

describe.each(databases)('an account whose deletion is planned, on $name', (database) => {
  let config: Awaited<ReturnType<typeof database.fresh>>

  beforeEach(async () => {
    config = await database.fresh()
    site = await localSite({}, { database: config })
    ada = await anAdministrator(site)
    olga = await somebody(site, OLGA)
    await confirm(ada, page())
  })

  afterEach(() => site.close())

  it('is told of it, and goes on its day and not before, also after a restart', async () => {
    expect((await press('plan_deletion', { days: '0' })).status).toBe(422)
    expect((await press('plan_deletion', { days: '30' })).status).toBe(303)
    expect((await olga.get('/?all=1')).text).toContain('scheduled for deletion on 2026-')
    expect((await ada.get('/?all=1')).text).not.toContain('scheduled for deletion')
    const [mail] = await mailed(site)
    expect(mail).toMatchObject({ to: OLGA, subject: expect.stringContaining('will be closed on 2026-') })

    site.pass(29 * DAY)
    await site.appliance.turn()
    expect(await isThere()).toBe(true)

    await site.close()
    site = await localSite({}, { database: config })
    site.pass(30 * DAY)
    await site.appliance.turn()
    expect(await isThere()).toBe(false)
    expect(await site.appliance.app.store.projects.findByCode(olga.projectCode)).toBeNull()
    expect(await trail()).toEqual(['account-closed by as planned', `closing-planned by ${ADA.email}`])
  })

  it('stays when somebody cancels', async () => {
    await press('plan_deletion', { days: '3' })
    expect((await press('cancel_deletion')).status).toBe(303)
    expect((await olga.get('/?all=1')).text).not.toContain('scheduled for deletion')
    site.pass(10 * DAY)
    await site.appliance.turn()
    expect(await isThere()).toBe(true)
    expect(await trail()).toEqual([`closing-cancelled by ${ADA.email}`, `closing-planned by ${ADA.email}`])
  })

  it('stays when nobody else would be left to look after the site', async () => {
    const { store } = site.appliance.app
    await press('plan_deletion', { days: '3' })
    await store.administration.setAdmin(olga.userId, true)
    const me = (await store.users.findByEmail(ADA.email))!
    expect(await store.administration.setAdmin(me.id, false)).toBe(true)
    site.pass(10 * DAY)
    await site.appliance.turn()
    expect(await isThere()).toBe(true)
    expect(site.logged.at(-1)?.message).toBe('an account was not closed on its day')
    expect((await store.users.find(olga.userId))?.closeAt).toBeNull()
  })
})

describe('an account that is deleted now', () => {
  beforeEach(async () => {
    site = await localSite()
    ada = await anAdministrator(site)
    olga = await somebody(site, OLGA)
  })

  afterEach(() => site.close())

  it('is asked about as by its owner, and goes at once', async () => {
    const wes = await somebody(site, 'wes@example.org')
    await join(site, olga.projectCode, wes, 'member')
    const path = `${page()}delete/`
    expect((await ada.get(path)).location).toContain('/accounts/reauth/')
    await confirm(ada, path)
    const asked = await ada.get(path)
    expect(asked.text).toContain('1 person loses access')
    const undecided = await ada.submit(path, { typed: OLGA })
    expect(undecided.status).toBe(422)
    expect(undecided.text).toContain('Decide what happens to Home.')
    const decided = { [`delete-${olga.projectCode}`]: '1' }
    expect((await ada.submit(path, { ...decided, typed: 'wrong' })).status).toBe(422)
    expect(await isThere()).toBe(true)

    const gone = await ada.submit(path, { ...decided, typed: OLGA })
    expect(gone).toMatchObject({ status: 303, location: '/admin/users/' })
    expect(await isThere()).toBe(false)
    expect((await olga.get('/?all=1')).location).toContain('/accounts/login/')
    expect((await wes.get(`/projects/${olga.projectCode}/checks/`)).status).toBe(404)
    expect(await trail()).toEqual([`account-closed by ${ADA.email}`])
  })

  it('is never one’s own', async () => {
    const me = (await site.appliance.app.store.users.findByEmail(ADA.email))!
    const path = `/admin/users/${me.id}/`
    await confirm(ada, path)
    expect((await ada.get(path)).text).not.toContain('plan_deletion')
    expect((await ada.submit(path, { typed: ADA.email }, `${path}delete/`)).status).toBe(409)
    expect((await ada.submit(path, { days: '3' }, `${path}plan_deletion/`)).status).toBe(409)
  })
})

describe('an account that an administrator adds', () => {
  afterEach(() => site.close())

  it.each([
    ['gets the link by mail, too', { EMAIL_HOST: 'localhost' }, 1],
    ['gets no mail where none goes out', { EMAIL_HOST: '' }, 0],
  ])('%s', async (_what, env, count) => {
    site = await localSite(env)
    ada = await anAdministrator(site)
    const added = await ada.submit('/admin/users/', { email: 'new@example.org' })
    const link = /data-t="one-time-link">([^<]+)</.exec(added.text)?.[1] ?? ''
    expect(link).toContain('/accounts/password_reset/')
    const mails = await mailed(site)
    expect(mails.map(({ to }) => to)).toEqual(count === 0 ? [] : ['new@example.org'])
    for (const { text } of mails) expect(text).toContain(link)
    const stranger = aPerson(site.url)
    expect((await stranger.get(new URL(link).pathname)).status).toBe(200)
  })
})
