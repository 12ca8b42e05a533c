import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { objectKey } from '../../src/core/object-key'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aPing, NOON } from '../support/build'
import { fakeS3 } from '../support/fake-s3'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

const A = 'aaaaaaaa-0000-4000-8000-000000000000'
const B = 'bbbbbbbb-0000-4000-8000-000000000000'

let site: LocalSite
let person: Person
let check: Check
let base: string

async function begin(env: Record<string, string> = {}): Promise<void> {
  site = await localSite(env)
  person = await anAdministrator(site)
  const project = await store().projects.findByCode((await person.get('/')).location.split('/')[2] ?? '')
  check = (await store().checks.ofProject(project!.id))[0]!
  base = `/checks/${check.code}/`
}
afterEach(() => site.close())

const store = () => site.appliance.app.store
const now = async () => (await store().checks.findByCode(check.code))!
const page = async (part: string) => (await person.get(base + part)).text
const record = (...pings: Partial<ArrivingPing>[]) =>
  store().checks.recordPings(pings.map((facts) => ({ code: check.code, ping: aPing(facts) })))

const GRACE = { grace: '5', grace_unit: 'minutes', tz: 'UTC' }

/** What the form shows before it is saved. */
async function previewed(form: Record<string, string>): Promise<string> {
  const { text } = await person.submit(`${base}timeout/`, { ...GRACE, ...form, do: 'preview' })
  return text
}

const timesIn = (text: string) =>
  [...text.matchAll(/<time datetime="([^"]*)"><span class="day">/g)].map(([, at]) => at)

describe('scenario 47: before a schedule is saved, the form', () => {
  beforeEach(() => begin())
  const cron = (expression: string, tz = 'UTC') => previewed({ kind: 'cron', cron: expression, tz })

  it('says that one of two fields about days is enough', async () => {
    const text = await cron('0 0 1 * MON')
    expect(text).toContain('Runs when either matches (classic cron rule).')
    expect(timesIn(text)).toHaveLength(6)
  })

  it('says when both of them have to match, and has the first Mondays', async () => {
    const text = await cron('0 0 */100,1-7 * MON')
    expect(text).toContain('*/100,1-7 counts as unrestricted, so both fields must match.')
    expect(timesIn(text).map((at) => at?.slice(0, 10))).toEqual([
      '2026-02-02',
      '2026-03-02',
      '2026-04-06',
      '2026-05-04',
      '2026-06-01',
      '2026-07-06',
    ])
  })

  it('tells what a change of clocks does', async () => {
    expect(await cron('30 1 * * *', 'Europe/Dublin')).toMatch(/Clocks change on 2026-03-29: .*02:00/)
  })

  it('refuses what never comes', async () => {
    expect(await cron('0 0 31 2 *')).toContain('data-t="preview-problem"')
  })
})

describe('scenario 48: an OnCalendar schedule', () => {
  beforeEach(() => begin())

  it('has the times of all its lines in order', async () => {
    const oncalendar = '8:00 Europe/Riga\r\n8:00 America/New_York'
    const times = timesIn(await previewed({ kind: 'oncalendar', oncalendar })).map((at) =>
      Date.parse(at ?? ''),
    )
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(times[0]).toBe(NOON + HOUR)
  })

  it('says which line is wrong', async () => {
    const text = await previewed({ kind: 'oncalendar', oncalendar: '8:00\r\nnot a day' })
    expect(text).toContain('OnCalendar line 2:')
  })
})

it('scenario 49: a schedule by which the check is overdue brings it down, and nobody is told', async () => {
  await begin()
  await record({ at: NOON - 2 * HOUR })
  const short = { kind: 'simple', period: '1', period_unit: 'hours' }
  expect(await previewed(short)).toContain('It will become down without sending alerts.')
  await person.submit(`${base}timeout/`, { ...GRACE, ...short })
  const text = await page('details/')
  expect(text).toContain(
    'Schedule saved. The check is overdue under it, so it is down now; no alert was sent.',
  )
  expect(text).toContain('the schedule was changed')
  expect((await now()).status).toBe('down')
  expect(await store().notifications.ofCheck(check.id, 10)).toEqual([])
})

