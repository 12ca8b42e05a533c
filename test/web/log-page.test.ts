import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArrivingPing } from '../../src/core/ping'
import type { Check } from '../../src/core/check'
import { HOUR, MINUTE } from '../../src/core/time'
import { aPing, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'

let site: LocalSite
let person: Person
let check: Check
let log: string

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  const project = await site.appliance.app.store.projects.findByCode(
    (await person.get('/')).location.split('/')[2] ?? '',
  )
  check = (await site.appliance.app.store.checks.ofProject(project!.id))[0]!
  log = `/checks/${check.code}/log/`
})
afterEach(() => site.close())

const record = (...pings: Partial<ArrivingPing>[]) =>
  site.appliance.app.store.checks.recordPings(
    pings.map((facts, i) => ({ code: check.code, ping: aPing({ at: NOON + i * MINUTE, ...facts }) })),
  )
const shown = async (query = '') =>
  [...(await person.get(`${log}${query}`)).text.matchAll(/data-t="event-ping-(\d+)"/g)].map(([, n]) =>
    Number(n),
  )

describe('the log of a check', () => {
  it('says how to get events where there are none', async () => {
    expect((await person.get(log)).text).toContain('No events yet.')
  })

  it('is filtered by what its address says', async () => {
    await record(
      { signal: 'start', runId: A },
      { exitStatus: 3, runId: A, body: Buffer.from('disk <full>') },
      { signal: 'log' },
    )
    expect(await shown()).toEqual([3, 2, 1])
    expect(await shown('?fail=on&log=on')).toEqual([3, 2])
    expect(await shown('?exit=3')).toEqual([2])
    expect(await shown('?rid=aaaaa')).toEqual([2, 1])
    expect(await shown(`?rid=${A}`)).toEqual([2, 1])
    expect(await shown('?body=on')).toEqual([2])
    expect(await shown('?text=disk%20%3Cfull')).toEqual([2])
    // Berlin is an hour ahead of UTC.
    expect(await shown('?from=2026-01-15T13:01&to=2026-01-15T13:01')).toEqual([2])
    expect((await person.get(`${log}?exit=9`)).text).toContain('Nothing matches.')
    expect((await person.get(`${log}?text=disk`)).text).toContain('disk &lt;full&gt;')
  })

  it('leaves out what makes no sense, and says so', async () => {
    await record({})
    const { text } = await person.get(`${log}?from=yesterday&exit=boo&rid=zz&before=nonsense`)
    expect(text).toContain(
      'Ignored: from (not a date), exit status (not 0 to 255), run id (at least its first 5 characters).',
    )
    expect(text).toContain('data-t="event-ping-1"')
  })

  it('goes on page by page', async () => {
    await record(...Array.from({ length: 250 }, () => ({})))
    const all: number[] = []
    for (let query = '?success=on', pages = 0; pages < 9; pages++) {
      const { text } = await person.get(`${log}${query}`)
      all.push(...[...text.matchAll(/data-t="event-ping-(\d+)"/g)].map(([, n]) => Number(n)))
      const next = /href="[^"?]*(\?[^"]*before=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
      if (next === undefined) break
      query = next
    }
    expect(all).toEqual(Array.from({ length: all.length }, (_, i) => 250 - i))
    expect(all.length).toBeGreaterThanOrEqual(100)
  })

  it('tells runs with how long they took', async () => {
    await record({ signal: 'start', runId: A }, { signal: 'start' }, { runId: A, at: NOON + HOUR })
    const { text } = await person.get(`${log}?view=runs`)
    expect(text).toContain('<td class="figures">1 h</td>')
    expect(text).toContain('Not ended')
    expect(text).toContain(`?rid=${A}`)
    expect((await person.get(`${log}?view=runs&rid=aaaaa`)).text).not.toContain('Not ended')
  })
})

describe('taking the log along', () => {
  it('gives the filtered events as CSV in which no spreadsheet finds a formula', async () => {
    await record(
      { signal: 'start' },
      { userAgent: '=cmd()|x', body: Buffer.from('+1 "quoted"\nline') },
      { signal: 'log', userAgent: 'other' },
    )
    const csv = await person.get(`${log}?success=on&flip=on&export=csv&bodies=on`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('cache-control')).toContain('private')
    expect(csv.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w-]+-events-2026-01-15.csv"$/,
    )
    const [head, flip, ping] = csv.text.split('\r\n')
    expect(head).toMatch(/^n,time,type,kind,exit_status,duration_s,.*,error,body$/)
    expect(flip).toContain(',flip,')
    expect(ping).toBe(
      `2,2026-01-15T12:01:00.000Z,ping,success,,60,,http,GET,127.0.0.1,'=cmd()|x,16,,,,,,"'+1 ""quoted""\nline"`,
    )
    expect(csv.text).not.toContain('other')
  })

  it('gives them as lines of JSON, all of a long log', async () => {
    await record(...Array.from({ length: 100 }, () => ({ signal: 'log' as const })))
    const { text, headers } = await person.get(`${log}?export=ndjson`)
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { n: number; kind: string })
    expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, i) => 100 - i))
    expect(lines[0]).toMatchObject({ type: 'ping', kind: 'log', method: 'GET' })
  })

  it('is done ten times in an hour', async () => {
    for (let i = 0; i < 10; i++) expect((await person.get(`${log}?export=csv`)).status).toBe(200)
    const refused = await person.get(`${log}?export=csv`)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    site.pass(HOUR)
    expect((await person.get(`${log}?export=csv`)).status).toBe(200)
  })
})
