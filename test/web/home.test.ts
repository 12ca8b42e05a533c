import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../src/core/time'
import { aNewChannel, aNewCheck, NOON } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let adaId: number
const codes: Record<string, string> = {}

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  const { users, projects, checks } = site.appliance.app.store
  adaId = (await users.findByEmail('ada@example.org'))?.id ?? 0
  codes['home'] = (await ada.get('/')).location.split('/')[2] ?? ''
  for (const name of ['Zoo', 'attic 10', 'Attic 9']) {
    codes[name] = (await ada.submit('/projects/add/', { name })).location.split('/')[2] ?? ''
    const project = await projects.findByCode(codes[name] ?? '')
    codes[`check of ${name}`] = (
      await checks.add(aNewCheck(project!.id, { name: `Job of ${name}`, slug: '' }))
    ).code
  }
})
afterEach(() => site.close())

async function cards(query = '?all=1'): Promise<string[]> {
  const { text } = await ada.get(`/${query}`)
  return [...text.matchAll(/<li [^>]*data-project[^]*?<\/li>/g)].map(([card]) =>
    card
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
}

const names = async (query?: string): Promise<string[]> =>
  (await cards(query)).map((card) => /(Zoo|[Aa]ttic \d+|My project|Hers)/.exec(card)?.[0] ?? card)

const fail = async (name: string): Promise<void> => {
  await fetch(`${site.url}/ping/${codes[`check of ${name}`]}/fail`)
  site.pass(SECOND)
}

describe('the projects of a person', () => {
  it('are there with those that have checks down first, then by name as people count', async () => {
    expect(await names()).toEqual(['Attic 9', 'attic 10', 'My project', 'Zoo'])
    await fail('Zoo')
    expect(await names()).toEqual(['Zoo', 'Attic 9', 'attic 10', 'My project'])
  })

  it('say how they are, what one may do there, and whose they are', async () => {
    const olga = await somebody(site, 'olga@example.org')
    await join(site, olga.projectCode, { userId: adaId }, 'member')
    const { projects } = site.appliance.app.store
    await projects.rename((await projects.findByCode(olga.projectCode))!.id, 'Hers')
    const hers = (await cards()).find((card) => card.includes('Hers')) ?? ''
    expect(hers).toBe('New Hers 1 new 1 check · Member · olga@example.org')
    expect(await cards()).toContain('New Zoo No integrations 1 new 1 check · Owner')
  })

  it('come with sums over all of them, and so does every page that belongs to none', async () => {
    await fail('Zoo')
    const { text } = await ada.get('/?all=1')
    expect(text).toContain('<title>1 down – Projects – Rollcall</title>')
    expect(text).toContain('4 checks in 4 projects')
    expect(text).toContain('href="/checks/?status=down"')
    expect(text).toContain('/static/fav/down-1.svg')
    const elsewhere = (await ada.get('/accounts/profile/')).text
    expect(elsewhere).toContain('<title>1 down – Account – Rollcall</title>')
    expect(elsewhere).toContain('/static/fav/down-1.svg')
    // Within a project its own count.
    expect((await ada.get(`/projects/${codes['home']}/settings/`)).text).toContain('/static/fav/ok-0.svg')
  })

  it('show which one was looked at last, and where there is news', async () => {
    await ada.get(`/projects/${codes['Zoo']}/checks/`)
    await ada.get(`/projects/${codes['Attic 9']}/checks/`)
    await fail('Zoo')
    await fail('Zoo')
    const all = await cards()
    expect(all.filter((card) => card.includes('last visited'))).toHaveLength(1)
    expect(all.find((card) => card.includes('last visited'))).toContain('Attic 9')
    expect(all.find((card) => card.includes('Zoo'))).toContain('2 new')
  })

  it('warn of integrations that tell nobody', async () => {
    const { projects, channels } = site.appliance.app.store
    const zoo = await projects.findByCode(codes['Zoo'] ?? '')
    await channels.add(aNewChannel(zoo!.id, { verified: false }))
    expect((await cards()).find((card) => card.includes('Zoo'))).toContain('Integrations have problems')
  })

  it('can be looked for by name', async () => {
    expect(await names('?all=1&search=ATTIC')).toEqual(['Attic 9', 'attic 10'])
    expect((await ada.get('/?all=1&search=nothing')).text).toMatch(/data-none>/)
  })

  it('are told of again and again, and only what has changed', async () => {
    const { text } = await ada.get('/?all=1')
    const version = /data-version="([^"]*)"/.exec(text)?.[1] ?? ''
    const order = /data-order="([^"]*)"/.exec(text)?.[1] ?? ''
    const ask = (known: string) =>
      ada.get('/?refresh=1', { 'x-fragment': '1', 'if-none-match': `"${known}"` })
    expect((await ask(version)).status).toBe(304)
    await fail('Zoo')
    const news = JSON.parse((await ask(version)).text) as { rows: unknown[]; order: string; version: string }
    expect(news.rows).toEqual([
      {
        id: codes['Zoo'],
        s: 'down',
        word: 'Down',
        r: 0,
        sums: [['down', '1 down']],
        checks: '1 check',
        u: '',
        ailing: 'No integrations',
      },
    ])
    expect(news).toMatchObject({
      full: false,
      summary: { down: 1, fav: 'down-1.svg', title: '1 down – Projects – Rollcall' },
      totals: { text: '4 checks in 4 projects' },
    })
    expect(news.order).not.toBe(order)
    expect((await ask(news.version)).status).toBe(304)
  })

  it('are offered to whoever is asked to own one, who says yes or no there', async () => {
    const olga = await somebody(site, 'olga@example.org')
    await join(site, olga.projectCode, { userId: adaId }, 'member')
    const { projects, transfers } = site.appliance.app.store
    const hers = (await projects.findByCode(olga.projectCode))!
    await transfers.ask(hers.id, adaId, NOON, null)
    const reject = `/projects/${hers.code}/transfer/reject/`
    expect((await ada.get('/')).text).toContain(`action="${reject}"`)
    const declined = await ada.submit('/', { back: '/' }, reject)
    expect(declined.location).toBe('/')
    expect((await ada.get('/?all=1')).text).not.toContain('data-t="offer"')
    await transfers.ask(hers.id, adaId, NOON, null)
    const accepted = await ada.submit('/', { back: '/' }, `/projects/${hers.code}/transfer/accept/`)
    expect(accepted.location).toBe(`/projects/${hers.code}/checks/`)
    expect((await projects.find(hers.id))?.ownerId).toBe(adaId)
  })
})

it('shows how every project is in the menu of the header', async () => {
  await fail('Zoo')
  const { text } = await ada.get(`/projects/menu/?current=${codes['home']}`)
  expect(text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain('Down: Zoo 1 down')
  expect(text).toContain('href="/checks/"')
})
