import { describe, expect, it } from 'vitest'
import { nextOf, previousOf, readExpression } from '../../../src/core/expression'
import { zoneOf } from '../../../src/core/zones/zone'
import { cases as quirks } from '../../vectors/cron-quirks.json'
import { cases } from '../../vectors/oncalendar.json'

function nextOnes(text: string, tz: string, start: number, count: number): (number | null)[] {
  return several(start, count, (at) => nextOf(readExpression('oncalendar', text), zoneOf(tz), at))
}

function previousOnes(text: string, tz: string, start: number, count: number): (number | null)[] {
  return several(start, count, (at) => previousOf(readExpression('oncalendar', text), zoneOf(tz), at))
}

function several(start: number, count: number, step: (at: number) => number | null): (number | null)[] {
  const found: (number | null)[] = []
  let at: number | null = start
  while (found.length < count && at !== null) found.push((at = step(at)))
  return found
}

describe('the next runs of an OnCalendar expression', () => {
  it.each(cases)('$e in $tz after $s', ({ e, tz, s, n, end }) => {
    expect(nextOnes(e, tz, s, end ? n.length + 1 : n.length)).toEqual(end ? [...n, null] : n)
  })

  it.each(quirks.filter(({ k }) => k === 'oncalendar'))('$e in $tz after $s ($q)', ({ e, tz, s, n }) => {
    expect(nextOnes(e, tz, s, n.length)).toEqual(n)
  })
})

describe('the previous runs of an OnCalendar expression', () => {
  it.each(cases.filter(({ n }) => n.length > 0))('$e in $tz: the same as forward from $s', ({ e, tz, n }) => {
    const back = n.toReversed()
    expect(previousOnes(e, tz, back[0] ?? 0, n.length - 1)).toEqual(back.slice(1))
  })
})
