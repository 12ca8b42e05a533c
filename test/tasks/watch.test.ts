import { describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check, Flip } from '../../src/core/check'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { followBeats } from '../../src/tasks/heartbeat'
import { watch } from '../../src/tasks/watch'
import { openLog } from '../../src/world/log'
import { aCheck, NOON } from '../support/build'

/** A watch over checks kept in memory, with two clocks of its own. */
function aWatch(
  options: {
    holdUntilAt?: number
    notBeforeAt?: number
    rowsAtOnce?: number
    pingsFirst?: (mostMs: number) => Promise<void>
    takesPings?: boolean
  } = {},
) {
  const { takesPings = true, ...others } = options
  const holds: number[] = []
  const aways: number[] = []
  let isAway = false
  let late = overdue
  const world = { at: NOON, elapsedMs: 0, nextAlarmAt: null as number | null }
  const lines: string[] = []
  const flips: Flip[] = []
  const clock = () => world.at
  const log = openLog({ level: 'warn', format: 'text', clock, write: (line) => lines.push(line) > 0 })
  const elapsed = () => world.elapsedMs
  let beatAt: number | null = null
  const facts = { get: async () => (beatAt === null ? null : String(beatAt)), set: async () => undefined }
  const task = watch({
    ...(takesPings ? {} : { reached: followBeats({ facts, clock, elapsed, log }), atLeastMs: 15 * SECOND }),
    checks: {
      async changeDue(nowAt, limit, decide) {
        if (isAway) throw new Error('the database is away')
        const due = [late].filter((check) => (check.alertAfterAt ?? Infinity) <= nowAt)
        const outcomes = due.slice(0, limit).map(decide)
        for (const { check, flip } of outcomes) {
          late = check
          if (flip) flips.push(flip)
        }
        const nextAt = outcomes.length < limit ? world.nextAlarmAt : null
        return { found: outcomes.length, flips: flips.length, unusable: [], isAfterOutage: false, nextAt }
      },
    },
    holdUntilAt: 0,
    onHold: (untilAt, awayMs) => {
      holds.push(untilAt)
      aways.push(awayMs)
    },
    onFlips: () => undefined,
    clock,
    elapsed,
    log,
    ...others,
  })
  /** Time passes; the clock on the wall may run differently. */
  function pass(ms: number, wallMs = ms): void {
    world.elapsedMs += ms
    world.at += wallMs
  }
  return {
    task,
    lines,
    flips,
    holds,
    aways,
    pass,
    /** Looks every second for so long; the last second is whole. */
    async live(ms: number): Promise<void> {
      for (let leftMs = ms; leftMs > 0; leftMs -= SECOND) {
        pass(Math.min(SECOND, leftMs))
        await task.run().catch(() => undefined)
      }
    },
    isAway: (yes: boolean) => (isAway = yes),
    /** The check goes down then, if nothing comes. */
    overdueAt: (at: number) => (late = aCheck({ lastPingAt: at - 25 * HOUR, alertAfterAt: at })),
    /** Somebody takes pings, and says so. */
    beat: () => void (beatAt = world.at),
    nextAlarmAt: (at: number) => (world.nextAlarmAt = at),
  }
}
const overdue: Check = aCheck({ lastPingAt: NOON - 2 * DAY, alertAfterAt: NOON - 2 * DAY + 25 * HOUR })

