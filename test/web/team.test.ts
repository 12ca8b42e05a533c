import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time'
import { confirm, linkIn, mailed } from '../support/account'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

type Somebody = Awaited<ReturnType<typeof somebody>>

let site: LocalSite
let olga: Somebody
let mia: Somebody
let wes: Somebody
let project: string

async function begin(env: Record<string, string> = {}): Promise<void> {
  site = await localSite(env)
  await anAdministrator(site)
  olga = await somebody(site, 'olga@example.org')
  mia = await somebody(site, 'mia@example.org')
  wes = await somebody(site, 'wes@example.org')
  project = `/projects/${olga.projectCode}/`
  await join(site, olga.projectCode, mia, 'manager')
  await join(site, olga.projectCode, wes, 'member')
}

beforeEach(() => begin())
afterEach(() => site.close())

const roleOf = async ({ userId }: Pick<Somebody, 'userId'>) => {
  const { members, projects } = site.appliance.app.store
  return members.roleIn((await projects.findByCode(olga.projectCode))?.id ?? 0, userId)
}

const team = () => `${project}settings/team/`

function invite(by: Person, email: string, role = 'member'): Promise<Answer> {
  return by.submit(team(), { email, role })
}

describe('an invitation', () => {
  it('is mailed, and makes a member of whoever accepts it, once', async () => {
    const xena = await somebody(site, 'xena@example.org')
    await mailed(site)
    expect((await invite(mia, ' Xena@Example.org ', 'read-only')).location).toBe(team())
    expect((await mia.get(team())).text).toContain('Invitation sent to xena@example.org.')
    const [mail] = await mailed(site)
    expect(mail).toMatchObject({ to: 'xena@example.org' })
    expect(mail?.subject).toContain('Invitation to Home')
    expect(mail?.text).toContain('mia@example.org would like you to work in the project Home')
    const link = linkIn(mail!, site)
    expect((await xena.get(link)).text).toContain('looks at checks'.replace('looks', 'you look'))
    const accepted = await xena.submit(link, { answer: 'accept' })
    expect(accepted.location).toBe(`${project}checks/`)
    expect((await xena.get(accepted.location)).text).toContain('You joined Home as Read-only.')
    expect(await roleOf(xena)).toBe('read-only')
    expect((await xena.get(link)).status).toBe(404)
  })

  it('makes an account for an address that has none, also where registration is closed', async () => {
    await site.close()
    await begin({ EMAIL_HOST: '' })
    const shown = await invite(mia, 'new@example.org')
    expect(shown.status).toBe(200)
    expect(shown.headers.get('cache-control')).toBe('no-store')
    expect(shown.text).toContain('Send this link to new@example.org yourself.')
    const link = /data-t="invite-link">[^<]*(\/invites\/[\w-]+\/)</.exec(shown.text)?.[1] ?? ''
    expect((await mia.get(team())).text).not.toContain(link)

    const stranger = aPerson(site.url)
    expect((await stranger.submit(link, { password: 'short', repeat: 'short' })).status).toBe(422)
    const password = 'a long password of somebody new'
    const joined = await stranger.submit(link, { password, repeat: password, tz: 'Europe/Riga' })
    expect(joined.location).toBe(`${project}checks/`)
    expect((await stranger.get(joined.location)).text).toContain('You joined Home as Member.')
    expect((await stranger.get(`${project}checks/add/`)).status).toBe(200)
    expect(await site.appliance.app.store.users.findByEmail('new@example.org')).toMatchObject({
      tz: 'Europe/Riga',
      isAdmin: false,
      emailProven: false,
    })
    expect((await aPerson(site.url).get(link)).status).toBe(404)
  })

  /** What a manager is shown instead of a mail. */
  async function shownLink(email: string): Promise<string> {
    await invite(mia, email)
    await mailed(site)
    const action =
      /action="([^"]*\/invitations\/[^"]*\/link\/)"/.exec((await mia.get(team())).text)?.[1] ?? ''
    const { text } = await mia.submit(team(), {}, action)
    return /data-t="invite-link">[^<]*(\/invites\/[\w-]+\/)</.exec(text)?.[1] ?? ''
  }

  const accountOf = (email: string) => site.appliance.app.store.users.findByEmail(email)

  it('makes an account without a password by a link that was mailed, because that shows whose the address is', async () => {
    await invite(mia, 'new@example.org')
    const link = linkIn((await mailed(site))[0]!, site)
    expect((await aPerson(site.url).submit(link, {})).location).toBe(`${project}checks/`)
    expect(await accountOf('new@example.org')).toMatchObject({ passwordHash: null })
  })

  it('makes no account by a link that somebody else has seen, before the address is shown to be theirs', async () => {
    const link = await shownLink('new@example.org')
    const stranger = aPerson(site.url)
    expect((await stranger.get(link)).text).not.toContain('type="password"')
    const password = 'a long password of whoever has the link'
    const asked = await stranger.submit(link, { password, repeat: password })
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('A link is on its way to n…@example.org.')
    expect(asked.text).not.toContain('new@example.org')
    expect(await accountOf('new@example.org')).toBeNull()

    const [mail] = await mailed(site)
    expect(mail).toMatchObject({ to: 'new@example.org' })
    const owner = aPerson(site.url)
    const proof = linkIn(mail!, site)
    expect((await owner.submit(proof, { password, repeat: password })).location).toBe(`${project}checks/`)
    expect(await accountOf('new@example.org')).not.toBeNull()
    expect((await aPerson(site.url).get(proof)).status).toBe(404)
    expect((await aPerson(site.url).get(link)).status).toBe(404)
  })

  it('opens no account that there is by a link that somebody else has seen', async () => {
    const xena = await somebody(site, 'xena@example.org')
    const link = await shownLink('xena@example.org')
    const stranger = aPerson(site.url)
    const sent = await stranger.submit('/accounts/login/', { answer: 'accept' }, link)
    expect(sent.location).toContain('/accounts/login/')
    expect(await roleOf(xena)).toBeNull()
    await xena.submit(link, { answer: 'accept' })
    expect(await roleOf(xena)).toBe('member')
  })

  it('sends few links to an address, and none once it is revoked', async () => {
    const link = await shownLink('new@example.org')
    const stranger = aPerson(site.url)
    await stranger.submit(link, {})
    const proof = linkIn((await mailed(site))[0]!, site)
    for (let i = 1; i < 10; i++) expect((await stranger.submit(link, {})).status).toBe(200)
    expect((await stranger.submit(link, {})).status).toBe(429)
    site.pass(HOUR)
    expect((await aPerson(site.url).get(proof)).status).toBe(404)
    await stranger.submit(link, {})
    const fresh = linkIn((await mailed(site)).at(-1)!, site)
    const revoke = /action="([^"]*\/revoke\/)"/.exec((await mia.get(team())).text)?.[1] ?? ''
    await mia.submit(team(), {}, revoke)
    expect((await aPerson(site.url).get(fresh)).status).toBe(404)
  })

  it('is answered from the list of projects, too', async () => {
    await invite(mia, 'wes@example.org')
    const other = await somebody(site, 'xena@example.org')
    await invite(mia, 'xena@example.org', 'manager')
    const page = await other.get('/')
    expect(page.text).toContain('mia@example.org invites you to Home, as Manager.')
    const action = /action="(\/accounts\/profile\/invitations\/[^"]+)"/.exec(page.text)?.[1] ?? ''
    await other.submit('/', { answer: 'accept' }, action)
    expect(await roleOf(other)).toBe('manager')
    expect((await other.get('/?all=1')).text).not.toContain('data-t="offer"')
  })

  it('is not shown to whoever only says that the address is theirs, until a mail proves it', async () => {
    await invite(mia, 'new@example.org')
    const { invitations, projects } = site.appliance.app.store
    const home = await projects.findByCode(olga.projectCode)
    const [{ code } = { code: '' }] = await invitations.ofProject(home?.id ?? 0, 0)
    // As an account is that was made while the site had no mail server.
    const xena = await somebody(site, 'new@example.org', { isProven: false })
    expect((await xena.get('/accounts/profile/')).text).not.toContain(code)
    expect((await xena.get('/?all=1')).text).not.toContain('data-t="offer"')
    const accept = () =>
      xena.submit('/accounts/profile/', { answer: 'accept' }, `/accounts/profile/invitations/${code}/`)
    expect((await accept()).status).toBe(404)
    expect(await roleOf(xena)).toBeNull()

    await mailed(site)
    await aPerson(site.url).submit('/accounts/login/', { action: 'link', identity: 'new@example.org' })
    await aPerson(site.url).submit(linkIn((await mailed(site))[0]!, site), {})
    expect((await xena.get('/accounts/profile/')).text).toContain(code)
    expect((await accept()).status).toBe(303)
    expect(await roleOf(xena)).toBe('member')
  })

  it.each([
    ['a link to set a password', 'reset'],
    ['the link of another invitation', 'invitation'],
    ['a code that was mailed', 'code'],
  ])('is shown to whoever has shown by %s that the address is theirs', async (_, how) => {
    const email = 'new@example.org'
    const { users } = site.appliance.app.store
    const isProven = async () => (await users.findByEmail(email))?.emailProven
    const password = 'a long password of somebody new'
    if (how === 'invitation') {
      await invite(mia, email)
      await aPerson(site.url).submit(linkIn((await mailed(site))[0]!, site), { password, repeat: password })
      return expect(await isProven()).toBe(true)
    }
    const xena = await somebody(site, email, { isProven: false })
    expect(await isProven()).toBe(false)
    if (how === 'reset') {
      await xena.get('/')
      await aPerson(site.url).submit('/accounts/password_reset/', { identity: email })
      const link = linkIn((await mailed(site))[0]!, site)
      await aPerson(site.url).submit(link, { password, repeat: password })
    } else {
      await xena.submit('/accounts/reauth/', { action: 'send' })
      const code = /^\s+(\d{6})$/m.exec((await mailed(site))[0]?.text ?? '')?.[1] ?? ''
      await xena.submit('/accounts/reauth/', { way: 'code', code, next: '/' })
    }
    expect(await isProven()).toBe(true)
  })

  it('is for nobody else', async () => {
    await invite(mia, 'xena@example.org')
    const link = linkIn((await mailed(site))[0]!, site)
    const other = await wes.submit(link, { answer: 'accept' })
    expect(other.text).toContain('This invitation is for x…@example.org. Sign out and use the right account.')
    await wes.submit(link, { answer: 'decline' })
    expect((await aPerson(site.url).get(link)).status).toBe(200)
  })

  it('sends whoever has an account to the sign-in, and can be declined', async () => {
    await mailed(site)
    const xena = await somebody(site, 'xena@example.org')
    await invite(mia, 'xena@example.org')
    const link = linkIn((await mailed(site))[0]!, site)
    const stranger = aPerson(site.url)
    expect((await stranger.get(link)).text).toContain(`/accounts/login/?next=${encodeURIComponent(link)}`)
    await xena.submit(link, { answer: 'decline' })
    expect(await roleOf(xena)).toBeNull()
    expect((await xena.get(link)).status).toBe(404)
  })

  it('ends after a week, when it is revoked, and when another link takes its place', async () => {
    await invite(mia, 'a@example.org')
    const [first] = await mailed(site)
    const part = (name: string, text: string) =>
      new RegExp(`action="([^"]*/invitations/[^"]*/${name}/)"`).exec(text)?.[1] ?? ''
    const resent = await mia.submit(team(), {}, part('resend', (await mia.get(team())).text))
    expect(resent.status).toBe(303)
    const [second] = await mailed(site)
    expect((await aPerson(site.url).get(linkIn(first!, site))).status).toBe(404)
    expect((await aPerson(site.url).get(linkIn(second!, site))).status).toBe(200)
    await mia.submit(team(), {}, part('revoke', (await mia.get(team())).text))
    expect((await aPerson(site.url).get(linkIn(second!, site))).status).toBe(404)

    await invite(mia, 'b@example.org')
    const [third] = await mailed(site)
    site.pass(7 * DAY)
    expect((await aPerson(site.url).get(linkIn(third!, site))).status).toBe(404)
  })

  it('goes to nobody twice, to nobody who is there, and to twenty a day', async () => {
    expect((await invite(mia, 'olga@example.org')).text).toContain(
      'olga@example.org is already in this project.',
    )
    expect((await invite(mia, 'nonsense')).status).toBe(422)
    expect((await invite(mia, 'x@example.org', 'owner')).status).toBe(422)
    await invite(mia, 'x@example.org')
    expect((await invite(mia, 'x@example.org')).text).toContain(
      'x@example.org already has an open invitation.',
    )
    let last: Answer | null = null
    for (let i = 0; i < 20; i++) last = await invite(mia, `x${i}@example.org`)
    expect(last?.status).toBe(429)
    expect(last?.text).toContain('You have invited many people today. Try again tomorrow.')
  })
})

