import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArrivingPing } from '../../src/core/ping'
import type { Check } from '../../src/core/check'
import { MINUTE } from '../../src/core/time'
import { aPing, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person
let check: Check

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  const project = await site.appliance.app.store.projects.findByCode(
    (await person.get('/')).location.split('/')[2] ?? '',
  )
  check = (await site.appliance.app.store.checks.ofProject(project!.id))[0]!
})
afterEach(() => site.close())

const record = (...pings: Partial<ArrivingPing>[]) =>
  site.appliance.app.store.checks.recordPings(
    pings.map((facts, i) => ({ code: check.code, ping: aPing({ at: NOON + i * MINUTE, ...facts }) })),
  )
const page = async (n: number, query = '') =>
  (await person.get(`/checks/${check.code}/pings/${n}/${query}`)).text
const neighboursIn = (text: string) =>
  ['older', 'newer'].map(
    (hook) => new RegExp(`/pings/(\\d+)/[^"]*"[^>]*data-t="${hook}"`).exec(text)?.[1] ?? '',
  )

// spec/web-ui.md C10
describe('from one ping to the next', () => {
  it('goes through all of them, or those of the log that somebody came from', async () => {
    await record({ signal: 'fail' }, {}, { signal: 'fail' }, {}, { signal: 'fail' }, {})
    expect(neighboursIn(await page(3))).toEqual(['2', '4'])
    const log = await person.get(`/checks/${check.code}/log/?fail=on`)
    const query = /pings\/3\/(\?log=[^"]*)"/.exec(log.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(neighboursIn(await page(3, query))).toEqual(['1', '5'])
    expect(neighboursIn(await page(5, query))).toEqual(['3', ''])
    expect(neighboursIn(await page(1, query))).toEqual(['', '3'])
    // Its other links keep to that log.
    expect(await page(3, query)).toContain(`/pings/1/${query}`)
  })

  it('says so in a dialog, too, when there is no such ping', async () => {
    const address = `/checks/${check.code}/pings/99/`
    const part = await person.get(address, { 'x-fragment': '1' })
    expect([part.status, part.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(part.text).toContain('No details for this event.')
    expect((await person.get(address)).status).toBe(404)
  })
})

it('says why a ping was ignored', async () => {
  const { store, actions } = site.appliance.app
  const edit = (fields: object) => actions.checks.edit(check, fields, { derivesSlug: false })
  await edit({ methods: 'POST' })
  await record({ method: 'HEAD' })
  expect(await page(1)).toContain('Ignored: only POST counts')
  await edit({ methods: '', filter_http_body: true, success_kw: 'ok' })
  await record({ method: 'GET' })
  expect(await page(2)).toContain('Ignored: no keyword matched')
  await edit({ manual_resume: true })
  await actions.checks.pause((await store.checks.findByCode(check.code))!)
  await record({ method: 'GET', at: NOON + MINUTE })
  expect(await page(3)).toContain('Ignored: the check was paused')
})
