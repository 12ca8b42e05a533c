import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/core/time'
import { aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let list: string

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  const { checks, projects } = site.appliance.app.store
  const project = await projects.findByCode(list.split('/')[2] ?? '')
  const cron = { kind: 'cron', expression: '0 3 * * *', tz: 'Europe/Riga' } as const
  const check = await checks.add(
    aNewCheck(project!.id, { name: 'Backup, nightly', slug: 'backup', tags: 'db prod', schedule: cron }),
  )
  await checks.add(aNewCheck(project!.id, { name: '=cmd()', slug: '', tags: 'web', graceMs: HOUR }))
  await fetch(`${site.url}/ping/${check.code}`)
})
afterEach(() => site.close())

const linesOf = (text: string): string[] => text.trimEnd().split('\r\n')

describe('a list of checks as a file', () => {
  it('has all that the filter finds, in its order, whatever page is open', async () => {
    const answer = await ada.get(`${list}?sort=-name&page=7&per_page=50&export=csv`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="checks-[0-9a-f]{8}\.csv"$/,
    )
    const [head, ...lines] = linesOf(answer.text)
    expect(head).toMatch(/^name,slug,tags,description,uuid,project,status,/)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^My first check,/)
    expect(lines[1]).toMatch(
      /^"Backup, nightly",backup,db prod,.*,My project,up,0,0 3 \* \* \*,Europe\/Riga,3600,2026-01-16T01:00:00\.000Z,2026-01-15T12:00:00\.000Z,,1,/,
    )
    expect(linesOf((await ada.get(`${list}?tag=web&export=csv`)).text)).toHaveLength(2)
  })

  it('runs nothing where it is opened', async () => {
    expect((await ada.get(`${list}?export=csv`)).text).toContain("\r\n'=cmd(),")
  })

  it('can be of all projects that somebody sees, and of no other', async () => {
    const olga = await somebody(site, 'olga@example.org')
    const wes = await somebody(site, 'wes@example.org')
    await join(site, olga.projectCode, wes, 'read-only')
    const { text } = await wes.get('/checks/?export=csv')
    expect(linesOf(text)).toHaveLength(3)
    expect(text).not.toContain('Backup, nightly')
    expect((await wes.get(`${list}?export=csv`)).status).toBe(404)
  })

  it('is given ten times in an hour', async () => {
    for (let i = 0; i < 10; i++) expect((await ada.get(`${list}?export=csv`)).status).toBe(200)
    const answer = await ada.get('/checks/?export=csv')
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, 360])
    site.pass(HOUR)
    expect((await ada.get(`${list}?export=csv`)).status).toBe(200)
  })
})
