import { afterEach, describe, expect, it } from 'vitest'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'

let site: LocalSite

afterEach(() => site.close())

/** A project of Olga's, and somebody who is or is not in it. */
async function olgas(email: string, options?: { isAdmin: boolean }) {
  site = await localSite()
  await anAdministrator(site)
  const olga = await somebody(site, 'olga@example.org')
  return { olga, other: await somebody(site, email, options), list: `/projects/${olga.projectCode}/checks/` }
}

describe('a project', () => {
  it('is not there for people who have nothing to do with it', async () => {
    const { other, list } = await olgas('xena@example.org')
    expect((await other.get(list)).status).toBe(404)
    expect((await other.get(`${list}add/`)).status).toBe(404)
  })

  it('can be looked at, but not changed, by a read-only guest, who is told which role it takes', async () => {
    const { olga, other, list } = await olgas('rita@example.org')
    await join(site, olga.projectCode, other, 'read-only')
    const page = await other.get(list)
    expect(page.status).toBe(200)
    const form = await other.post(`${list}add/`, { csrf: csrfIn(page.text), name: 'Mine' })
    expect(form.status).toBe(403)
    expect(form.text).toContain('Only members and up can do this. Your role in this project is Read-only.')
    expect((await other.get(`/projects/${olga.projectCode}/settings/keys/`)).status).toBe(403)
  })

  it('loses what a member could do with it at the next look, when they may only read from then on', async () => {
    const { olga, other, list } = await olgas('wes@example.org')
    await join(site, olga.projectCode, other, 'member')
    const open = await other.get(list)
    expect(open.text).toContain('data-t="new-check"')
    const check = /data-check="([^"]+)"/.exec(open.text)?.[1] ?? ''
    const poll = (/data-poll="([^"]*)"/.exec(open.text)?.[1] ?? '').replaceAll('&amp;', '&')
    const fields = { role: 'read-only' }
    await olga.submit(
      `/projects/${olga.projectCode}/settings/team/`,
      fields,
      `/projects/${olga.projectCode}/settings/team/${other.userId}/role/`,
    )
    const version = /data-version="([^"]*)"/.exec(open.text)?.[1] ?? ''
    const polled = await other.get(poll, { 'x-fragment': '1', 'if-none-match': `"${version}"` })
    expect(polled.status).toBe(200)
    expect(polled.text).not.toMatch(/type=\\?"checkbox|\/pause\/|data-t=\\?"new-check/)
    const paused = await other.post(`/checks/${check}/pause/`, { csrf: csrfIn(open.text) })
    expect(paused.status).toBe(403)
    expect(paused.text).toContain(
      `Only members and up can do this. Your role in this project is Read-only. Ask olga@example.org.`,
    )
  })

  it('is a member’s to work in until they are taken out', async () => {
    const { olga, other, list } = await olgas('wes@example.org')
    await join(site, olga.projectCode, other, 'member')
    expect((await other.get(`${list}add/`)).status).toBe(200)
    expect((await other.get('/')).text).toContain(olga.projectCode)
  })

  it('is open to who runs the instance, who does not find it among their own', async () => {
    const { olga, other, list } = await olgas('adam@example.org', { isAdmin: true })
    expect((await other.get(`${list}add/`)).status).toBe(200)
    expect((await other.get('/')).location).not.toContain(olga.projectCode)
  })
})
