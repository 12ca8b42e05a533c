import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Person } from '../support/person'

const FRAGMENT = { 'x-fragment': '1' }

let site: LocalSite
let ada: Person
let list: string

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
})

afterEach(() => site.close())

const checks = async () => {
  const { store } = site.appliance.app
  const project = await store.projects.findByCode(list.split('/')[2] ?? '')
  return store.checks.ofProject(project?.id ?? 0)
}

const once = (html: string) => /name="once" value="([^"]*)"/.exec(html)?.[1] ?? ''

describe('a page that a script asks for', () => {
  it('comes without the frame, and says its title in a header', async () => {
    const part = await ada.get(`${list}add/`, FRAGMENT)
    expect(part.status).toBe(200)
    expect(part.text).not.toContain('<html')
    expect(part.text).toContain('<h1>New check</h1>')
    expect(decodeURIComponent(part.headers.get('x-title') ?? '')).toContain('New check – Rollcall')
    expect(part.headers.get('vary')).toContain('X-Fragment')
  })

  it('tells where its form leads instead of leading there, and leaves the message for that page', async () => {
    const page = await ada.get(`${list}add/`)
    const form = {
      csrf: csrfIn(page.text),
      kind: 'simple',
      period: '1',
      period_unit: 'days',
      grace: '1',
      grace_unit: 'hours',
    }
    const done = await ada.post(`${list}add/`, { ...form, name: 'Backup' }, FRAGMENT)
    expect(done.status).toBe(204)
    expect(done.headers.get('x-location')).toContain(list)
    expect((await ada.get(list, FRAGMENT)).text).toContain('Check created.')
    expect((await ada.get(list)).text).not.toContain('Check created.')
  })

  it('tells addresses with any letters in them, as a redirect would', async () => {
    const csrf = csrfIn((await ada.get(list)).text)
    const back = `${list}?search=Ω→`
    const style = list.replace('/checks/', '/address_style/')
    const done = await ada.post(style, { csrf, style: 'slug', back }, FRAGMENT)
    expect([done.status, done.headers.get('x-location')]).toEqual([204, encodeURI(back)])
  })

  it('answers 401 instead of the sign-in page when the session is over', async () => {
    ada.cookies.clear()
    const part = await ada.get(list, FRAGMENT)
    expect([part.status, part.text]).toEqual([401, expect.stringContaining('"signed_out"')])
  })
})

describe('a form that is sent twice', () => {
  it('is carried out once, and the second press gets the answer of the first', async () => {
    const page = await ada.get(`${list}add/`)
    const form = {
      csrf: csrfIn(page.text),
      once: once(page.text),
      name: 'Backup',
      kind: 'simple',
      period: '1',
      period_unit: 'days',
      grace: '1',
      grace_unit: 'hours',
    }
    const [first, second] = await Promise.all([ada.post(`${list}add/`, form), ada.post(`${list}add/`, form)])
    expect(first.status).toBe(303)
    expect(second.location).toBe(first.location)
    expect((await checks()).filter(({ name }) => name === 'Backup')).toHaveLength(1)
    await ada.post(`${list}add/`, { ...form, name: 'Another' })
    expect((await checks()).filter(({ name }) => name === 'Another')).toHaveLength(1)
  })

  it('makes no second check however late it is sent again', async () => {
    const page = await ada.get(`${list}add/`)
    const form = {
      csrf: csrfIn(page.text),
      once: once(page.text),
      name: 'Backup',
      kind: 'simple',
      period: '1',
      period_unit: 'days',
      grace: '1',
      grace_unit: 'hours',
    }
    const first = await ada.post(`${list}add/`, form)
    // Longer than this process remembers; another one would not know at all.
    site.pass(20 * MINUTE)
    const second = await ada.post(`${list}add/`, form)
    expect([second.status, second.location]).toEqual([303, first.location])
    const made = (await checks()).filter(({ name }) => name === 'Backup')
    expect(made.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a/),
    ])
    const again = await ada.get(`${list}add/`)
    await ada.post(`${list}add/`, { ...form, once: once(again.text) })
    expect((await checks()).filter(({ name }) => name === 'Backup')).toHaveLength(2)
  })

  it('may be corrected and sent again when it was not accepted', async () => {
    const page = await ada.get(`${list}add/`)
    const form = { csrf: csrfIn(page.text), once: once(page.text), name: 'x'.repeat(101) }
    expect((await ada.post(`${list}add/`, form)).status).toBe(422)
    expect((await ada.post(`${list}add/`, form)).status).toBe(422)
  })
})

describe('the picture of the tab', () => {
  it('shows how many checks are down, in a shape of its own', async () => {
    const of = async (name: string) => {
      const answer = await fetch(`${site.url}/static/fav/${name}`)
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
    }
    expect(await of('down-3.svg')).toMatchObject({ status: 200, text: expect.stringContaining('>3</text>') })
    expect((await of('down-99p.svg')).text).toContain('>99+</text>')
    expect((await of('ok-0.svg')).type).toContain('image/svg+xml')
    expect((await of('ok-0.svg')).text).not.toEqual((await of('unknown-0.svg')).text)
    for (const name of ['up-1.svg', 'down-100.svg', 'down-1.png', 'down-<b>.svg'])
      expect((await of(name)).status).toBe(404)
  })
})
