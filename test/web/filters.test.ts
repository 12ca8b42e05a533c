import { afterEach, beforeEach, expect, it } from 'vitest'
import { aNewCheck, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person
let base: string
let projectId: number

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  const project = await site.appliance.app.store.projects.findByCode(
    (await person.get('/')).location.split('/')[2] ?? '',
  )
  projectId = project!.id
  const [check] = await site.appliance.app.store.checks.ofProject(projectId)
  base = `/checks/${check!.code}/`
})
afterEach(() => site.close())

it.each([
  [{ sample_body: 'all good, no ERROR' }, 'It would count as failure (matched “ERROR”).'],
  [{ sample_body: 'all good' }, 'It would count as success (matched “good”).'],
  [{ sample_body: 'hm', sample_subject: 'ERROR' }, 'It would be ignored (no keyword matched).'],
  [{ sample_body: 'hm', filter_default_fail: 'true' }, 'It would count as failure (no keyword matched).'],
  [
    { sample_body: 'ERROR', filter_http_body: '' },
    'The rules look into nothing, so that what the address says counts.',
  ],
])('tells what a sample would be by the rules as they are written: %j', async (sample, said) => {
  const rules = { filter_http_body: 'true', failure_kw: 'Fatal, ERROR', success_kw: 'good' }
  const tried = await person.submit(`${base}filtering_rules/`, { ...rules, ...sample, do: 'try' })
  expect(tried.status).toBe(200)
  expect(tried.text).toContain(said)
  // Nothing is saved, and nothing of what was written is lost.
  expect(tried.text).toContain('value="Fatal, ERROR"')
  const code = base.split('/')[2] ?? ''
  expect((await site.appliance.app.store.checks.findByCode(code))?.filters.failWords).toBe('')
})

it('warns of a slug that another check has', async () => {
  await site.appliance.app.store.checks.add(aNewCheck(projectId, { slug: 'twice', createdAt: NOON }))
  await person.submit(`${base}name/`, { name: 'Mine', slug: 'twice', tags: '', description: '' })
  const { text } = await person.get(`${base}details/`)
  expect(text).toContain(
    'Another check uses this slug. Pings by slug will be refused (409) until it is unique.',
  )
})
