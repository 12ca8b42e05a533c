import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../src/core/time'
import { unreadText } from '../../src/web/unread'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let wes: Awaited<ReturnType<typeof somebody>>
let list: string
let code: string

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  code = /data-check="([^"]+)"/.exec((await ada.get(list)).text)?.[1] ?? ''
  wes = await somebody(site, 'wes@example.org')
  await join(site, list.split('/')[2] ?? '', wes, 'read-only')
  await wes.get(list)
})
afterEach(() => site.close())

async function fail(): Promise<void> {
  await fetch(`${site.url}/ping/${code}/fail`)
  site.pass(SECOND)
}

const badge = async (person: Person, query = ''): Promise<string | undefined> =>
  /data-t="unread-[^"]+">([^<]+)</.exec((await person.get(`${list}${query}`)).text)?.[1]

describe('what is new to somebody', () => {
  it('is shown until they open the check or its log, to each on their own', async () => {
    await fail()
    await fail()
    expect([await badge(ada), await badge(wes)]).toEqual(['2 new', '2 new'])
    await ada.get(`/checks/${code}/details/`)
    expect([await badge(ada), await badge(wes)]).toEqual([undefined, '2 new'])
    await wes.get(`/checks/${code}/log/`)
    expect(await badge(wes)).toBeUndefined()
  })

  it('is none at the first visit', async () => {
    await fail()
    const kim = await somebody(site, 'kim@example.org')
    await join(site, list.split('/')[2] ?? '', kim, 'read-only')
    expect(await badge(kim)).toBeUndefined()
    await fail()
    expect(await badge(kim)).toBe('1 new')
  })

  it('can be looked for, and marked as seen all at once, also by those who only read', async () => {
    expect((await wes.get(`${list}?status=unread`)).text).toContain('No checks match')
    await fail()
    expect(await badge(wes, '?status=unread')).toBe('1 new')
    const done = await wes.submit(list, { back: `${list}?tag=a` }, `${list}mark_read/`)
    expect(done.location).toBe(`${list}?tag=a`)
    expect((await wes.get(list)).text).toContain('All marked as read.')
    expect(await badge(wes)).toBeUndefined()
    expect(await badge(ada)).toBe('1 new')
  })

  it('comes by itself into a list that is open', async () => {
    const status = `${list}status/`
    const ask = async (person: Person): Promise<{ summary: { unread: number }; rows: { u: number }[] }> =>
      JSON.parse((await person.get(status, { 'x-fragment': '1' })).text) as never
    expect((await ask(wes)).rows).toMatchObject([{ u: 0 }])
    await fail()
    expect(await ask(wes)).toMatchObject({ summary: { unread: 1 }, rows: [{ u: 1 }] })
    await ada.get(`/checks/${code}/details/`)
    expect(await ask(ada)).toMatchObject({ summary: { unread: 0 }, rows: [{ u: 0 }] })
  })

  it('is counted up to 99', () => {
    expect([0, 1, 99, 100].map(unreadText)).toEqual(['', '1 new', '99 new', '99+ new'])
  })
})
