import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { SECOND } from '../../src/core/time'
import { aNewChannel, aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

/** Ada owns two projects and may look into a third, which is Olga's; of Xena's she knows nothing. */

let site: LocalSite
let ada: Person
const codes: Record<string, string> = {}

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  const { projects, checks, users } = site.appliance.app.store
  codes['home'] = (await ada.get('/')).location.split('/')[2] ?? ''
  codes['work'] = (await ada.submit('/projects/add/', { name: 'Work' })).location.split('/')[2] ?? ''
  const olga = await somebody(site, 'olga@example.org')
  const xena = await somebody(site, 'xena@example.org')
  codes['olga'] = olga.projectCode
  codes['xena'] = xena.projectCode
  const me = await users.findByEmail('ada@example.org')
  await join(site, olga.projectCode, { userId: me?.id ?? 0 }, 'read-only')
  for (const [owner, name, tags] of [
    ['home', 'Backup 10', 'db'],
    ['work', 'backup 9', 'db'],
    ['work', 'Report', ''],
    ['olga', 'Hers', 'db'],
    ['xena', 'Secret', 'db'],
  ] as const) {
    const project = await projects.findByCode(codes[owner] ?? '')
    codes[name] = (await checks.add(aNewCheck(project!.id, { name, tags, slug: '' }))).code
  }
})
afterEach(() => site.close())

const namesIn = ({ text }: Answer): string[] =>
  [...text.matchAll(/data-t="open-[^"]+">([^<]+)</g)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'My first check')

const checkOf = (name: string): Promise<Check | null> =>
  site.appliance.app.store.checks.findByCode(codes[name] ?? '')

async function bulk(fields: Record<string, string>): Promise<Answer> {
  const csrf = csrfIn((await ada.get('/checks/')).text)
  return ada.post('/checks/bulk/', { csrf, ...fields })
}

async function said(done: Answer): Promise<string> {
  return /data-t="flash"[^]*?<span>([^<]+)</.exec((await ada.get(done.location)).text)?.[1] ?? ''
}

describe('the list of all checks', () => {
  it('has those of every project that one may see, by name, each with its project', async () => {
    const page = await ada.get('/checks/')
    expect(namesIn(page)).toEqual(['backup 9', 'Backup 10', 'Hers', 'Report'])
    expect(page.text).toContain(`<a class="quiet" href="/projects/${codes['work']}/checks/">Work</a>`)
    expect(page.text).not.toContain('data-t="new-check"')
    expect(page.text).not.toContain('data-t="address-style"')
  })

  it('can be narrowed to some projects', async () => {
    expect(namesIn(await ada.get(`/checks/?project=${codes['work']}`))).toEqual(['backup 9', 'Report'])
    const both = `/checks/?project=${codes['work']}&project=${codes['olga']}&tag=db`
    expect(namesIn(await ada.get(both))).toEqual(['backup 9', 'Hers'])
    expect(namesIn(await ada.get(`/checks/?project=${codes['xena']}`))).toEqual([])
    // A project's own list has no other to choose.
    expect(namesIn(await ada.get(`/projects/${codes['home']}/checks/?project=${codes['work']}`))).toEqual([
      'Backup 10',
    ])
  })

  it('offers nothing to do with a check that one may only look at', async () => {
    const { text } = await ada.get('/checks/')
    expect(text).toContain(`data-t="select-${codes['Report']}"`)
    expect(text).not.toContain(`data-t="select-${codes['Hers']}"`)
    expect(text).not.toContain(`data-t="pause-${codes['Hers']}"`)
    expect(text).toContain('title="Read-only in ')
  })

  it('changes checks of several projects at once', async () => {
    const ids = `${codes['Backup 10']},${codes['Report']}`
    const asked = await bulk({ do: 'pause', ids })
    expect(asked.text).toContain('Backup 10, Report.')
    expect(await said(await bulk({ do: 'pause', ids, sure: 'yes' }))).toBe('Paused 2 checks.')
    expect([(await checkOf('Backup 10'))?.status, (await checkOf('Report'))?.status]).toEqual([
      'paused',
      'paused',
    ])
  })

  it('never changes what one may only look at, nor anything with it', async () => {
    const mixed = await bulk({ do: 'pause', sure: 'yes', ids: `${codes['Report']},${codes['Hers']}` })
    expect(mixed.status).toBe(403)
    const foreign = await bulk({ do: 'pause', sure: 'yes', ids: `${codes['Report']},${codes['Secret']}` })
    expect(foreign.status).toBe(404)
    expect((await checkOf('Report'))?.status).toBe('new')
    // By a filter only those are meant that can be.
    const asked = await bulk({ do: 'pause', matching: 'tag=db' })
    expect(asked.text).toContain('Pause 2 checks')
  })

  it('switches an integration only where all are of its project', async () => {
    const { projects, channels } = site.appliance.app.store
    const work = await projects.findByCode(codes['work'] ?? '')
    const across = { do: 'channel', ids: `${codes['Report']},${codes['Backup 10']}` }
    expect(await said(await bulk(across))).toContain('Integrations belong to one project.')
    const within = { do: 'channel', ids: `${codes['Report']},${codes['backup 9']}` }
    expect(await said(await bulk(within))).toBe('This project has no integrations yet.')
    await channels.add(aNewChannel(work!.id, { name: 'Ops' }))
    expect((await bulk(within)).text).toContain('Ops')
  })

  it('moves checks together, and knows those that are there already', async () => {
    const ids = `${codes['Report']},${codes['Backup 10']}`
    const done = await bulk({ do: 'transfer', sure: 'yes', ids, to: codes['home'] ?? '' })
    expect(await said(done)).toBe('Moved 1 check. 1 was there already.')
    expect((await bulk({ do: 'transfer', sure: 'yes', ids, to: codes['olga'] ?? '' })).status).toBe(422)
  })

  it('hears of what changes, and of what one may do', async () => {
    const { text } = await ada.get('/checks/')
    const url = /data-poll="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const version = /data-version="([^"]*)"/.exec(text)?.[1] ?? ''
    const ask = (): Promise<Answer> => ada.get(url, { 'x-fragment': '1', 'if-none-match': `"${version}"` })
    expect((await ask()).status).toBe(304)
    await fetch(`${site.url}/ping/${codes['Report']}/fail`)
    site.pass(SECOND)
    const news = JSON.parse((await ask()).text) as { rows: unknown[]; summary: object; can: string }
    expect(news.rows).toMatchObject([{ id: codes['Report'], s: 'down' }])
    expect(news.summary).toMatchObject({ down: 1, title: '1 down – All checks – Rollcall' })
    expect(news.can).toBe('110')
    expect(text).toContain('data-can="110"')
  })

  it('marks all as read, or some', async () => {
    const unread = async (): Promise<number> =>
      [...(await ada.get('/checks/')).text.matchAll(/data-t="unread-/g)].length
    for (const owner of ['home', 'work', 'olga']) await ada.get(`/projects/${codes[owner]}/checks/`)
    for (const name of ['Report', 'Hers', 'Backup 10']) {
      await fetch(`${site.url}/ping/${codes[name]}/fail`)
    }
    expect(await unread()).toBe(3)
    expect(await said(await bulk({ do: 'read', ids: codes['Report'] ?? '' }))).toBe('Marked 1 check as read.')
    expect(await unread()).toBe(2)
    await ada.submit('/checks/', {}, '/checks/mark_read/')
    expect(await unread()).toBe(0)
  })
})
