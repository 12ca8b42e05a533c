import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aPing, NOON } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person
let list: string
let check: Check
let base: string

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  list = (await person.get('/')).location
  const project = await site.appliance.app.store.projects.findByCode(list.split('/')[2] ?? '')
  check = (await site.appliance.app.store.checks.ofProject(project!.id))[0]!
  base = `/checks/${check.code}/`
})
afterEach(() => site.close())

const now = async () => (await site.appliance.app.store.checks.findByCode(check.code))!
const page = async () => (await person.get(`${base}details/`)).text
const store = () => site.appliance.app.store

describe('ping now', () => {
  it('is a ping by a person, who is named, with a message as its body', async () => {
    const sent = await person.submit(`${base}ping_now/`, {
      signal: 'fail',
      message: 'by <b>hand</b>\r\nand two',
    })
    expect([sent.status, sent.location]).toEqual([303, `${base}details/`])
    const shown = await page()
    expect(shown).toContain('Ping recorded.')
    expect(shown).toContain('Web UI by ada@example.org')
    expect(shown).toContain('by &lt;b&gt;hand&lt;/b&gt;')
    expect(await now()).toMatchObject({ status: 'down', pingCount: 1 })
    expect((await store().pings.body(check.id, 1))?.toString()).toBe('by <b>hand</b>\nand two')
    expect(await store().notifications.ofCheck(check.id, 9)).toHaveLength(1)
  })

  it('works where only POST requests count, which no request can pretend', async () => {
    await store().checks.change(check.id, (each) => ({ check: { ...each, postOnly: true }, flip: null }))
    await person.submit(`${base}ping_now/`, { signal: 'success', message: '' })
    expect((await now()).status).toBe('up')
  })

  it('says before what it does', async () => {
    await store().checks.recordPings([{ code: check.code, ping: aPing({ signal: 'fail' }) }])
    expect((await person.get(`${base}ping_now/`)).text).toContain(
      'The check is down; a success marks it up and alerts 1 integration.',
    )
  })

  it('keeps what was written when it is too much, or not a signal', async () => {
    const long = await person.submit(`${base}ping_now/`, { signal: 'log', message: 'x'.repeat(10_001) })
    expect(long.status).toBe(422)
    expect(long.text).toContain('At most 10000 characters.')
    expect(long.text).toContain('x'.repeat(10_001))
    expect((await person.submit(`${base}ping_now/`, { signal: 'explode' })).status).toBe(422)
    expect((await now()).pingCount).toBe(0)
  })

  it('is allowed twenty times in a minute', async () => {
    for (let i = 0; i < 20; i++) {
      expect((await person.submit(`${base}ping_now/`, { signal: 'log', message: '' })).status).toBe(303)
    }
    expect((await person.submit(`${base}ping_now/`, { signal: 'log', message: '' })).status).toBe(429)
    site.pass(MINUTE)
    expect((await person.submit(`${base}ping_now/`, { signal: 'log', message: '' })).status).toBe(303)
  })
})

it('copies a check, and leads to the copy', async () => {
  await store().checks.change(check.id, (each) => ({
    check: { ...each, name: 'Night', slug: 'night', graceMs: 7 * MINUTE, postOnly: true },
    flip: null,
  }))
  expect((await person.get(`${base}copy/`)).text).toContain('Its name will be “Night (copy)”')
  const copied = await person.submit(`${base}copy/`, {})
  const shown = (await person.get(copied.location)).text
  expect(shown).toContain('Copied. This is the copy. It was made from Night; change its name next.')
  const code = copied.location.split('/')[2] ?? ''
  expect(await store().checks.findByCode(code)).toMatchObject({
    name: 'Night (copy)',
    slug: 'night-copy',
    graceMs: 7 * MINUTE,
    postOnly: true,
    pingCount: 0,
  })
})

describe('a transfer', () => {
  it('moves a check to another project of the person', async () => {
    const wes = await somebody(site, 'wes@example.org')
    await join(
      site,
      wes.projectCode,
      { userId: (await store().users.findByEmail('ada@example.org'))!.id },
      'member',
    )
    expect((await person.get(`${base}transfer/`)).text).toContain(`<option value="${wes.projectCode}"`)
    const moved = await person.submit(`${base}transfer/`, { project: wes.projectCode })
    expect(moved.location).toBe(`${base}details/`)
    expect(await page()).toMatch(/Moved to .+\./)
    expect((await wes.get(`${base}details/`)).status).toBe(200)
  })

  it('is not possible to where the person may only look, or has nothing to do', async () => {
    const olga = await somebody(site, 'olga@example.org')
    const wes = await somebody(site, 'wes@example.org')
    await join(site, list.split('/')[2] ?? '', wes, 'member')
    expect((await wes.submit(`${base}transfer/`, { project: olga.projectCode })).status).toBe(404)
    await join(site, olga.projectCode, wes, 'read-only')
    const refused = await wes.submit(`${base}transfer/`, { project: olga.projectCode })
    expect(refused.status).toBe(403)
    expect((await wes.get(`${base}transfer/`)).text).not.toContain(`<option value="${olga.projectCode}"`)
    expect((await wes.submit(`${base}transfer/`, { project: 'nonsense' })).status).toBe(404)
  })
})

