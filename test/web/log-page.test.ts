import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArrivingPing } from '../../src/core/ping'
import type { Check } from '../../src/core/check'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
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
  site = await localSite({ DEFAULT_PING_LOG_LIMIT: '300' })
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
const numbersIn = (text: string) =>
  [...text.matchAll(/data-t=\\?"event-ping-(\d+)/g)].map(([, n]) => Number(n))
const shown = async (query = '') => numbersIn((await person.get(`${log}${query}`)).text)

const linkIn = (text: string, hook: string) =>
  new RegExp(`href="([^"]*)"[^>]*data-t="${hook}"`).exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''

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
    for (let url = `${log}?success=on`; url !== '';) {
      const { text } = await person.get(url)
      all.push(...numbersIn(text))
      url = linkIn(text, 'load-older')
    }
    expect(all).toEqual(Array.from({ length: 250 }, (_, i) => 250 - i))
  })

  it('leads back up, and to the newest when it is there', async () => {
    await record(...Array.from({ length: 250 }, () => ({})))
    const first = await person.get(`${log}?success=on`)
    expect(linkIn(first.text, 'load-newer')).toBe('')
    const second = linkIn(first.text, 'load-older')
    const third = linkIn((await person.get(second)).text, 'load-older')
    const back = await person.get(linkIn((await person.get(third)).text, 'load-newer'))
    expect(numbersIn((await person.get(back.location)).text)).toEqual(
      numbersIn((await person.get(second)).text),
    )
    const top = await person.get(linkIn((await person.get(back.location)).text, 'load-newer'))
    expect(top.location).toBe(`${log}?success=on`)
  })

  it('jumps to months, with what else is asked for', async () => {
    await record({ at: NOON - 40 * DAY }, { at: NOON })
    const { text } = await person.get(`${log}?success=on`)
    expect(text).toContain('?success=on&amp;from=2025-12-01T00%3A00&amp;to=2025-12-31T23%3A59')
    expect(text).toContain('2</span> shown; the oldest stored ping is #1 of 2025-12-06.')
  })

  it('can be read in another zone, in which its filter is, too', async () => {
    await record({ at: NOON })
    const { text } = await person.get(`${log}?tz=UTC&from=2026-01-15T12:00&to=2026-01-15T12:00`)
    expect(numbersIn(text)).toEqual([1])
    expect(text).toContain('>2026-01-15 12:00</time>')
    expect(text).toContain('<input type="hidden" name="tz" value="UTC">')
    expect((await person.get(`${log}?tz=Mars/Base`)).text).toContain('>2026-01-15 13:00</time>')
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

describe('a log that is open', () => {
  const events = () => log.replace('/log/', '/log_events/')
  const poll = (url: string, version: string) => person.get(url, { 'if-none-match': `"${version}"` })
  const pollOf = (text: string) => ({
    url: /data-poll="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '',
    version: /data-version="([^"]*)"/.exec(text)?.[1] ?? '',
  })

  it('is told what comes in, as far as it fits its filter', async () => {
    await record({})
    const { url, version } = pollOf((await person.get(`${log}?fail=on&text=disk`)).text)
    expect((await poll(url, version)).status).toBe(304)
    await record({ signal: 'fail', body: Buffer.from('disk full') }, { signal: 'fail' }, {})
    const news = await poll(url, version)
    const { events_html, more, version: next } = JSON.parse(news.text) as Record<string, string>
    expect(numbersIn(events_html ?? '')).toEqual([2])
    expect([more, news.headers.get('etag')]).toEqual([false, `"${next}"`])
    expect((await poll(url, next ?? '')).status).toBe(304)
  })

  it('is told of very much in several answers', async () => {
    const { url, version } = pollOf((await person.get(`${log}?log=on`)).text)
    await record(...Array.from({ length: 150 }, () => ({ signal: 'log' as const })))
    const first = JSON.parse((await poll(url, version)).text) as Record<string, string>
    expect([first['more'], numbersIn(first['events_html'] ?? '').at(-1)]).toEqual([true, 1])
    const second = JSON.parse((await poll(url, first['version'] ?? '')).text) as Record<string, string>
    expect([second['more'], numbersIn(second['events_html'] ?? '')[0]]).toEqual([false, 150])
  })

  it('has no place for it on older pages, or where a time is asked for that is over', async () => {
    await record(...Array.from({ length: 120 }, () => ({})))
    expect(pollOf((await person.get(`${log}?to=2026-01-15T12:00`)).text).url).toBe('')
    expect(pollOf((await person.get(`${log}?before=50.1.1`)).text).url).toBe('')
    expect(pollOf((await person.get(`${log}?view=runs`)).text).url).toBe('')
    expect((await person.get(events())).status).toBe(400)
  })

  it('gives what is older to a page that is not left for it', async () => {
    await record(...Array.from({ length: 60 }, () => ({ signal: 'log' as const })))
    const first = JSON.parse((await person.get(`${events()}?log=on&before=60.1.1`)).text) as Record<
      string,
      string
    >
    expect(numbersIn(first['events_html'] ?? '')).toEqual(Array.from({ length: 50 }, (_, i) => 59 - i))
    const rest = JSON.parse((await person.get(`${events()}?log=on&before=${first['before']}`)).text) as object
    expect(rest).toMatchObject({ before: null })
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
