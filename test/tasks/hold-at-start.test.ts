import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { heartbeat, holdAtStart, keepHold } from '../../src/tasks/heartbeat'
import { NOON } from '../support/build'

/** Facts and a clock, as several starts share them. */
function aHouse() {
  const known = new Map<string, string>()
  let nowAt = NOON
  const facts = {
    get: async (name: string) => known.get(name) ?? null,
    set: async (name: string, value: string) => void known.set(name, value),
  }
  const clock = () => nowAt
  const begun: { fromAt: number; untilAt: number; holdUntilAt: number }[] = []
  const outages = { begin: async (outage: (typeof begun)[number]) => void begun.push(outage) }
  const beat = heartbeat({ facts, clock })
  return {
    facts,
    begun,
    beat: () => beat.run(),
    pass: (ms: number) => (nowAt += ms),
    /** For how long nothing goes down. */
    start: async () => (await holdAtStart({ facts, outages, clock }, 15 * SECOND)) - nowAt,
  }
}

describe('after a start nothing goes down', () => {
  it('for the usual delay, at first', async () => {
    expect(await aHouse().start()).toBe(15 * SECOND)
  })

  it('for as long as nobody could reach us, up to five minutes', async () => {
    const { beat, pass, start } = aHouse()
    await beat()
    pass(2 * MINUTE)
    expect(await start()).toBe(2 * MINUTE)
    pass(3 * HOUR)
    expect(await start()).toBe(5 * MINUTE)
  })

  it('and an outage is noted only when it was long', async () => {
    const { beat, pass, start, begun } = aHouse()
    await start()
    await beat()
    pass(5 * MINUTE - 1)
    await start()
    expect(begun).toEqual([])
    await beat()
    pass(5 * MINUTE)
    await start()
    const untilAt = NOON + 10 * MINUTE - 1
    expect(begun).toEqual([{ fromAt: untilAt - 5 * MINUTE, untilAt, holdUntilAt: untilAt + 5 * MINUTE }])
  })

  it('for what is left of that, when it starts anew meanwhile', async () => {
    const { beat, pass, start } = aHouse()
    await beat()
    pass(3 * HOUR)
    await start()
    await beat()
    pass(MINUTE)
    await beat()
    pass(SECOND)
    expect(await start()).toBe(4 * MINUTE - SECOND)
    pass(5 * MINUTE)
    await beat()
    expect(await start()).toBe(15 * SECOND)
  })

  it('for five minutes when the clock was set back since the last sign of life: nobody knows for how long', async () => {
    const { beat, pass, start } = aHouse()
    await beat()
    pass(-2 * MINUTE)
    expect(await start()).toBe(5 * MINUTE)
  })

  it('for five minutes at most by a date from before the clock was set back', async () => {
    const { facts, start } = aHouse()
    await keepHold(facts, NOON + 2 * HOUR)
    expect(await start()).toBe(5 * MINUTE)
  })
})
