import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/store/problems'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let list: string

async function open(env: Record<string, string> = {}) {
  site = await localSite(env)
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
}

beforeEach(() => open())
afterEach(() => site.close())

describe('a form that was open too long', () => {
  it('gives back what was entered, but no secrets', async () => {
    const form = {
      csrf: 'old',
      name: 'Nightly <b>',
      description: 'All of it',
      password: 'hunter22',
      once: 'x',
    }
    const { status, text } = await ada.post(`${list}add/`, form)
    expect(status).toBe(403)
    expect(text).toContain('This form was open too long.')
    expect(text).toContain('Nightly &lt;b&gt;')
    expect(text).toContain('All of it')
    expect(text).not.toMatch(/hunter22|<dt>once/)
  })
})

describe('a page that the database has no answer for', () => {
  const breakDown = () => {
    site.appliance.app.store.projects.withRole = () =>
      Promise.reject(new StoreUnavailable('unreachable', new Error()))
  }

  it('is asked for once more by the browser, and only once', async () => {
    breakDown()
    const first = await ada.get(list)
    expect([first.status, first.headers.get('refresh')]).toEqual([503, `5; url=${list}?again`])
    expect((await ada.get(`${list}?again`)).headers.get('refresh')).toBeNull()
  })

  it('is not asked for again when something was to be changed', async () => {
    const page = await ada.get(`${list}add/`)
    breakDown()
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
    const answer = await ada.post(`${list}add/`, { csrf })
    expect([answer.status, answer.headers.get('refresh')]).toEqual([503, null])
  })
})

it('is a page without a database, too, and for those who are told more than others', async () => {
  await site.close()
  await open({ EMAIL_HOST: '' })
  const { store } = site.appliance.app
  store.projects.withRole = () => Promise.reject(new Error('a mistake of ours'))
  store.facts.get = () => Promise.reject(new StoreUnavailable('unreachable', new Error()))
  const { status, text } = await ada.get(list)
  expect(status).toBe(500)
  expect(text).toContain('<h1>Something broke on our side</h1>')
})

it('leads from the wrong method to the page', async () => {
  const csrf = /name="csrf" value="([^"]*)"/.exec((await ada.get(`${list}add/`)).text)?.[1] ?? ''
  const { status, text } = await ada.post('/docs/', { csrf })
  expect(status).toBe(405)
  expect(text).toContain('href="/docs/">Open the page</a>')
})

it('lets an administrator hide the banner about mail, for a month', async () => {
  await site.close()
  await open({ EMAIL_HOST: '' })
  expect((await ada.get(list)).text).toContain('No mail server is configured')
  await ada.submit(list, {}, '/banners/mail/dismiss/')
  expect((await ada.get(list)).text).not.toContain('No mail server is configured')
  site.pass(31 * 24 * 3_600_000)
  await ada.submit('/accounts/login/', {
    action: 'login',
    email: 'ada@example.org',
    password: 'a very long password',
  })
  expect((await ada.get(list)).text).toContain('No mail server is configured')
})
