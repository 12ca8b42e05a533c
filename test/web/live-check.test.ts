import { afterEach, expect, it } from 'vitest'
import { aPing } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'

let site: LocalSite

afterEach(() => site.close())

it('tells the page of a check when it is not as things are any more', async () => {
  site = await localSite()
  const person = await anAdministrator(site)
  const { store } = site.appliance.app
  const project = await store.projects.findByCode((await person.get('/')).location.split('/')[2] ?? '')
  const [check] = await store.checks.ofProject(project!.id)
  const { text } = await person.get(`/checks/${check!.code}/details/`)
  const version = /data-version="([0-9a-f]{16})"/.exec(text)?.[1] ?? ''
  const poll = () => person.get(`/checks/${check!.code}/status/`, { 'if-none-match': `"${version}"` })
  expect((await poll()).status).toBe(304)
  await store.checks.recordPings([{ code: check!.code, ping: aPing() }])
  const news = await poll()
  expect(news.status).toBe(200)
  expect(JSON.parse(news.text)).toMatchObject({ full: false, rows: [{ id: check!.code, s: 'up', n: 1 }] })
})