it('scenario 50: runs that overlap are told apart by their ids, and those without only by what is next to them', async () => {
  await begin()
  await record(
    { signal: 'start', runId: A, at: NOON },
    { signal: 'start', runId: B, at: NOON + MINUTE },
    { runId: B, at: NOON + 3 * MINUTE },
    { runId: A, at: NOON + 5 * MINUTE },
  )
  site.pass(10 * MINUTE)
  const text = await page('details/')
  expect([...text.matchAll(/took ([^<]*)</g)].map(([, took]) => took)).toEqual(['5 min', '2 min'])
  expect(text).toContain('<span class="unseen">run </span>aaaaa')
  expect(text.match(/data-mark/g)).toHaveLength(2)
  expect((await page(`log/?rid=bbbbb`)).match(/data-t="event-ping-/g)).toHaveLength(2)
  await record(
    { signal: 'start', at: NOON + 6 * MINUTE },
    { at: NOON + 7 * MINUTE },
    { at: NOON + 8 * MINUTE },
  )
  expect([...(await page('log/')).matchAll(/took ([^<]*)</g)]).toHaveLength(3)
})

it('scenario 51: a run that goes on shows, and brings the check down when it takes too long', async () => {
  await begin()
  await record({ at: NOON - MINUTE }, { signal: 'start', at: NOON })
  site.pass(10 * MINUTE)
  const running = await page('details/')
  expect(running).toContain('Running for 10 min of 1 hour (started ')
  expect(running).toMatch(/class="shape large[^"]*running|class="ring"/)
  site.pass(HOUR)
  const over = await page('details/')
  expect(over).toContain('did not finish within 1 hour.')
  expect(over).toContain('/static/fav/down-1.svg')
})

it('scenario 53: a ping by hand is a ping, with its alert', async () => {
  await begin()
  await record({ at: NOON - MINUTE })
  await person.submit(`${base}ping_now/`, { signal: 'fail', message: 'manual' })
  const text = await page('details/')
  expect(text).toContain('Web UI by ada@example.org')
  expect(text).toContain('<span class="body">manual</span>')
  const [told] = await store().notifications.ofCheck(check.id, 10)
  expect(told).toMatchObject({ status: 'down', state: 'waiting' })
})

it('scenario 54: what is downloaded is what was sent, to the byte', async () => {
  await begin()
  const body = Buffer.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x00, 0x3c])
  await record({ body })
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const answer = await fetch(`${site.url}${base}pings/1/body/`, { headers: { cookie } })
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(body)
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${check.code}-1.bin"`)
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
})

it('scenario 56: a body in object storage is on its way, there, gone, or cannot be had', async () => {
  const fake = await fakeS3()
  await begin({
    S3_BUCKET: 'bodies',
    S3_ENDPOINT: `http://127.0.0.1:${fake.config.port}`,
    S3_ACCESS_KEY: 'me',
    S3_SECRET_KEY: 'hush',
    S3_REGION: 'eu-test-1',
    S3_UPLOAD: 'sync',
  })
  const text = 'a body that is long enough for object storage, '.repeat(5)
  await fetch(`${site.url}/ping/${check.code}`, { method: 'POST', body: text })
  const key = objectKey(check.code, 1)
  const object = fake.objects.get(key)!
  fake.objects.delete(key)

  const waiting = await person.get(`${base}pings/1/`)
  expect(waiting.text).toContain('The body is still being stored. Try again in a few seconds.')
  expect(waiting.headers.get('refresh')).toMatch(/^3; url=.*\?try=1$/)
  expect((await person.get(`${base}pings/1/?try=5`)).headers.get('refresh')).toBeNull()
  // A dialog asks again by itself.
  const part = await person.get(`${base}pings/1/`, { 'x-fragment': '1' })
  expect([part.text.includes('data-again="3"'), part.headers.get('refresh')]).toEqual([true, null])

  fake.objects.set(key, object)
  expect(await page('pings/1/')).toContain('a body that is long enough')
  fake.objects.delete(key)
  site.pass(2 * HOUR)
  expect(await page('pings/1/')).toContain('The body was deleted by retention.')

  fake.faults = () => ({ kind: 'hang up' })
  const failing = await person.get(`${base}pings/1/`)
  expect([failing.status, failing.text.includes('Body storage does not answer right now.')]).toEqual([
    200,
    true,
  ])
  const download = await person.get(`${base}pings/1/body/`)
  expect([download.status, download.headers.get('retry-after')]).toEqual([503, '20'])
  await fake.close()
})

