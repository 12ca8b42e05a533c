import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { snapshotOf } from '../../src/web/board'
import { neighbourLinks } from '../../src/web/neighbours'
import { pathsBelow } from '../../src/web/paths'
import { aCheck, NOON } from '../support/build'

const named = (id: number, name: string, facts: Partial<Check> = {}): Check =>
  aCheck({ id, name, code: name.toLowerCase(), ...facts })

const CHECKS = [
  named(1, 'A', { tags: 'db', lastPingAt: NOON - 1 }),
  named(2, 'B'),
  named(3, 'C', { tags: 'db', lastPingAt: NOON - 3 }),
  named(4, 'D', { tags: 'db', lastPingAt: NOON - 2 }),
]

function around(id: number, text = '', checks = CHECKS, downFirst = true) {
  const { previous, next } = neighbourLinks(
    snapshotOf(checks, NOON),
    { text, usualSort: 'name', downFirst },
    id,
    pathsBelow(''),
  )
  return [previous?.url ?? null, next?.url ?? null]
}

describe('the checks before and after one', () => {
  it('are those of the whole list where nothing else is said', () => {
    expect(around(2)).toEqual(['/checks/a/details/', '/checks/c/details/'])
    expect(around(1)).toEqual([null, '/checks/b/details/'])
    expect(around(4)).toEqual(['/checks/c/details/', null])
    const down = [named(9, 'Z', { status: 'down' }), ...CHECKS]
    expect(around(1, '', down)[0]).toBe('/checks/z/details/')
    expect(around(1, '', down, false)[0]).toBeNull()
  })

  it('are those that the filter of the list finds, in its order, and lead on with it', () => {
    expect(around(3, 'tag=db')).toEqual([
      '/checks/a/details/?list=tag%3Ddb',
      '/checks/d/details/?list=tag%3Ddb',
    ])
    expect(around(4, 'tag=db&sort=last_ping').map((url) => url?.split('/')[2])).toEqual(['c', 'a'])
  })

  it('are found also from a check that the filter does not find any more', () => {
    expect(around(2, 'tag=db').map((url) => url?.split('/')[2])).toEqual(['a', 'c'])
  })

  it('are not there for a check that is in another project', () => {
    expect(around(77)).toEqual([null, null])
  })
})
