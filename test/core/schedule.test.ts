import { describe, expect, it } from 'vitest'
import { alertAfter, rearm, shownStatus } from '../../src/core/check'
import { splitCrontabLine } from '../../src/core/cron/crontab-line'
import { suggestedCron } from '../../src/core/cron/suggestion'
import { Recent } from '../../src/core/recent'
import { nextDue, previousDue, UnusableSchedule } from '../../src/core/schedule'
import type { Schedule } from '../../src/core/schedule'
import { preview } from '../../src/core/schedule-preview'
import { scheduleProblem } from '../../src/core/schedule-problem'
import { inWords } from '../../src/core/schedule-words'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aCheck } from '../support/build'

const at = (iso: string) => Date.parse(`${iso}Z`)
const cron = (expression: string, tz = 'UTC'): Schedule & { kind: 'cron' } => ({
  kind: 'cron',
  expression,
  tz,
})
const onCalendar = (expression: string, tz = 'UTC'): Schedule & { kind: 'oncalendar' } => ({
  kind: 'oncalendar',
  expression,
  tz,
})

describe('the deadline that follows from a schedule', () => {
  it.each([
    [
      { kind: 'period', periodMs: HOUR } as const,
      5,
      '2025-01-01T12:00',
      '2025-01-01T13:00',
      '2025-01-01T13:05',
    ],
    [cron('10 * * * *'), 5, '2025-01-01T12:30', '2025-01-01T13:10', '2025-01-01T13:15'],
    [cron('10 * * * *'), 5, '2025-01-01T13:09', '2025-01-01T13:10', '2025-01-01T13:15'],
    [cron('10 * * * *'), 5, '2025-01-01T13:10', '2025-01-01T14:10', '2025-01-01T14:15'],
    [
      cron('0 10 * * *', 'Australia/Brisbane'),
      60,
      '2000-01-01T00:00',
      '2000-01-02T00:00',
      '2000-01-02T01:00',
    ],
    [cron('15 * * * *', 'Europe/Riga'), 5, '2023-10-29T00:55', '2023-10-29T01:15', '2023-10-29T01:20'],
    [cron('30 1 * * *', 'Europe/Dublin'), 10, '2021-03-27T01:31', '2021-03-28T01:00', '2021-03-28T01:10'],
    [cron('30 1 * * *', 'Europe/Dublin'), 10, '2021-10-31T01:05', '2021-11-01T01:30', '2021-11-01T01:40'],
    [onCalendar('3:30', 'Europe/Riga'), 10, '2021-03-27T02:00', '2021-03-29T00:30', '2021-03-29T00:40'],
  ])('of %o with a grace of %i min after a ping at %s', (schedule, grace, ping, expected, deadline) => {
    const check = aCheck({ schedule, graceMs: grace * MINUTE, lastPingAt: at(ping) })
    expect(alertAfter(check)).toBe(at(deadline))
    expect(shownStatus(check, at(expected) - 1)).toBe('up')
    expect(shownStatus(check, at(expected))).toBe('late')
    expect(shownStatus(check, at(deadline) - 1)).toBe('late')
    expect(shownStatus(check, at(deadline))).toBe('down')
  })

  it('never comes when the schedule has ended, but for a run that was started', () => {
    const ended = aCheck({ schedule: onCalendar('2019-01-01'), lastPingAt: at('2020-01-01T00:00') })
    expect(alertAfter(ended)).toBeNull()
    const startedAt = at('2020-06-01T12:00')
    expect(alertAfter({ ...ended, openRun: { runId: null, startedAt } })).toBe(startedAt + HOUR)
  })

  it('is brought forward by a run that takes too long, and never put off', () => {
    const lastPingAt = at('2025-01-01T11:00')
    const check = aCheck({ schedule: cron('0 * * * *'), graceMs: 10 * MINUTE, lastPingAt })
    const started = (iso: string) => alertAfter({ ...check, openRun: { runId: null, startedAt: at(iso) } })
    expect(started('2025-01-01T11:50')).toBe(at('2025-01-01T12:00'))
    expect(started('2025-01-01T12:05')).toBe(at('2025-01-01T12:10'))
  })

  it('is exact to a thousandth of a second', () => {
    expect(nextDue(cron('10 * * * *'), at('2025-01-01T13:09:59.999'))).toBe(at('2025-01-01T13:10'))
    expect(nextDue(cron('10 * * * *'), at('2025-01-01T13:10:00.001'))).toBe(at('2025-01-01T14:10'))
    expect(previousDue(cron('10 * * * *'), at('2025-01-01T13:10:00.001'))).toBe(at('2025-01-01T13:10'))
  })

  it('is put off by an hour when no rule can evaluate the schedule', () => {
    for (const schedule of [cron('61 * * * *'), onCalendar('noon'), cron('0 0 * * *', 'Europe/Atlantis')]) {
      expect(() => nextDue(schedule, 0)).toThrow(UnusableSchedule)
      expect(rearm(aCheck({ schedule }), 0).alertAfterAt).toBe(HOUR)
    }
  })
})