describe('the team', () => {
  it('gets other roles from managers, which count at the next request', async () => {
    const change = `${team()}${wes.userId}/role/`
    await mia.submit(team(), { role: 'read-only' }, change)
    expect((await mia.get(team())).text).toContain('wes@example.org is now Read-only.')
    const forged = await wes.post(`${project}checks/add/`, { csrf: csrfIn((await wes.get(team())).text) })
    expect(forged.status).toBe(403)
    expect((await wes.get(team())).text).not.toContain('data-t="submit"')
  })

  it('does not let a manager touch the owner, nor themselves, nor make an owner', async () => {
    const post = (path: string, fields: Record<string, string>) => mia.submit(team(), fields, path)
    expect((await post(`${team()}${olga.userId}/remove/`, {})).status).toBe(403)
    expect((await post(`${team()}${olga.userId}/role/`, { role: 'member' })).status).toBe(403)
    const self = await post(`${team()}${mia.userId}/remove/`, {})
    expect(self.status).toBe(422)
    expect(self.text).toContain('Use Leave on your account page.')
    expect((await post(`${team()}${wes.userId}/role/`, { role: 'owner' })).status).toBe(422)
    expect((await post(`${team()}999/role/`, { role: 'member' })).status).toBe(404)
    expect([await roleOf(olga), await roleOf(mia), await roleOf(wes)]).toEqual(['owner', 'manager', 'member'])
  })

  it('loses people, who lose access', async () => {
    const remove = `${team()}${wes.userId}/remove/`
    expect((await mia.get(remove)).text).toContain('wes@example.org loses access now.')
    await mia.submit(remove, {})
    expect((await wes.get(`${project}checks/`)).status).toBe(404)
  })

  it('can be left, but not by the owner', async () => {
    expect((await wes.submit(`${project}leave/`, {})).location).toBe('/')
    expect(await roleOf(wes)).toBeNull()
    expect((await olga.submit(team(), {}, `${project}leave/`)).status).toBe(403)
  })
})

