import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let project: string
let receiver: Server
let received: string[]
let answer: number

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  project = (await ada.get('/')).location.split('/')[2] ?? ''
  received = []
  answer = 200
  receiver = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`)
    response.statusCode = answer
    response.end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
})

afterEach(async () => {
  receiver.close()
  await site.close()
})

const add = () => `/projects/${project}/add_webhook/`
const webhook = () => ({
  name: 'Ops',
  method_down: 'GET',
  url_down: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/$STATUS`,
  method_up: 'GET',
})

const store = () => site.appliance.app.store

async function channels() {
  const found = await store().projects.findByCode(project)
  return store().channels.ofProject(found?.id ?? 0)
}

async function checks() {
  const found = await store().projects.findByCode(project)
  return store().checks.ofProject(found?.id ?? 0)
}

describe('an integration that is disabled', () => {
  const page = async () => (await ada.get(`/projects/${project}/integrations/`)).text
  const press = (code: string) =>
    ada.submit(`/projects/${project}/integrations/`, {}, `/integrations/${code}/test/`)

  it('says why, and is enabled by a test that arrives', async () => {
    await ada.submit(add(), webhook())
    const hook = (await channels()).find(({ kind }) => kind === 'webhook')!
    await store().channels.noteAttempt(hook.id, { at: 0, tookMs: 1, error: 'It is <gone>', disable: true })
    expect(await page()).toContain('Disabled:')
    expect(await page()).toContain('It is &lt;gone&gt;')
    expect(await page()).toContain('Test and enable')

    answer = 500
    await press(hook.code)
    expect(await page()).toContain('It is &lt;gone&gt;')

    answer = 200
    await press(hook.code)
    const text = await page()
    expect(text).toContain('Test sent to Ops. It is enabled again.')
    expect(text).not.toContain('Disabled')
  })

  it('has no such button where the recipient unsubscribed', async () => {
    const [mail] = await channels()
    await store().channels.unsubscribe(mail!.id)
    expect(await page()).toContain('the recipient unsubscribed')
    expect(await page()).not.toContain(`/integrations/${mail!.code}/test/`)
  })
})

describe('a new integration', () => {
  it('can be tried out before it is kept', async () => {
    const tried = await ada.submit(add(), { ...webhook(), do: 'try' })
    expect(received).toEqual(['GET /down'])
    expect(tried.status).toBe(200)
    expect(tried.text).toContain('The test arrived.')
    expect(tried.text).toContain('value="Ops"')
    expect((await channels()).map(({ kind }) => kind)).toEqual(['email'])

    answer = 404
    const failed = await ada.submit(add(), { ...webhook(), do: 'try' })
    expect(failed.text).toContain('Test failed: Received status code 404')
  })

  it('is tried out ten times an hour at most', async () => {
    const { text } = await ada.get(add())
    for (let i = 0; i < 10; i++) await ada.post(add(), { csrf: csrfIn(text), ...webhook(), do: 'try' })
    const last = await ada.post(add(), { csrf: csrfIn(text), ...webhook(), do: 'try' })
    expect(received).toHaveLength(10)
    expect(last.text).not.toContain('The test arrived.')
  })

  it('sends no mail to an address whose owner was not asked', async () => {
    const form = { value: 'stranger@example.net', down: 'true', up: 'true', do: 'try' }
    const tried = await ada.submit(`/projects/${project}/add_email/`, form)
    expect(tried.text).toContain('after its owner has confirmed it')
    expect(site.mails).toEqual([])
  })

  it('is on for all checks, for none, or for those that are chosen next', async () => {
    await ada.submit(add(), webhook())
    await ada.submit(add(), { ...webhook(), for: 'none' })
    const chosen = await ada.submit(add(), { ...webhook(), for: 'choose' })
    const [, all, none, some] = await channels()
    expect(await store().channels.checkIds(all?.id ?? 0)).toHaveLength(1)
    expect(await store().channels.checkIds(none?.id ?? 0)).toEqual([])
    expect(chosen.location).toBe(`/integrations/${some?.code}/checks/`)
  })
})

describe('the checks of an integration', () => {
  it('are those that are ticked, all or nothing', async () => {
    const found = await store().projects.findByCode(project)
    const other = await store().checks.add(aNewCheck(found?.id ?? 0, { name: 'Other' }))
    const [email] = await channels()
    const page = `/integrations/${email?.code}/checks/`
    expect((await ada.get(page)).text.match(/type="checkbox"/g)).toHaveLength(2)
    await ada.submit(page, { [`on-${other.code}`]: 'on' })
    expect(await store().channels.checkIds(email?.id ?? 0)).toEqual([other.id])

    const olga = await somebody(site, 'olga@example.org')
    const theirs = (
      await store().checks.ofProject((await store().projects.findByCode(olga.projectCode))?.id ?? 0)
    )[0]
    const mixed = await ada.submit(page, { [`on-${other.code}`]: 'on', [`on-${theirs?.code}`]: 'on' })
    expect(mixed.status).toBe(404)
    expect(await store().channels.checkIds(email?.id ?? 0)).toEqual([other.id])
    await ada.submit(page, {})
    expect(await store().channels.checkIds(email?.id ?? 0)).toEqual([])
    expect(await checks()).toHaveLength(2)
  })
})

it('is renamed without touching what it tells', async () => {
  await ada.submit(add(), webhook())
  const [, before] = await channels()
  await ada.submit(`/integrations/${before?.code}/name/`, { name: '  Night shift ' })
  expect((await channels())[1]).toEqual({ ...before, name: 'Night shift' })
  const long = await ada.submit(`/integrations/${before?.code}/name/`, { name: 'x'.repeat(101) })
  expect(long.status).toBe(422)
})

it('shows who may only look the integrations, and nothing to change them with', async () => {
  const rita = await somebody(site, 'rita@example.org')
  await join(site, project, rita, 'read-only')
  const { status, text } = await rita.get(`/projects/${project}/integrations/`)
  expect(status).toBe(200)
  expect(text).not.toMatch(/Send test|>Edit<|>Remove<|Add integration/)
  const [email] = await channels()
  for (const part of ['checks', 'name', 'edit', 'remove']) {
    expect((await rita.get(`/integrations/${email?.code}/${part}/`)).status).toBe(403)
  }
})