describe('the watch', () => {
  it('judges at once when nothing speaks against it', async () => {
    const { task, flips } = aWatch()
    await task.run()
    expect(flips).toEqual([ring(overdue, NOON).flip])
  })

  it('looks again when the next alarm rings, and every second meanwhile', async () => {
    const { task, pass, nextAlarmAt, isAway } = aWatch()
    nextAlarmAt(NOON + 2.5 * SECOND)
    await task.run()
    expect(task.pauseMs?.()).toBe(2.5 * SECOND)
    expect(task.everyMs).toBe(SECOND)
    pass(2 * SECOND)
    expect(task.pauseMs?.()).toBe(SECOND / 2)
    pass(SECOND / 2)
    expect(task.pauseMs?.()).toBe(20)
    isAway(true)
    await task.run().catch(() => undefined)
    expect(task.pauseMs?.()).toBe(SECOND)
  })

  it('does not look all the time for an alarm that rings while it holds back', async () => {
    const { task, nextAlarmAt } = aWatch({ holdUntilAt: NOON + MINUTE })
    nextAlarmAt(NOON)
    await task.run()
    expect(task.pauseMs?.()).toBe(SECOND)
  })

  it('does not look all the time for an alarm that rang after somebody last took pings', async () => {
    const { task, pass, nextAlarmAt, beat } = aWatch({ takesPings: false })
    beat()
    pass(SECOND)
    nextAlarmAt(NOON + SECOND / 2)
    await task.run()
    expect(task.pauseMs?.()).toBe(SECOND)
  })

  it('judges a storm in portions, without a pause in between', async () => {
    expect(await aWatch({ rowsAtOnce: 1 }).task.run()).toBe(true)
    expect(await aWatch({ rowsAtOnce: 2 }).task.run()).toBe(false)
  })

  it('lets pings that are on their way end before each portion', async () => {
    const done: string[] = []
    const { task, flips } = aWatch({
      pingsFirst: async (mostMs) => void done.push(`pings for ${mostMs} ms, ${flips.length} flips`),
    })
    await task.run()
    expect([...done, `${flips.length} flips`]).toEqual(['pings for 5 ms, 0 flips', '1 flips'])
  })

  it('holds back after a start, and then dates the flip to the real deadline', async () => {
    const { flips, live } = aWatch({ holdUntilAt: NOON + 5 * MINUTE })
    await live(5 * MINUTE - 1)
    expect(flips).toEqual([])
    await live(1)
    expect(flips).toMatchObject([{ at: NOON - 2 * DAY + 25 * HOUR, reason: 'timeout' }])
  })

  it('takes a clock that ran ahead for an outage of that length, up to five minutes', async () => {
    const { task, flips, lines, holds, pass, live } = aWatch({ holdUntilAt: NOON + SECOND })
    await task.run()
    pass(SECOND, 2 * HOUR)
    await task.run()
    await live(5 * MINUTE - 1)
    expect(flips).toEqual([])
    expect(lines).toHaveLength(1)
    expect(holds).toEqual([NOON + 2 * HOUR + 5 * MINUTE])
    await live(1)
    expect(flips).toHaveLength(1)
  })

  it('takes it for an outage that nothing ran for a while: pings had nowhere to go', async () => {
    const { flips, lines, holds, pass, live } = aWatch({ holdUntilAt: NOON + SECOND })
    await live(SECOND - 1)
    pass(40 * SECOND)
    await live(39 * SECOND)
    expect(flips).toEqual([])
    expect(lines).toHaveLength(1)
    expect(holds).toHaveLength(1)
    await live(3 * SECOND)
    expect(flips).toHaveLength(1)
  })

  it('takes it for an outage that the database was away, however long it tried', async () => {
    const { flips, lines, live, isAway } = aWatch({ holdUntilAt: NOON + 2 * SECOND })
    await live(SECOND)
    isAway(true)
    await live(2 * MINUTE)
    isAway(false)
    await live(2 * MINUTE)
    expect(flips).toEqual([])
    await live(2 * SECOND)
    expect(flips).toHaveLength(1)
    // The loop around it says that the database is away.
    expect(lines).toEqual([])
  })

  it('holds back for five minutes when the database comes back after hours, and says how long it was away', async () => {
    const { flips, holds, aways, live, isAway } = aWatch({ holdUntilAt: NOON + 2 * SECOND })
    await live(SECOND)
    isAway(true)
    await live(2 * HOUR + 7 * SECOND)
    isAway(false)
    await live(5 * MINUTE)
    expect(flips).toEqual([])
    expect(aways.at(-1)).toBe(2 * HOUR + 8 * SECOND)
    expect(holds.at(-1)).toBe(NOON + 2 * HOUR + 9 * SECOND + 5 * MINUTE)
    await live(SECOND)
    expect(flips).toHaveLength(1)
  })

  it('does not take its usual pause for one, nor a look that takes long', async () => {
    const { task, flips, pass } = aWatch({ holdUntilAt: NOON + 2 * SECOND })
    await task.run()
    pass(2.9 * SECOND)
    await task.run()
    expect(flips).toHaveLength(1)
  })

  it('judges after ten minutes at the latest, even if it is stopped again and again', async () => {
    const { task, flips, pass } = aWatch({ holdUntilAt: NOON + SECOND })
    await task.run()
    for (let i = 0; i < 200 && flips.length === 0; i++) {
      pass(4 * SECOND)
      await task.run()
    }
    expect(flips).toHaveLength(1)
    expect(flips[0]?.at).toBe(NOON - 2 * DAY + 25 * HOUR)
  })

  it('does not mind a clock that was set back', async () => {
    const { task, flips, pass } = aWatch()
    await task.run()
    pass(SECOND, -2 * HOUR)
    await task.run()
    expect(flips.length).toBeGreaterThan(0)
  })

  it('waits, and says so once, while the clock is behind the newest ping', async () => {
    const { task, flips, lines, pass } = aWatch({ notBeforeAt: NOON + MINUTE })
    await task.run()
    await task.run()
    expect([flips, lines.length]).toEqual([[], 1])
    pass(SECOND, MINUTE - 1)
    pass(SECOND, 1)
    await task.run()
    expect(flips).toHaveLength(1)
  })
})