describe('the ownership of a project', () => {
  beforeEach(() => confirm(olga, `${project}transfer/`))

  const ask = () => olga.submit(`${project}transfer/`, { email: 'wes@example.org' })

  it('goes to a member who accepts; who owned it becomes a member', async () => {
    expect((await ask()).status).toBe(303)
    const mail = (await mailed(site)).find(({ to }) => to === 'wes@example.org')
    expect(linkIn(mail!, site)).toBe(`${project}transfer/`)
    expect((await wes.get(`${project}transfer/`)).text).toContain('data-t="accept"')
    const forged = await mia.submit(team(), {}, `${project}transfer/accept/`)
    expect(forged.status).toBe(403)
    expect(await roleOf(olga)).toBe('owner')
    expect((await wes.submit(team(), {}, `${project}transfer/accept/`)).status).toBe(303)
    expect([await roleOf(olga), await roleOf(wes)]).toEqual(['member', 'owner'])
    expect((await wes.get(`${project}checks/`)).text).toContain('You now own Home.')
  })

  it('stays where it is when the request is cancelled or rejected', async () => {
    await ask()
    await olga.submit(`${project}transfer/`, {}, `${project}transfer/cancel/`)
    expect((await wes.submit(team(), {}, `${project}transfer/accept/`)).status).toBe(403)
    await ask()
    await wes.submit(team(), {}, `${project}transfer/reject/`)
    expect((await wes.get(`${project}transfer/`)).status).toBe(403)
    expect(await roleOf(olga)).toBe('owner')
  })

  it('does not go to somebody whose limit it would exceed', async () => {
    const { store } = site.appliance.app
    const mine = (await store.projects.findByCode(olga.projectCode))!
    for (let i = 0; i < 100; i++) {
      const name = `check ${i}`
      await store.checks.add({
        projectId: mine.id,
        name,
        slug: name,
        tags: '',
        description: '',
        schedule: { kind: 'period', periodMs: DAY },
        graceMs: DAY,
        createdAt: 0,
      })
    }
    await ask()
    const page = await wes.get(`${project}transfer/`)
    expect(page.text).toContain('Your limit is 100 checks, you use 1; this project has 101.')
    expect(page.text).not.toContain('data-t="accept"')
    await wes.submit(team(), {}, `${project}transfer/accept/`)
    expect(await roleOf(olga)).toBe('owner')
  })

  it('needs a look at who it is', async () => {
    const later = aPerson(site.url)
    await later.submit('/accounts/login/', {
      action: 'login',
      email: 'olga@example.org',
      password: 'a very long password',
    })
    expect((await later.get(`${project}transfer/`)).location).toContain('/accounts/reauth/')
    expect((await later.get(`${project}remove/`)).location).toContain('/accounts/reauth/')
  })
})

