import { afterEach, beforeEach, expect, it } from 'vitest'
import { aPing } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person

beforeEach(async () => {
  site = await localSite({ DEFAULT_PING_LOG_LIMIT: '3' })
  person = await anAdministrator(site)
})
afterEach(() => site.close())

// spec/ping-api.md [P35]
it('pages show no ping beyond the limit, though it is still there', async () => {
  const { store } = site.appliance.app
  const user = (await store.users.findByEmail('ada@example.org'))!
  const [project] = await store.projects.ofUser(user.id)
  const [check] = await store.checks.ofProject(project!.id)
  const { code, id } = check!
  await store.checks.recordPings(Array.from({ length: 5 }, () => ({ code, ping: aPing() })))
  expect(await store.pings.find(id, 2)).not.toBeNull()
  const page = `/checks/${code}/pings`
  expect((await person.get(`${page}/2/`)).status).toBe(404)
  expect((await person.get(`${page}/2/body/`)).status).toBe(404)
  const oldest = await person.get(`${page}/3/`)
  expect(oldest.status).toBe(200)
  expect(oldest.text).not.toContain(`${page}/2/`)
  const details = (await person.get(`/checks/${code}/details/`)).text
  expect([details.includes(`${page}/3/`), details.includes(`${page}/2/`)]).toEqual([true, false])
})
