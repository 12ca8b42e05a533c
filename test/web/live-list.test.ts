import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, SECOND } from '../../src/core/time'
import { aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Answer, Person } from '../support/person'

interface News {
  version: string
  full: boolean
  can: string
  order: string
  summary: Record<string, unknown>
  tags: Record<string, unknown>
  rows: { id: string; s: string | null; r: number; n: number; ld: number | null; strip: string; out?: 1 }[]
}

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

/** The page, and what its script would ask next. */
async function open(query = ''): Promise<{ url: string; version: string; order: string }> {
  const { text } = await ada.get(`${list}${query}`)
  const of = (name: string): string => new RegExp(`data-${name}="([^"]*)"`).exec(text)?.[1] ?? ''
  return { url: of('poll').replaceAll('&amp;', '&'), version: of('version'), order: of('order') }
}

const ask = (url: string, version = ''): Promise<Answer> =>
  ada.get(url, { 'x-fragment': '1', 'if-none-match': `"${version}"` })

const newsOf = ({ text }: Answer): News => JSON.parse(text) as News

async function ping(to = code, ending = ''): Promise<void> {
  await fetch(`${site.url}/ping/${to}${ending}`)
  // What is shown is at most a second old.
  site.pass(SECOND)
}

async function another(facts: Parameters<typeof aNewCheck>[1]): Promise<string> {
  const { projects, checks } = site.appliance.app.store
  const project = await projects.findByCode(list.split('/')[2] ?? '')
  return (await checks.add(aNewCheck(project?.id ?? 0, facts))).code
}

describe('a list that is open', () => {
  it('hears nothing while nothing changes', async () => {
    const { url, version } = await open()
    const answer = await ask(url, version)
    expect(answer.status).toBe(304)
    expect(answer.text).toBe('')
    site.pass(HOUR)
    expect((await ask(url, version)).status).toBe(304)
  })

  it('is told of the rows that changed, and only of those', async () => {
    await another({ name: 'Other', tags: 'db' })
    const { url, version } = await open()
    await ping(code, '/fail')
    const news = newsOf(await ask(url, version))
    expect(news.full).toBe(false)
    expect(news.rows).toMatchObject([{ id: code, s: 'down', r: 0, n: 1, strip: '0' }])
    expect(news.summary).toMatchObject({ down: 1, new: 1, fav: 'down-1.svg' })
    expect(news.summary['title']).toMatch(/^1 down – /)
    expect(news.tags).toEqual({ db: ['new', 1, 0] })
    expect((await ask(url, news.version)).status).toBe(304)
  })

  it('sees time pass: a check gets late, then down', async () => {
    await ping(await another({ schedule: { kind: 'period', periodMs: HOUR }, graceMs: HOUR }))
    const { url, version } = await open()
    site.pass(HOUR)
    const late = newsOf(await ask(url, version))
    expect(late.rows).toMatchObject([{ s: 'late' }])
    site.pass(HOUR)
    expect(newsOf(await ask(url, late.version)).rows).toMatchObject([{ s: 'down' }])
  })

  it('hears what has become of rows that it should not have any more, and that its order is another', async () => {
    const other = await another({ name: 'Other' })
    const { url, version, order } = await open('?status=new')
    await ping(other, '/start')
    await ping(other)
    const news = newsOf(await ask(url, version))
    expect(news.rows).toMatchObject([{ id: other, s: 'up', out: 1 }])
    expect(news.rows[0]?.ld).toBe(1)
    expect(news.order).not.toBe(order)
    const check = await site.appliance.app.store.checks.findByCode(code)
    await site.appliance.app.store.checks.remove(check?.id ?? 0)
    site.pass(SECOND)
    expect(newsOf(await ask(url, news.version)).rows).toContainEqual({ id: code, s: null })
  })

  it('is told all when nobody knows any more what it was told before', async () => {
    const { url } = await open()
    const news = newsOf(await ask(url, 'ffffffffffffffff'))
    expect(news).toMatchObject({ full: true, can: '1' })
    expect(news.rows).toHaveLength(1)
  })

  it('has the person’s own order when the address does not say one', async () => {
    await another({ name: 'Aardvark' })
    const names = async (query: string): Promise<string[]> => {
      const { text } = await ada.get(list + query)
      return [...text.matchAll(/data-t="open-[^"]+">([^<]+)</g)].map(([, name]) => name ?? '')
    }
    expect(await names('?sort=-name')).toEqual(['My first check', 'Aardvark'])
    expect(await names('')).toEqual(['My first check', 'Aardvark'])
    expect(await names('?sort=nonsense&status=foo')).toEqual(['My first check', 'Aardvark'])
    expect(await names('?sort=name')).toEqual(['Aardvark', 'My first check'])
  })

  it('ends for those who are signed out or taken out of the project', async () => {
    const { url, version } = await open()
    const wes = await somebody(site, 'wes@example.org')
    const headers = { 'x-fragment': '1', 'if-none-match': `"${version}"` }
    expect((await wes.get(url, headers)).status).toBe(404)
    await join(site, list.split('/')[2] ?? '', wes, 'read-only')
    // The same checks, but nothing that he may change: his page has to be another.
    expect(newsOf(await wes.get(url, headers)).can).toBe('0')
    wes.cookies.clear()
    expect((await wes.get(url, headers)).status).toBe(401)
  })

  it('is asked to wait when it asks more than once a second', async () => {
    const { url, version } = await open()
    for (let i = 0; i < 60; i++) expect((await ask(url, version)).status).toBe(304)
    const answer = await ask('/?refresh=1')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1'])
    expect((await ada.get(list)).status).toBe(200)
    site.pass(SECOND)
    expect((await ask(url, version)).status).toBe(304)
    expect((await ask(url, version)).status).toBe(429)
  })
})
