import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { nameOfCommand, pastedLine } from '../../src/web/crontab-line'
import { asked } from '../../src/web/schedule-asking'
import { dayRemarks } from '../../src/web/schedule-preview'
import { aCheck, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, aPerson, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

const GRACE = { grace: '10', grace_unit: 'minutes' }

/** What a person in Berlin is shown at noon of 15 January 2026. */
function previewOf(form: Record<string, string>, facts: Parameters<typeof aCheck>[0] | null = null) {
  const check = facts && aCheck(facts)
  return asked({ ...GRACE, ...form }, { check, nowAt: NOON, tz: 'Europe/Berlin' }).preview
}

const cron = (text: string, tz = 'Europe/Riga') => ({ kind: 'cron', cron: text, tz })

describe('a preview', () => {
  it('says what a simple schedule means', () => {
    expect(previewOf({ kind: 'simple', period: '90', period_unit: 'minutes' })).toMatchObject({
      words: 'Every 1 hour 30 minutes',
      problem: '',
      runs: [],
    })
    expect(previewOf({ kind: 'simple', period: '1', period_unit: 'days' }).words).toBe('Every day')
  })

  it('shows the next six times in the zone of the check, that of the person, and UTC', () => {
    const { words, zones, runs } = previewOf(cron('30 0 * * *'))
    expect(words).toBe('At 00:30 every day')
    expect(zones).toEqual([
      { name: 'Europe/Riga', whose: 'the check’s' },
      { name: 'Europe/Berlin', whose: 'yours' },
      { name: 'UTC', whose: '' },
    ])
    expect(runs).toHaveLength(6)
    expect(runs[0]).toEqual({
      iso: '2026-01-16T00:30:00+02:00',
      times: [
        { day: 'Fri 2026-01-16', time: '00:30', offset: '+02:00' },
        { day: '2026-01-15', time: '23:30', offset: '' },
        { day: '2026-01-15', time: '22:30', offset: '' },
      ],
      relative: 'in 10 hours',
      note: '',
    })
  })

  it('names a zone once that is two of the three', () => {
    expect(previewOf(cron('0 4 * * *', 'Europe/Berlin')).zones.map(({ whose }) => whose)).toEqual([
      'the check’s and yours',
      '',
    ])
  })

  it('tells beside a time what a change of clocks does to it', () => {
    const weekly = previewOf(cron('30 3 29 3 *'))
    expect(weekly.runs[0]).toMatchObject({ iso: '2026-03-29T04:00:00+03:00' })
    expect(weekly.runs[0]?.note).toContain('Moved from 03:30')
  })

  it('tells what the changes of the coming year will do, when they are further away', () => {
    const { remarks, runs } = previewOf(cron('30 3 * * *'))
    expect(runs.every(({ note }) => note === '')).toBe(true)
    expect(remarks).toHaveLength(2)
    expect(remarks[0]).toMatch(/^Clocks change on 2026-03-29: Moved from 03:30/)
    expect(remarks[1]).toMatch(/^Clocks change on 2026-10-25: 03:30 comes twice and only the first counts/)
    expect(previewOf(cron('30 12 * * *')).remarks).toEqual([])
  })

  it('tells how the two fields about days go together', () => {
    expect(dayRemarks('0 0 1 * MON')).toEqual(['Runs when either matches (classic cron rule).'])
    expect(dayRemarks('0 0 1-7 * */7')).toEqual(['*/7 counts as unrestricted, so both fields must match.'])
    expect(dayRemarks('0 0 * * MON')).toEqual([])
    expect(dayRemarks('0 0 1 * *')).toEqual([])
  })

  it('tells of a next time that is more than a year away', () => {
    expect(previewOf(cron('0 0 29 2 *', 'UTC')).remarks).toEqual(['Next match is 2028-02-29.'])
  })

  it('tells of a schedule that has no times left, and refuses one that never has any', () => {
    const over = previewOf({ kind: 'oncalendar', oncalendar: '2020-01-01', tz: 'UTC' })
    expect(over.remarks).toEqual(['There is no time left: a check that is up stays up.'])
    expect(previewOf(cron('0 0 31 2 *')).problem).toContain('day')
  })

  it('says what is wrong instead', () => {
    expect(previewOf(cron('0 25 * * *')).problem).toContain('bad hour')
    expect(previewOf(cron('0 4 * * *', 'Europe/Rigga')).problem).toBe('Choose a time zone from the list.')
    expect(previewOf({ kind: 'simple', period: '0', period_unit: 'days' }).problem).toBe(
      'Between 1 minute and 365 days.',
    )
  })

  it('takes several lines of OnCalendar, each with its own zone', () => {
    const { words, runs } = previewOf({
      kind: 'oncalendar',
      oncalendar: '8:00 Europe/Riga\r\n8:00 America/New_York\r\n',
      tz: 'UTC',
    })
    expect(words).toContain('(Europe/Riga)')
    expect(runs.slice(0, 2).map(({ iso }) => iso)).toEqual([
      '2026-01-15T13:00:00+00:00',
      '2026-01-16T06:00:00+00:00',
    ])
  })
})

describe('what saving means for the check', () => {
  const says = (form: Record<string, string>, facts: Parameters<typeof aCheck>[0]): string =>
    previewOf(form, facts)
      .consequence?.sentence.map((piece) => (typeof piece === 'string' ? piece : piece.text))
      .join('') ?? ''

  it('is when the next ping is due', () => {
    expect(says(cron('0 18 * * *'), {})).toBe('Next ping due 2026-01-15 17:00.')
  })

  it('is that it goes down without an alert, where it is overdue', () => {
    const facts = { lastPingAt: NOON - 3 * HOUR, alertAfterAt: NOON + DAY }
    expect(says(cron('0 12 * * *'), facts)).toBe(
      'With this schedule the check is overdue since 2026-01-15 11:10. It will become down without sending alerts.',
    )
    expect(previewOf(cron('0 12 * * *'), facts).consequence?.isWarning).toBe(true)
  })

  it('is that it is late already, but not yet down', () => {
    const facts = { lastPingAt: NOON - HOUR }
    expect(says({ kind: 'simple', period: '55', period_unit: 'minutes' }, facts)).toBe(
      'A ping was due 2026-01-15 12:55; it goes down 2026-01-15 13:05 if none comes.',
    )
  })

  it('is nothing yet for a check that is new, paused or down', () => {
    expect(says(cron('0 12 * * *'), { status: 'new', lastPingAt: null })).toContain('first ping')
    expect(says(cron('0 12 * * *'), { status: 'paused' })).toContain('paused')
    expect(says(cron('0 12 * * *'), { status: 'down' })).toContain('next success')
  })
})

describe('a pasted line of a crontab', () => {
  it('is cut to its expression, and its command offers a name', () => {
    expect(pastedLine('0 3 * * * /usr/local/bin/backup >/dev/null')).toEqual({
      expression: '0 3 * * *',
      command: '/usr/local/bin/backup >/dev/null',
      name: 'backup',
    })
    expect(pastedLine('@daily run-parts /etc/cron.daily')).toMatchObject({ expression: '0 0 * * *' })
    expect(pastedLine('@hourly')).toEqual({ expression: '0 * * * *', command: '', name: '' })
  })

  it('is not seen where there is only an expression, or one with more fields', () => {
    expect(pastedLine('0 3 * * *')).toBeNull()
    expect(pastedLine('0 0 3 * * *')).toBeNull()
    expect(pastedLine('0 0 3 * * MON-FRI')).toBeNull()
    expect(pastedLine('every day at three')).toBeNull()
  })

  it.each([
    ['root /usr/local/bin/backup.sh --all', 'backup'],
    ['cd /srv/app && ./cleanup.py', 'cleanup'],
    ['nice -n 10 /opt/report', 'report'],
    ['MAILTO= certbot renew', 'certbot'],
    ['', ''],
  ])('names the check after "%s"', (command, name) => {
    expect(nameOfCommand(command)).toBe(name)
  })
})

describe('the forms', () => {
  let site: LocalSite
  let person: Person
  let list: string
  let check: string

  beforeAll(async () => {
    site = await localSite()
    person = await anAdministrator(site)
    list = (await person.get('/')).location
    const { text } = await person.get(list)
    check = /href="(\/checks\/[^/]+\/)details/.exec(text)?.[1] ?? ''
  })

  afterAll(() => site.close())

  const schedule = (form: Record<string, string>): Promise<Answer> =>
    person.submit(`${check}timeout/`, { ...GRACE, ...form })

  it('keep a cron schedule, and show it with the check and in the list', async () => {
    expect((await schedule(cron('30 3 * * SUN'))).status).toBe(303)
    const details = await person.get(`${check}details/`)
    expect(details.text).toContain('At 03:30 on Sunday')
    expect(details.text).toContain('<code class="line">30 3 * * SUN</code>')
    expect(details.text).toContain('Next 5 times in Europe/Riga')
    const { text } = await person.get(list)
    expect(text).toContain('<code>30 3 * * SUN</code>')
    expect(text).toContain('Europe/Riga · grace 10 minutes')
  })

  it('keep several lines of OnCalendar, and have the period again afterwards', async () => {
    await schedule({ kind: 'simple', period: '3', period_unit: 'hours' })
    const lines = 'Mon..Fri 09:00\r\nSat 12:00 Europe/Berlin'
    expect((await schedule({ kind: 'oncalendar', oncalendar: lines, tz: 'Asia/Kolkata' })).status).toBe(303)
    const { text } = await person.get(`${check}timeout/`)
    expect(text).toContain('Mon..Fri 09:00\nSat 12:00 Europe/Berlin</textarea>')
    expect(text).toMatch(/name="period" value="3"/)
    expect((await person.get(list)).text).toContain('Mon..Fri 09:00 · Sat 12…')
  })

  it('keep a zone under its present name', async () => {
    await schedule(cron('0 4 * * *', 'Asia/Calcutta'))
    expect((await person.get(`${check}timeout/`)).text).toMatch(/id="f-tz" name="tz" value="Asia\/Kolkata"/)
  })

  it('say which field is wrong, and how', async () => {
    const answer = await schedule(cron('0 25 * * *', 'Nowhere'))
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('href="#f-cron"')
    expect(answer.text).toContain('bad hour')
    expect(answer.text).toContain('Choose a time zone from the list.')
  })

  it('show a preview without saving, for browsers without scripts', async () => {
    await schedule(cron('0 4 * * *'))
    const answer = await schedule({ ...cron('15 5 * * *'), do: 'preview' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('At 05:15 every day')
    expect(answer.text).toContain('id="f-cron" name="cron" value="15 5 * * *"')
    expect((await person.get(`${check}details/`)).text).toContain('At 04:00 every day')
  })

  it('name a new check after the command of a pasted line', async () => {
    const line = { ...GRACE, ...cron('0 3 * * * root /usr/local/bin/pg-dump.sh >/dev/null'), name: '' }
    const shown = await person.submit(`${list}add/`, { ...line, do: 'preview' })
    expect(shown.text).toContain('name="cron" value="0 3 * * *"')
    expect(shown.text).toContain('name="name" value="pg-dump"')
    expect((await person.submit(`${list}add/`, line)).status).toBe(303)
    const { text } = await person.get(list)
    expect(text).toContain('>pg-dump</a>')
    expect(text).toContain('<code>0 3 * * *</code>')
  })

  it('begin with the zone that the project uses most, and list all of them there only', async () => {
    const { text } = await person.get(`${list}add/`)
    expect(text).toMatch(/id="f-tz" name="tz" value="Europe\/Riga"/)
    expect(text.match(/<option value="[A-Z][^"]*">/g)?.length).toBeGreaterThan(400)
    expect((await person.get(`${check}name/`)).text).not.toContain('Europe/Riga">')
  })

  it('give scripts the preview alone', async () => {
    const { text } = await person.get(`${check}timeout/`)
    const fields = { csrf: csrfIn(text), ...GRACE, ...cron('15 5 * * *'), do: 'preview' }
    const answer = await person.post(`${check}timeout/`, fields, { 'x-fragment': '1' })
    expect(answer.text).toContain('At 05:15 every day')
    expect(answer.text).not.toContain('<html')
  })

  it('answer for expressions alone, cron to anybody', async () => {
    const stranger = aPerson(site.url)
    const csrf = csrfIn((await stranger.get('/accounts/login/')).text)
    const answer = await stranger.post('/checks/cron_preview/', { csrf, schedule: '0 4 * * *', tz: 'UTC' })
    expect(answer.text).toContain('At 04:00 every day')
    expect((await stranger.post('/checks/cron_preview/', { schedule: '0 4 * * *', tz: 'UTC' })).status).toBe(
      403,
    )
    const other = { csrf, schedule: '04:00', tz: 'UTC' }
    expect((await stranger.post('/checks/oncalendar_preview/', other)).status).toBe(303)
    const mine = csrfIn((await person.get(`${check}timeout/`)).text)
    const known = await person.post('/checks/oncalendar_preview/', { ...other, csrf: mine })
    expect(known.text).toContain('2026-01-16')
  })

  it('validate by the kind that is chosen', async () => {
    const csrf = csrfIn((await person.get(`${check}timeout/`)).text)
    const valid = async (fields: Record<string, string>) => {
      const { status, text } = await person.post('/checks/validate_schedule/', { csrf, ...fields })
      return [status, JSON.parse(text)] as const
    }
    expect(await valid({ kind: 'cron', schedule: '0 4 * * *' })).toEqual([200, { result: true }])
    expect(await valid({ kind: 'cron', schedule: '04:00' })).toEqual([200, { result: false }])
    expect(await valid({ kind: 'oncalendar', schedule: '04:00' })).toEqual([200, { result: true }])
    expect((await valid({ kind: 'other', schedule: '04:00' }))[0]).toBe(400)
  })

  it('show sixty previews in a minute, and say when there are more', async () => {
    site.pass(5 * MINUTE)
    const csrf = csrfIn((await person.get(`${check}timeout/`)).text)
    const preview = (): Promise<Answer> =>
      person.post('/checks/cron_preview/', { csrf, schedule: '0 4 * * *', tz: 'UTC' }, { 'x-fragment': '1' })
    for (let i = 0; i < 60; i += 1) expect((await preview()).status).toBe(200)
    const tooMuch = await preview()
    expect(tooMuch.status).toBe(429)
    expect(Number(tooMuch.headers.get('retry-after'))).toBeGreaterThan(0)
    site.pass(MINUTE)
    expect((await preview()).status).toBe(200)
  })
})