describe('a watch that takes no pings itself', () => {
  /** Looks every second for so long, while somebody else takes pings. */
  async function alongside({ beat, live }: ReturnType<typeof aWatch>, ms: number): Promise<void> {
    for (let i = 0; i < ms / SECOND; i++) {
      if (i % 2 === 0) beat()
      await live(SECOND)
    }
  }
  const aFollower = (holdMs: number) => aWatch({ takesPings: false, holdUntilAt: NOON + holdMs })

  it('judges while others say that they do', async () => {
    const follower = aFollower(4 * SECOND)
    await alongside(follower, 3 * SECOND)
    expect(follower.flips).toEqual([])
    await alongside(follower, 2 * SECOND)
    expect(follower.flips).toHaveLength(1)
    expect(follower.holds).toEqual([])
  })

  it('judges by no later time than when somebody last did', async () => {
    const follower = aFollower(0)
    follower.overdueAt(NOON + SECOND)
    follower.beat()
    await follower.live(2 * HOUR)
    expect(follower.flips).toEqual([])
    expect(follower.lines).toHaveLength(1)
    expect(follower.lines[0]).toContain('no instance takes pings')
  })

  it('takes that for an outage as long, and leaves those who call again their time', async () => {
    const follower = aFollower(0)
    follower.overdueAt(NOON + 20 * SECOND)
    await alongside(follower, 10 * SECOND)
    await follower.live(3 * HOUR)
    await alongside(follower, 5 * MINUTE)
    expect(follower.flips).toEqual([])
    expect(follower.aways).toEqual([3 * HOUR + 2 * SECOND])
    await alongside(follower, 2 * SECOND)
    expect(follower.flips).toMatchObject([{ at: NOON + 20 * SECOND }])
  })

  it('holds back after a restart of theirs as after one of its own', async () => {
    const follower = aFollower(0)
    follower.overdueAt(NOON + 12 * SECOND)
    await alongside(follower, 10 * SECOND)
    await follower.live(6 * SECOND)
    await alongside(follower, 14 * SECOND)
    expect(follower.flips).toEqual([])
    await alongside(follower, 3 * SECOND)
    expect(follower.flips).toHaveLength(1)
  })

  it('judges when nobody has ever taken a ping: only a run by hand could be late', async () => {
    const follower = aFollower(0)
    await follower.live(SECOND)
    expect(follower.flips).toHaveLength(1)
  })
})