describe('a schedule that is refused', () => {
  it.each([
    [{ kind: 'period', periodMs: 59 * SECOND } as const, 'The period must be between'],
    [{ kind: 'period', periodMs: 365 * DAY + SECOND } as const, 'The period must be between'],
    [cron('60 * * * *'), 'Bad minute: "60" is not between 0 and 59.'],
    [cron('0 0 30 2 MON'), 'Bad day-of-month: none of the months has a day 30.'],
    [cron('@daily'), 'Wrong number of fields'],
    [cron('0 0 */100 * MON#2'), 'No matching time'],
    [cron('* * * * *', 'utc'), '"utc" is not a valid timezone.'],
    [onCalendar('*:*/5'), 'a star stands alone, so write 0/5'],
    [onCalendar('12:34\n\n13:00'), 'a line is blank'],
  ])('%o names the cause', (schedule, sentence) => {
    expect(scheduleProblem(schedule)).toContain(sentence)
  })

  it('counts characters as people do', () => {
    const listed = (length: number) => `${'1,'.repeat((length - 9) / 2)}1 * * * *`
    expect(scheduleProblem(cron(listed(99)))).toBeNull()
    expect(scheduleProblem(cron(`${listed(99)} `))).toBeNull()
    expect(scheduleProblem(cron(listed(101)))).toContain('longer than 100 characters')
    expect(scheduleProblem(cron('😀'.repeat(100)))).toContain('Wrong number of fields')
  })

  it.each([60, 31_536_000])('is no period of %i seconds', (seconds) => {
    expect(scheduleProblem({ kind: 'period', periodMs: seconds * SECOND })).toBeNull()
  })
})

describe('a preview', () => {
  const notes = (schedule: Schedule, after: string, count: number) =>
    preview(schedule, { afterAt: at(after), count }).map((run) => run.note ?? '')

  it('shows the next runs, fewer when the schedule ends', () => {
    expect(preview(onCalendar('2025..2026-1-1'), { afterAt: at('2025-06-01T00:00'), count: 6 })).toEqual([
      { at: at('2026-01-01T00:00') },
    ])
    expect(preview({ kind: 'period', periodMs: HOUR }, { afterAt: 0, count: 2 })).toEqual([
      { at: HOUR },
      { at: 2 * HOUR },
    ])
  })

  it('tells what the clocks move', () => {
    expect(notes(cron('30 2 * * *', 'Europe/Berlin'), '2026-03-28T12:00', 2)).toEqual([
      'Moved from 02:30: the clocks jump from 02:00 to 03:00',
      '',
    ])
    expect(notes(cron('0 3,4 * * *', 'Europe/Riga'), '2021-03-27T12:00', 2)).toEqual([
      'Stands for 03:00 as well: the clocks jump from 03:00 to 04:00',
      '',
    ])
    expect(notes(cron('0 12 * * *', 'Pacific/Apia'), '2011-12-30T00:00', 1)).toEqual([
      'Moved from 2011-12-30 12:00: the clocks jump from 00:00 to 2011-12-31 00:00',
    ])
  })

  it('tells what the clocks drop', () => {
    expect(notes(onCalendar('3:30', 'Europe/Riga'), '2021-03-27T12:00', 2)).toEqual([
      'Before it, 03:30 on 2021-03-28 is left out: the clocks jump from 03:00 to 04:00',
      '',
    ])
    expect(notes(cron('*/30 3 * * *', 'Europe/Riga'), '2021-03-27T12:00', 1)).toEqual([
      'Before it, 03:00 to 03:30 on 2021-03-28 are left out: the clocks jump from 03:00 to 04:00',
    ])
  })

  it('tells what comes twice', () => {
    expect(notes(cron('30 1 * * *', 'Europe/Dublin'), '2021-10-30T12:00', 2)).toEqual([
      '01:30 comes twice and only the first counts: the clocks go back from 02:00 to 01:00',
      '',
    ])
    expect(notes(cron('30 * * * *', 'Europe/Dublin'), '2021-10-31T00:00', 3)).toEqual([
      '',
      '01:30 for the second time: the clocks go back from 02:00 to 01:00',
      '',
    ])
  })

  it('has nothing to say about a job that keeps its rhythm through a gap', () => {
    expect(notes(cron('*/30 * * * *', 'Europe/Dublin'), '2021-03-28T00:00', 4)).toEqual(['', '', '', ''])
  })

  it('has nothing to say about an ordinary day just after the clocks were changed', () => {
    expect(notes(cron('30 1 * * *', 'Europe/Dublin'), '2021-10-31T01:10', 2)).toEqual(['', ''])
  })
})

it('words of a period', () => {
  expect(inWords({ kind: 'period', periodMs: 90 * MINUTE })).toBe('Every 1 hour 30 minutes')
})

describe('a line of a crontab', () => {
  it.each([
    ['0 4 * * * /usr/bin/backup --all', '0 4 * * *', '/usr/bin/backup --all'],
    ['  */5\t* * * MON   curl x | sh # often', '*/5 * * * MON', 'curl x | sh # often'],
    ['17 * * * * root cd / && run-parts', '17 * * * *', 'root cd / && run-parts'],
    ['@Daily /usr/bin/x', '0 0 * * *', '/usr/bin/x'],
    ['0 4 * * *', '0 4 * * *', ''],
  ])('%j is split', (line, expression, command) => {
    expect(splitCrontabLine(line)).toEqual({ expression, command })
  })

  it.each([
    '',
    '# a comment of five words here',
    'MAILTO=root',
    '@reboot x',
    '0 4 * *',
    '61 * * * * x',
    'a\nb',
  ])('%j is none', (line) => expect(splitCrontabLine(line)).toBeNull())
})

it('suggests a crontab expression for a period that has one', () => {
  const suggested = [1, 5, 7, 60, 120, 300, 1440].map((minutes) => suggestedCron(minutes * MINUTE))
  expect(suggested).toEqual(['* * * * *', '*/5 * * * *', null, '0 * * * *', '0 */2 * * *', null, '0 0 * * *'])
})

it('what is remembered has a bound, and what is asked for stays', () => {
  const recent = new Recent<number>(2)
  for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
    recent.set(key, index)
    recent.get('a')
  }
  recent.set('e', 4)
  expect(recent.get('a')).toBe(0)
  expect(recent.get('b')).toBeUndefined()
})
