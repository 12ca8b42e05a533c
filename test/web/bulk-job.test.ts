import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { MINUTE } from '../../src/core/time'
import { aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

/** More checks than one request waits for, and so many that they are changed in several goes. */
const MANY = 520

let site: LocalSite
let ada: Person
let list: string
let projectId: number

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  const { checks, projects } = site.appliance.app.store
  projectId = (await projects.findByCode(list.split('/')[2] ?? ''))?.id ?? 0
  for (let i = 1; i < MANY; i++) await checks.add(aNewCheck(projectId, { name: `Job ${i}`, tags: 'many' }))
})
afterEach(() => site.close())

async function begin(person: Person, fields: Record<string, string>): Promise<string> {
  const csrf = csrfIn((await person.get(list)).text)
  const answer = await person.post(`${list}bulk/`, { csrf, back: list, sure: 'yes', ...fields })
  return answer.location
}

/** Looks again, as the page does by itself, until it leads back. */
async function done(person: Person, job: string): Promise<Answer> {
  for (;;) {
    const answer = await person.get(job)
    if (answer.status === 303) return await person.get(answer.location)
    if (answer.status !== 200) throw new Error(`The page of the job answers ${answer.status}`)
  }
}

const said = ({ text }: Answer): string => /data-t="flash"[^]*?<span>([^<]+)</.exec(text)?.[1] ?? ''

const all = (): Promise<Check[]> => site.appliance.app.store.checks.ofProject(projectId)

describe('a change of very many checks', () => {
  it('is not waited for: a page says how far it is, and leads back when it is done', async () => {
    const job = await begin(ada, { do: 'pause', matching: 'all' })
    expect(job).toMatch(/^\/checks\/bulk\/[0-9a-f-]{36}\/$/)
    const page = await ada.get(job)
    if (page.status === 200) {
      expect(page.text).toContain(`Pausing ${MANY} checks`)
      expect(page.headers.get('refresh')).toBe('2')
    }
    expect(said(await done(ada, job))).toBe(`Paused ${MANY} checks.`)
    expect((await all()).filter(({ status }) => status === 'paused')).toHaveLength(MANY)
    expect((await ada.get(job)).status).toBe(404)
  })

  it('is for whoever wanted it alone', async () => {
    const job = await begin(ada, { do: 'pause', matching: 'all' })
    const wes = await somebody(site, 'wes@example.org')
    expect((await wes.get(job)).status).toBe(404)
    await done(ada, job)
  })

  it('goes on when its page is opened, after the process ended in the middle', async () => {
    const { bulkJobs, users } = site.appliance.app.store
    const me = await users.findByEmail('ada@example.org')
    const checkIds = (await all()).map(({ id }) => id)
    // As it is left: somebody took the first hundred, and never came back.
    const facts = { code: 'f3b1c9f0-0000-4000-8000-000000000001', userId: me!.id, back: list, checkIds }
    await bulkJobs.add({ ...facts, wanted: '{"do":"add_tag","tag":"old"}', createdAt: 0 }, 0)
    const nowAt = site.appliance.app.clock()
    await bulkJobs.claim(facts.code, { nowAt, untilAt: nowAt + MINUTE, most: 100 })
    const { text } = await ada.get(list)
    expect(text).toContain(`href="/checks/bulk/${facts.code}/"`)
    expect((await ada.get(`/checks/bulk/${facts.code}/`)).text).toContain(`0 of ${MANY}`)
    site.pass(MINUTE)
    expect(said(await done(ada, `/checks/bulk/${facts.code}/`))).toBe(`Tagged ${MANY} checks.`)
  })

  it('ends for whoever has lost the role that it takes', async () => {
    const wes = await somebody(site, 'wes@example.org')
    await join(site, list.split('/')[2] ?? '', wes, 'read-only')
    const { bulkJobs } = site.appliance.app.store
    const checkIds = (await all()).map(({ id }) => id)
    const code = 'f3b1c9f0-0000-4000-8000-000000000002'
    const wanted = '{"do":"remove"}'
    await bulkJobs.add({ code, userId: wes.userId, back: list, checkIds, wanted, createdAt: 0 }, 0)
    expect(said(await done(wes, `/checks/bulk/${code}/`))).toBe(
      `Removed 0 checks. ${MANY} were gone meanwhile.`,
    )
    expect(await all()).toHaveLength(MANY)
  })
})
