import { describe, expect, it } from 'vitest'
import { parseCron } from '../../../src/core/cron/parse'
import { nextOccurrence, previousOccurrence } from '../../../src/core/zones/occurrences'
import { zoneOf } from '../../../src/core/zones/zone'
import { cases as quirks } from '../../vectors/cron-quirks.json'
import { cases } from '../../vectors/cron.json'

function nextOnes(text: string, tz: string, start: number, count: number): (number | null)[] {
  return several(start, count, (at) => nextOccurrence(parseCron(text).rule, zoneOf(tz), at))
}

function previousOnes(text: string, tz: string, start: number, count: number): (number | null)[] {
  return several(start, count, (at) => previousOccurrence(parseCron(text).rule, zoneOf(tz), at))
}

function several(start: number, count: number, step: (at: number) => number | null): (number | null)[] {
  const found: (number | null)[] = []
  let at: number | null = start
  while (found.length < count && at !== null) found.push((at = step(at)))
  return found
}

describe('the next runs of a cron expression', () => {
  it.each(cases)('$e in $tz after $s', ({ e, tz, s, n }) => {
    expect(nextOnes(e, tz, s, n.length)).toEqual(n)
  })

  it.each(quirks.filter(({ k }) => k !== 'oncalendar'))('$e in $tz after $s ($q)', ({ e, tz, s, n }) => {
    expect(nextOnes(e, tz, s, n.length)).toEqual(n)
  })
})

describe('the previous runs of a cron expression', () => {
  it.each(cases.filter(({ p }) => p))('$e in $tz before $s', ({ e, tz, s, p }) => {
    expect(previousOnes(e, tz, s, p?.length ?? 0)).toEqual(p)
  })

  it.each(cases)('$e in $tz: the same as forward from $s', ({ e, tz, n }) => {
    const back = n.toReversed()
    expect(previousOnes(e, tz, back[0] ?? 0, n.length - 1)).toEqual(back.slice(1))
  })
})

it.each(cases.filter(({ w }) => w !== undefined))('$e is of the right sort of job', ({ e, w }) => {
  expect(parseCron(e).rule.repeated).toBe(w === 1 ? 'both' : 'first')
})