it('scenario 57: a long log is found in by kind, time and run, and read to its end while more comes in', async () => {
  await begin({ DEFAULT_PING_LOG_LIMIT: '6000' })
  for (let i = 0; i < 5; i++) {
    await record(
      ...Array.from({ length: 1000 }, (_, j): Partial<ArrivingPing> => {
        const n = i * 1000 + j
        return {
          at: NOON - (5000 - n) * 10 * MINUTE,
          signal: n % 500 === 0 ? 'fail' : 'log',
          runId: n % 1000 === 0 ? A : B,
        }
      }),
    )
  }
  const lastWeek = 'from=2026-01-08T13:00'
  const found = await page(`log/?fail=on&rid=aaaaa&${lastWeek}`)
  expect([...found.matchAll(/data-t="event-ping-(\d+)"/g)].map(([, n]) => n)).toEqual(['4001'])
  expect(found).toContain(`name="from" value="2026-01-08T13:00"`)
  const read: number[] = []
  for (let url = `${base}log/?log=on&${lastWeek}`; url !== '';) {
    const { text } = await person.get(url)
    read.push(...[...text.matchAll(/data-t="event-ping-(\d+)"/g)].map(([, n]) => Number(n)))
    url = /href="([^"]*)"[^>]*data-t="load-older"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    if (read.length < 400) await record({ at: NOON, signal: 'log' }, { at: NOON, signal: 'fail' })
  }
  const expected = Array.from({ length: 1008 }, (_, i) => 5000 - i).filter((n) => (n - 1) % 500 !== 0)
  expect(read).toEqual(expected)
})

it('scenario 58: of two files at the same time one person gets one', async () => {
  await begin()
  await record(...Array.from({ length: 50 }, () => ({ body: Buffer.alloc(5000, 'x') })))
  const answers = await Promise.all([1, 2].map(() => person.get(`${base}log/?export=csv&bodies=on`)))
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429])
  expect(answers.find(({ status }) => status === 429)?.text).toContain(
    'Another export of yours is under way.',
  )
  expect((await person.get(`${base}log/?export=csv`)).status).toBe(200)
})

it('scenario 60: a chart of days is still there when the log is not', async () => {
  await begin({ DEFAULT_PING_LOG_LIMIT: '50' })
  for (let day = 60; day > 0; day--) {
    await record({ at: NOON - day * DAY, signal: 'start' }, { at: NOON - day * DAY + (60 + day) * SECOND })
  }
  while ((await store().pruning.pruneSome(check.id, NOON))?.more === true);
  expect((await store().pings.oldest(check.id))!.n).toBeGreaterThan(60)
  expect(await page('details/?chart=90d')).toContain('60 runs on 60 days, 0 failed: median about 1 min')
  expect(await page('details/')).toContain('25 runs: median')
})

it('scenario 62: the sample, the rules and the pings that come agree', async () => {
  await begin()
  const rules = { filter_http_body: 'true', success_kw: 'done', filter_default_fail: 'true' }
  const tried = await person.submit(`${base}filtering_rules/`, { ...rules, sample_body: 'oh no', do: 'try' })
  expect(tried.text).toContain('It would count as failure (no keyword matched).')
  await person.submit(`${base}filtering_rules/`, rules)
  await fetch(`${site.url}/ping/${check.code}`, { method: 'POST', body: 'oh no' })
  expect((await now()).status).toBe('down')
  await fetch(`${site.url}/ping/${check.code}`, { method: 'POST', body: 'all done' })
  expect((await now()).status).toBe('up')
  await person.submit(`${base}filtering_rules/`, { ...rules, filter_default_fail: '' })
  await fetch(`${site.url}/ping/${check.code}`, { method: 'POST', body: 'hm' })
  expect(await page('log/')).toContain('Ignored')
  expect(await page('pings/3/')).toContain('Ignored: no keyword matched')
})
