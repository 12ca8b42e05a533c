import { describe, expect, it } from 'vitest'
import { chooseChannels } from '../../src/core/channel-choice'
import { matchOf, UNDECIDED, withFields } from '../../src/core/check-edit'
import type { CheckFields } from '../../src/core/check-fields'
import { slugOf } from '../../src/core/slug'
import { DAY, HOUR, MINUTE } from '../../src/core/time'

const edited = (fields: CheckFields, before = UNDECIDED, derivesSlug = false): typeof UNDECIDED =>
  withFields(before, fields, { derivesSlug })

describe('what a script says about a check', () => {
  it('changes nothing else', () => {
    expect(edited({})).toEqual(UNDECIDED)
    expect(edited({ desc: 'd', grace: 120 })).toEqual({
      ...UNDECIDED,
      description: 'd',
      graceMs: 2 * MINUTE,
    })
  })

  it('makes a slug of a name only in the older versions, and not against one that is given', () => {
    expect(edited({ name: 'Some Näme' }).slug).toBe('')
    expect(edited({ name: 'Some Näme' }, UNDECIDED, true).slug).toBe('some-name')
    expect(edited({ name: 'Some Näme', slug: 'own' }, UNDECIDED, true).slug).toBe('own')
  })

  it('keeps period and zone while they are not in use, to have them again', () => {
    const hourly = edited({ timeout: 3600, tz: 'Europe/Riga' })
    const nightly = edited({ schedule: '0 3 * * *', timeout: 60 }, hourly)
    expect(nightly.schedule).toEqual({ kind: 'cron', expression: '0 3 * * *', tz: 'Europe/Riga' })
    expect(nightly.spare.periodMs).toBe(HOUR)
    const daily = edited({ timeout: 86400 }, nightly)
    expect(daily.schedule).toEqual({ kind: 'period', periodMs: DAY })
    expect(edited({ schedule: 'Mon 08:00' }, daily).schedule).toEqual({
      kind: 'oncalendar',
      expression: 'Mon 08:00',
      tz: 'Europe/Riga',
    })
  })

  it.each<[CheckFields, CheckFields, [string, string, boolean]]>([
    [{}, { subject: 'A' }, ['A', '', true]],
    [{ success_kw: 'A', filter_subject: true }, { subject: '' }, ['', '', false]],
    [{ subject: 'A', subject_fail: 'B' }, { subject: '' }, ['', 'B', true]],
    [{}, { subject: 'A', filter_subject: false }, ['A', '', false]],
    [{}, { subject: 'A', success_kw: 'B' }, ['B', '', true]],
    [{}, { success_kw: 'A', subject_fail: '' }, ['A', '', false]],
    [{ success_kw: 'A' }, { subject_fail: '' }, ['A', '', true]],
  ])('after %j, %j looks into subjects as older clients expect', (before, fields, expected) => {
    const { successWords, failWords, subject } = edited(fields, edited(before)).filters
    expect([successWords, failWords, subject]).toEqual(expected)
  })

  it('finds a check by what must be unique, and none by what was not said', () => {
    expect(matchOf({ name: 'a', unique: ['name', 'name'] })).toEqual({ name: 'a' })
    expect(matchOf({ slug: '', timeout: 60, unique: ['slug', 'timeout'] })).toEqual({ slug: '', timeout: 60 })
    expect(matchOf({ name: 'a', unique: ['name', 'tags'] })).toBeNull()
    expect(matchOf({ name: 'a', unique: [] })).toBeNull()
  })
})

describe('a slug made of a name', () => {
  it.each([
    ['Foo Bar', 'foo-bar'],
    ['Some Näme_x - y!', 'some-name_x-y'],
    ['  --_Trim_--  ', 'trim'],
    ['a__b--c  d', 'a__b-c-d'],
    ['Straße ﬁ ½', 'strae-fi-12'],
    ['Фу-бар', ''],
    ['---', ''],
    ['ﬃ'.repeat(100), 'ffi'.repeat(34).slice(0, 100)],
  ])('%s is %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug)
  })
})

describe('the choice of channels', () => {
  const channels = [
    { id: 1, code: 'c1', name: 'Ops' },
    { id: 2, code: 'c2', name: 'twins' },
    { id: 3, code: 'c3', name: 'twins' },
    { id: 4, code: 'c4', name: 'c1' },
  ]
  const chosen = (text: string): unknown => {
    const choice = chooseChannels(text, channels)
    return choice.ok ? choice.value.map(({ id }) => id) : choice.problem.message
  }

  it.each([
    ['*', [1, 2, 3, 4]],
    ['', []],
    ['Ops,c2,Ops', [1, 2]],
    ['Ops,', 'empty channel identifier'],
    ['Ops, c2', 'invalid channel identifier:  c2'],
    ['ops', 'invalid channel identifier: ops'],
    ['Ops,*', 'invalid channel identifier: *'],
    ['twins', 'non-unique channel identifier: twins'],
    ['c1', 'non-unique channel identifier: c1'],
  ])('%s is %j', (text, expected) => {
    expect(chosen(text)).toEqual(expected)
  })
})
