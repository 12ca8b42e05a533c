import { describe, expect, it } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../src/core/time'
import { followLoops, livenessOf, noteLoops } from '../../src/tasks/liveness'
import { runTask } from '../../src/tasks/task'
import { NOON } from '../support/build'
import { recorder } from '../support/local-site'

/** The two loops of alerts, each of whose turns ends when we say so, and two clocks. */
function loops() {
  const world = { at: NOON, elapsedMs: 0 }
  const clock = () => world.at
  const turns = new Map<string, PromiseWithResolvers<boolean>>()
  const started = new Map<string, PromiseWithResolvers<void>>()
  const running = ['watch', 'deliver', 'post'].map((name) =>
    runTask(
      {
        name,
        everyMs: 0,
        run() {
          const turn = Promise.withResolvers<boolean>()
          turns.set(name, turn)
          started.get(name)?.resolve()
          return turn.promise
        },
      },
      { clock, log: recorder([]), elapsed: () => world.elapsedMs },
    ),
  )
  /** Ends a turn and waits until the next has begun. */
  async function end(name: string, how: 'well' | 'badly'): Promise<void> {
    const next = Promise.withResolvers<void>()
    started.set(name, next)
    if (how === 'well') turns.get(name)?.resolve(true)
    else turns.get(name)?.reject(new Error('the database is away'))
    await next.promise
  }
  return {
    liveness: livenessOf(running),
    clock,
    end,
    pass(ms: number, wallMs = ms) {
      world.elapsedMs += ms
      world.at += wallMs
    },
    async close() {
      const stopped = Promise.all(running.map((task) => task.stop()))
      for (const turn of turns.values()) turn.resolve(false)
      await stopped
    },
  }
}

describe('the loops behind alerts', () => {
  it('remember the longest that any turn of the day kept others waiting', async () => {
    const { liveness, pass, end, close } = loops()
    const lags = () => liveness.loops().map(({ name, longestLagMs }) => `${name} ${longestLagMs}`)
    pass(3 * SECOND)
    await end('watch', 'well')
    await end('deliver', 'well')
    pass(SECOND)
    await end('watch', 'well')
    expect(lags()).toEqual(['watch 3000', 'deliver 3000'])
    pass(5 * SECOND)
    expect(lags()).toEqual(['watch 5000', 'deliver 6000'])
    await end('watch', 'well')
    await end('deliver', 'well')
    pass(0, DAY)
    expect(lags()).toEqual(['watch 0', 'deliver 0'])
    await close()
  })

  it('have a minute for a turn, the first included', async () => {
    const { liveness, pass, end, close } = loops()
    pass(MINUTE)
    expect(liveness.stalledSince()).toBeNull()
    await end('watch', 'well')
    pass(SECOND)
    expect(liveness.stalledSince()).toBe(NOON)
    expect(liveness.loops()).toEqual([
      { name: 'watch', lastTurnAt: NOON + MINUTE, longestLagMs: MINUTE },
      { name: 'deliver', lastTurnAt: null, longestLagMs: MINUTE + SECOND },
    ])
    await end('deliver', 'well')
    expect(liveness.stalledSince()).toBeNull()
    expect(liveness.hanging()).toBe(false)
    await close()
  })

  it('stall when their turns fail, but do not hang: a restart would not bring the database back', async () => {
    const { liveness, pass, end, close } = loops()
    await end('deliver', 'well')
    for (let i = 0; i < 3; i++) {
      pass(30 * SECOND)
      await end('watch', 'badly')
      await end('deliver', 'well')
    }
    expect(liveness.stalledSince()).toBe(NOON)
    expect(liveness.hanging()).toBe(false)
    await close()
  })

  it('hang when a turn does not end', async () => {
    const { liveness, pass, end, close } = loops()
    pass(MINUTE + SECOND)
    await end('deliver', 'well')
    expect(liveness.hanging()).toBe(true)
    await close()
  })

  it('are not thought to stall by a clock that was set, nor is a stall hidden by one', async () => {
    const { liveness, pass, end, close } = loops()
    await end('watch', 'well')
    await end('deliver', 'well')
    pass(SECOND, 3_600_000)
    expect(liveness.stalledSince()).toBeNull()
    pass(2 * MINUTE, -2 * 3_600_000)
    expect(liveness.stalledSince()).toBe(NOON)
    await close()
  })
})

describe('an instance that leaves alerts to others', () => {
  function shared() {
    const known = new Map<string, string>()
    let nowAt = NOON
    const clock = () => nowAt
    const facts = {
      get: async (name: string) => known.get(name) ?? null,
      set: async (name: string, value: string) => void known.set(name, value),
    }
    const liveness = { stalledSince: (): number | null => null }
    return {
      liveness,
      noting: noteLoops({ facts, liveness, clock }),
      following: followLoops({ facts, clock }),
      pass: (ms: number) => (nowAt += ms),
    }
  }

  it('gives them two minutes to begin', async () => {
    const { following, pass } = shared()
    await following.run()
    pass(2 * MINUTE)
    expect(following.stalledSince()).toBeNull()
    pass(1)
    expect(following.stalledSince()).toBe(NOON)
  })

  it('knows through the database that they stopped, and that they go on', async () => {
    const { liveness, noting, following, pass } = shared()
    pass(MINUTE)
    await noting.run()
    await following.run()
    liveness.stalledSince = () => NOON
    pass(2 * MINUTE)
    await noting.run()
    await following.run()
    expect(following.stalledSince()).toBeNull()
    pass(SECOND)
    expect(following.stalledSince()).toBe(NOON + MINUTE)
    liveness.stalledSince = () => null
    await noting.run()
    await following.run()
    expect(following.stalledSince()).toBeNull()
  })
})