describe('a project', () => {
  it('is made by anybody, and begins empty', async () => {
    expect((await wes.submit('/projects/add/', { name: ' ' })).text).toContain('Give the project a name.')
    const made = await wes.submit('/projects/add/', { name: 'Garden' })
    const page = await wes.get(made.location)
    expect(page.text).toContain('Project created.')
    expect((await wes.get('/?all=1')).text).toContain('Garden')
  })

  it('gets another name from a member, and another length of its logs from its owner only', async () => {
    expect((await wes.submit(`${project}settings/`, { name: 'Attic' })).status).toBe(303)
    expect((await wes.get(`${project}settings/`)).text).toContain('Name saved.')
    expect((await wes.submit(team(), { limit: '500' }, `${project}settings/log_size/`)).status).toBe(403)
    expect((await olga.submit(team(), { limit: '99' }, `${project}settings/log_size/`)).status).toBe(422)
    expect((await olga.submit(team(), { limit: '500' }, `${project}settings/log_size/`)).status).toBe(303)
    expect(await site.appliance.app.store.projects.findByCode(olga.projectCode)).toMatchObject({
      name: 'Attic',
      pingLogLimit: 500,
    })
  })

  it('goes when its owner types its name', async () => {
    const remove = `${project}remove/`
    const { store } = site.appliance.app
    const [check] = await store.checks.ofProject((await store.projects.findByCode(olga.projectCode))!.id)
    await confirm(olga, remove)
    expect((await olga.get(remove)).text).toContain('1 check, 1 integration')
    expect((await olga.submit(remove, { typed: 'home' })).text).toContain('Type Home to confirm.')
    expect((await olga.submit(remove, { typed: 'Home' })).location).toBe('/')
    expect((await olga.get('/')).text).toContain('Home was removed. Stored ping bodies are being deleted.')
    expect((await wes.get(`${project}checks/`)).status).toBe(404)
    expect((await fetch(`${site.url}/ping/${check?.code}`)).status).toBe(404)
  })
})
