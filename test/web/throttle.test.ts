import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../src/core/time'
import { throttle } from '../../src/web/throttle'
import { NOON } from '../support/build'

/** What is kept, by key: when it was used up. Counts how often it is asked and told. */
function budgets() {
  const empty = new Map<string, number>()
  const counts = { looks: 0, writes: 0 }
  return {
    counts,
    holds: (key: string, { periodMs }: { periodMs: number }, nowAt: number) => {
      counts.looks++
      return Promise.resolve(nowAt - (empty.get(key) ?? -Infinity) >= periodMs / 60)
    },
    empty: (key: string, nowAt: number) => {
      counts.writes++
      empty.set(key, nowAt)
      return Promise.resolve()
    },
  }
}

const MOST = { what: 'polls', limit: 60, periodMs: MINUTE }

it('counts without writing, until there is nothing left', async () => {
  const kept = budgets()
  const polls = throttle(kept, MOST)
  for (let i = 0; i < 60; i++) expect(await polls.take('ada', NOON)).toEqual({ ok: true })
  expect(kept.counts).toEqual({ looks: 1, writes: 0 })
  expect(await polls.take('ada', NOON)).toEqual({ ok: false, retryAfterMs: SECOND })
  expect(await polls.take('wes', NOON)).toEqual({ ok: true })
  expect(kept.counts).toEqual({ looks: 2, writes: 1 })
})

it('fills again evenly, and writes rarely however often somebody comes', async () => {
  const kept = budgets()
  const polls = throttle(kept, MOST)
  let passed = 0
  // Two a second for a minute, of which one may pass.
  for (let i = 0; i < 120; i++) passed += Number((await polls.take('ada', NOON + i * 500)).ok)
  expect(passed).toBe(119)
  for (let i = 0; i < 120; i++) passed += Number((await polls.take('ada', NOON + MINUTE + i * 500)).ok)
  expect(passed).toBeLessThan(185)
  expect(kept.counts.writes).toBeLessThanOrEqual(3)
})

it('gives nothing back when the process begins anew', async () => {
  const kept = budgets()
  const before = throttle(kept, MOST)
  for (let i = 0; i < 61; i++) await before.take('ada', NOON)
  const after = throttle(kept, MOST)
  expect(await after.take('ada', NOON)).toMatchObject({ ok: false })
  expect(await after.take('wes', NOON)).toEqual({ ok: true })
  expect(await after.take('ada', NOON + 2 * SECOND)).toEqual({ ok: true })
})
