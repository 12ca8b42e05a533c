import { afterEach, describe, expect, it } from 'vitest'
import { confirm, LOGIN, mailed, signIn } from '../support/account'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'

const PAGE = '/accounts/close/'
const OLGA = 'olga@example.org'

let site: LocalSite

afterEach(() => site.close())

/** Olga, who owns a project and has confirmed who she is, and her check. */
async function olga(env: Record<string, string> = {}) {
  site = await localSite(env)
  await anAdministrator(site)
  const person = await somebody(site, OLGA)
  await confirm(person, PAGE)
  const { checks, projects } = site.appliance.app.store
  const project = await projects.findByCode(person.projectCode)
  const [check] = await checks.ofProject(project?.id ?? 0)
  return { person, check: check?.code ?? '', projectId: project?.id ?? 0 }
}

describe('closing an account', () => {
  it('asks for its address, and says what goes', async () => {
    const { person, check } = await olga()
    await fetch(`${site.url}/ping/${check}`)
    const page = await person.get(PAGE)
    expect(page.text).toContain('1 check, 1 ping')
    const wrong = await person.submit(PAGE, { typed: 'no' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain(`Type ${OLGA} to confirm.`)
    expect((await fetch(`${site.url}/ping/${check}`)).status).toBe(200)
  })

  it('removes everything at once: pings find nothing, sessions and keys are over', async () => {
    const { person, check, projectId } = await olga()
    const { apiKeys, users, projects } = site.appliance.app.store
    const elsewhere = aPerson(site.url)
    await signIn(elsewhere, {}, { email: OLGA, password: ADA.password })
    const done = await person.submit(PAGE, { typed: OLGA.toUpperCase() })
    expect(done).toMatchObject({ status: 303, location: `${LOGIN}?notice=closed` })
    expect((await person.get(done.location)).text).toContain('Account closed. Its data is being deleted.')

    expect((await fetch(`${site.url}/ping/${check}`)).status).toBe(404)
    expect((await elsewhere.get('/')).location).toMatch(/^\/accounts\/login\//)
    expect((await signIn(aPerson(site.url), {}, { email: OLGA, password: ADA.password })).status).toBe(422)
    expect(await users.findByEmail(OLGA)).toBeNull()
    expect(await projects.find(projectId)).toBeNull()
    expect(await apiKeys.ofProject(projectId)).toEqual([])
  })

  it('says good-bye by mail when nothing is left', async () => {
    const { person } = await olga()
    await person.submit(PAGE, { typed: OLGA })
    await site.appliance.turn()
    const [mail] = await mailed(site)
    expect(mail?.to).toBe(OLGA)
    expect(mail?.text).toContain('1 project, 1 check, 0 pings and 0 bodies in object storage')
  })

  it('wants to know what becomes of projects that others work in', async () => {
    const { person } = await olga()
    const wes = await somebody(site, 'wes@example.org')
    await join(site, person.projectCode, wes, 'member')
    const undecided = await person.submit(PAGE, { typed: OLGA })
    expect(undecided.status).toBe(422)
    expect(undecided.text).toContain('Decide what happens to')
    expect(undecided.text).toContain('1 person loses access')
    const done = await person.submit(PAGE, { typed: OLGA, [`delete-${person.projectCode}`]: '1' })
    expect(done.status).toBe(303)
    expect((await wes.get(`/projects/${person.projectCode}/checks/`)).status).toBe(404)
  })

  it('leaves what belongs to others', async () => {
    const { person } = await olga()
    const wes = await somebody(site, 'wes@example.org')
    await join(site, wes.projectCode, person, 'manager')
    await person.submit(PAGE, { typed: OLGA })
    const { members, projects } = site.appliance.app.store
    const project = await projects.findByCode(wes.projectCode)
    expect(await members.ofProject(project?.id ?? 0)).toEqual([])
    expect((await wes.get(`/projects/${wes.projectCode}/checks/`)).status).toBe(200)
  })

  it('is not for the last administrator', async () => {
    const { person } = await olga()
    const ada = aPerson(site.url)
    await signIn(ada)
    await confirm(ada, PAGE)
    const refused = await ada.submit(PAGE, { typed: ADA.email })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('You are the only administrator. Make someone else administrator first.')
    await somebody(site, 'adam@example.org', { isAdmin: true })
    expect((await ada.submit(PAGE, { typed: ADA.email })).status).toBe(303)
    expect((await person.get(PAGE)).status).toBe(200)
  })
})