it('says who paused a check, resumed it, or gave it a schedule by which it is overdue', async () => {
  await store().checks.recordPings([{ code: check.code, ping: aPing({ at: NOON - 2 * HOUR }) }])
  const form = {
    kind: 'simple',
    period: '1',
    period_unit: 'hours',
    grace: '5',
    grace_unit: 'minutes',
    tz: '',
  }
  await person.submit(`${base}timeout/`, form)
  await person.submit(`${base}pause/`, {})
  await person.submit(`${base}resume/`, {})
  const said = await page()
  expect(said).toContain('the schedule was changed by ada@example.org')
  expect(said).toContain('paused by ada@example.org')
  expect(said).toContain('resumed by ada@example.org')
  await site.appliance.app.actions.checks.pause(await now())
  expect(await page()).toContain('paused by a person')
})

it('clears the events, and leaves address and schedule', async () => {
  await store().checks.recordPings([1, 2, 3].map(() => ({ code: check.code, ping: aPing() })))
  expect((await person.get(`${base}clear_events/`)).text).toContain('Deletes all 3 stored pings')
  await person.submit(`${base}clear_events/`, {})
  const shown = await page()
  expect(shown).toContain('Events cleared.')
  expect(shown).toContain('No events yet.')
  expect(await now()).toMatchObject({ status: 'new', pingCount: 3, code: check.code })
})

describe('the downtimes of a check', () => {
  beforeEach(async () => {
    await store().checks.recordPings([
      { code: check.code, ping: aPing({ at: NOON, signal: 'fail' }) },
      { code: check.code, ping: aPing({ at: NOON + 2 * HOUR }) },
      { code: check.code, ping: aPing({ at: NOON + 3 * HOUR, signal: 'fail' }) },
    ])
    site.pass(5 * HOUR)
  })

  it('are listed with their length, the one that goes on first', async () => {
    const { text } = await person.get(`${base}downtimes/`)
    expect(text).toContain('goes on')
    expect(text.match(/<td>2 h<\/td>/g)).toHaveLength(2)
    expect(text).toContain('2 downtimes, 4 h')
  })

  it('can be taken along as CSV', async () => {
    const csv = await person.get(`${base}downtimes/?format=csv`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toContain('attachment')
    expect(csv.text.split('\r\n').slice(0, 3)).toEqual([
      'from,to,seconds,reason,alerts',
      '2026-01-15T15:00:00.000Z,,7200,failure,0',
      '2026-01-15T12:00:00.000Z,2026-01-15T14:00:00.000Z,7200,failure,0',
    ])
  })

  it('are listed as far as a page holds, and all in a file', async () => {
    const pings = Array.from({ length: 1100 }, (_, i) =>
      aPing({ at: NOON + 4 * HOUR + i * SECOND, signal: i % 2 ? 'fail' : 'success' }),
    )
    await store().checks.recordPings(pings.map((ping) => ({ code: check.code, ping })))
    const { text } = await person.get(`${base}downtimes/`)
    expect(text.match(/<td>failure<\/td>/g)).toHaveLength(500)
    expect(text).toContain('The newest 500 of 552. Choose a month')
    const csv = await person.get(`${base}downtimes/?format=csv`)
    expect(csv.text.trim().split('\r\n')).toHaveLength(553)
  })

  it('say when it was a run that took too long, which shows from its start', async () => {
    const startedAt = NOON + 6 * HOUR
    await store().checks.recordPings([
      { code: check.code, ping: aPing({ at: startedAt - MINUTE }) },
      { code: check.code, ping: aPing({ at: startedAt, signal: 'start' }) },
    ])
    site.pass(7 * HOUR)
    await store().checks.changeDue(NOON + 12 * HOUR, 10, (each) => ring(each, NOON + 12 * HOUR))
    const csv = await person.get(`${base}downtimes/?format=csv`)
    const overAt = new Date(startedAt + check.graceMs).toISOString()
    expect(csv.text).toContain(`${overAt},,`)
    expect(csv.text).toContain(',run took too long,0')
    expect((await person.get(`${base}details/`)).text).toMatch(/The run that started at .* did not finish/)
  })

  it('can be looked at month by month', async () => {
    expect((await person.get(`${base}downtimes/?month=2026-01`)).text).toContain('Downtimes of January 2026')
    expect((await person.get(`${base}downtimes/?month=1999-01`)).text).toContain('All downtimes')
  })
})

it('shows no controls to who may only look', async () => {
  const rita = await somebody(site, 'rita@example.org')
  await join(site, list.split('/')[2] ?? '', rita, 'read-only')
  const { text } = await rita.get(`${base}details/`)
  for (const part of [
    'name',
    'timeout',
    'pause',
    'ping_now',
    'copy',
    'transfer',
    'clear_events',
    'remove',
    'filtering_rules',
  ]) {
    expect(text, part).not.toContain(`${base}${part}/`)
  }
  for (const part of ['ping_now', 'copy', 'transfer', 'clear_events']) {
    expect((await rita.get(`${base}${part}/`)).status, part).toBe(403)
  }
  expect((await rita.get(`${base}downtimes/`)).status).toBe(200)
})
