import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aNewChannel } from '../support/build'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

let site: LocalSite
let ada: Person
let list: string
let code: string

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  code = /data-check="([^"]+)"/.exec((await ada.get(list)).text)?.[1] ?? ''
})
afterEach(() => site.close())

/** The channel that every account begins with, as its switch in the list shows it. */
async function inList(): Promise<{ channel: string; pressed: string }> {
  const { text } = await ada.get(list)
  const [, pressed = '', channel = ''] =
    new RegExp(`aria-pressed="(\\w+)"[^>]*data-t="chan-${code}-([^"]+)"`).exec(text) ?? []
  return { channel, pressed }
}

async function change(path: string, fields: Record<string, string>): Promise<Answer> {
  const csrf = csrfIn((await ada.get(list)).text)
  return ada.post(path, { csrf, ...fields })
}

describe('the switches of a check', () => {
  it('switch an integration off and on again, and lead back to the list as it was', async () => {
    const { channel, pressed } = await inList()
    expect(pressed).toBe('true')
    const path = `/checks/${code}/channels/${channel}/enabled`
    const done = await change(path, { state: 'off', back: `${list}?status=new` })
    expect(done.location).toBe(`${list}?status=new`)
    expect((await inList()).pressed).toBe('false')
    await change(path, { state: 'on' })
    expect((await inList()).pressed).toBe('true')
    expect((await change(path, { state: 'perhaps' })).status).toBe(400)
  })

  it('can be set all at once on a page of their own', async () => {
    const page = `/checks/${code}/channels/`
    const { channel } = await inList()
    await ada.submit(page, {})
    expect((await inList()).pressed).toBe('false')
    await ada.submit(page, { channel })
    expect((await inList()).pressed).toBe('true')
  })

  it('never reach what belongs to another project', async () => {
    const olga = await somebody(site, 'olga@example.org')
    const { channels, projects } = site.appliance.app.store
    const hers = await projects.findByCode(olga.projectCode)
    const foreign = await channels.add(aNewChannel(hers?.id ?? 0))
    const path = `/checks/${code}/channels/${foreign.code}/enabled`
    expect((await change(path, { state: 'on' })).status).toBe(404)
    expect((await change(`/checks/${code}/channels/`, { channel: foreign.code })).status).toBe(404)
    const csrf = csrfIn((await olga.get('/accounts/profile/notifications/')).text)
    const { channel } = await inList()
    const tried = await olga.post(`/checks/${code}/channels/${channel}/enabled`, { csrf, state: 'off' })
    expect(tried.status).toBe(404)
    expect((await inList()).pressed).toBe('true')
  })
})

describe('ping addresses in the list', () => {
  it('are shown by slug when the project wants it so, once there are a slug and a key', async () => {
    await change(list.replace('checks/', 'address_style/'), { style: 'slug', back: list })
    expect((await ada.get(list)).text).toContain('no ping key yet')
    const { projects } = site.appliance.app.store
    const project = await projects.findByCode(list.split('/')[2] ?? '')
    await projects.setPingKey(project?.id ?? 0, 'k'.repeat(22))
    expect((await ada.get(list)).text).toMatch(/data-copy="[^"]*\/ping\/k{22}\/my-first-check"/)
    await ada.submit(`/checks/${code}/name/`, { name: 'x', slug: '' })
    expect((await ada.get(list)).text).toContain('set a slug first')
  })
})
