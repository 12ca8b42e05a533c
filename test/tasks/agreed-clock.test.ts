import { afterEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { agreedClock } from '../../src/tasks/agreed-clock'
import type { AgreedClock } from '../../src/tasks/agreed-clock'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { recorder } from '../support/local-site'
import { PATIENT, servers } from '../support/servers'
import type { Servers } from '../support/servers'

/** A machine whose clock is off by `skewMs`, and a database that is right. */
function aMachine(skewMs = 0) {
  const logged: Parameters<typeof recorder>[0] = []
  const machine = { at: NOON, elapsedMs: 0, skewMs, asked: 0, isAway: false, answerMs: 0 }
  const clock = agreedClock({
    async databaseNowAt() {
      machine.asked++
      if (machine.isAway) throw new Error('the database is away')
      machine.at += machine.answerMs
      machine.elapsedMs += machine.answerMs
      return machine.at
    },
    clock: () => machine.at + machine.skewMs,
    elapsed: () => machine.elapsedMs,
    log: recorder(logged),
  })
  return {
    machine,
    clock,
    pass(ms: number): void {
      machine.at += ms
      machine.elapsedMs += ms
    },
    /** By how much it is off. */
    offMs: () => clock.now() - machine.at,
    said: () => logged.map(({ fields }) => fields['seconds']),
  }
}

describe('the clock that instances agree on', () => {
  it.each([MINUTE, -MINUTE, HOUR])(
    'is that of the database, with a machine that is off by %i ms',
    async (ms) => {
      const { clock, offMs, said } = aMachine(ms)
      await clock.agree()
      expect(offMs()).toBe(0)
      expect(said()).toEqual([-ms / SECOND])
    },
  )

  it('is our own where they differ by less than an answer takes', async () => {
    const { clock, machine, offMs, said } = aMachine(300)
    machine.answerMs = 200
    await clock.agree()
    expect([offMs(), said()]).toEqual([300, []])
  })

  it('is compared every ten seconds, and at once when ours was set or the machine slept', async () => {
    const { clock, machine, pass, offMs } = aMachine()
    await clock.agree()
    pass(9 * SECOND)
    await clock.agree()
    expect(machine.asked).toBe(1)
    pass(SECOND)
    await clock.agree()
    expect(machine.asked).toBe(2)
    machine.skewMs = 2 * HOUR
    await clock.agree()
    expect([machine.asked, offMs()]).toEqual([3, 0])
    machine.at += HOUR
    await clock.agree()
    expect([machine.asked, offMs()]).toEqual([4, 0])
  })

  it('is said to be off once as long as it is', async () => {
    const { clock, machine, pass, said } = aMachine()
    for (const skewMs of [0, 4 * SECOND, 6 * SECOND, 7 * SECOND, 0, -6 * SECOND]) {
      machine.skewMs = skewMs
      await clock.agree()
      pass(10 * SECOND)
    }
    expect(said()).toEqual([-6, 6])
  })

  it('asks again where it was stopped while it waited for the answer', async () => {
    const { clock, machine, offMs } = aMachine(-MINUTE)
    machine.answerMs = 10 * MINUTE
    const agreeing = clock.agree()
    machine.answerMs = 0
    await agreeing
    expect([machine.asked, offMs()]).toEqual([2, 0])
  })

  it('takes what it gets where every answer is slow', async () => {
    const { clock, machine } = aMachine(HOUR)
    machine.answerMs = 3 * SECOND
    await clock.agree()
    expect([machine.asked, Math.abs(clock.now() - machine.at) <= 3 * SECOND]).toEqual([3, true])
  })

  it('goes on as it was while the database is away, unless ours was set meanwhile', async () => {
    const { clock, machine, pass, offMs } = aMachine(MINUTE)
    await clock.agree()
    machine.isAway = true
    pass(HOUR)
    await clock.agree()
    expect(offMs()).toBe(0)
    machine.skewMs = -MINUTE
    await expect(clock.agree()).rejects.toThrow('away')
  })

  it('is ours for good where the database has no other', async () => {
    let asked = 0
    const clock = agreedClock({
      databaseNowAt: async () => (asked++, null),
      clock: () => NOON,
      log: recorder([]),
    })
    await clock.agree()
    await clock.agree()
    expect([clock.now(), asked]).toEqual([NOON, 1])
  })
})

describe.each(databases)(
  'two servers on $name whose clocks are a minute off',
  { timeout: 60_000 },
  (database) => {
    let house: Servers
    afterEach(() => house.close())

    /** One that is ahead and one that is behind, and a check that goes down in an hour. */
    async function aHouse() {
      house = await servers(database)
      const logged: Parameters<typeof recorder>[0] = []
      const open = async (name: string, skewMs: number) => {
        const agreed: AgreedClock = agreedClock({
          databaseNowAt: async () => house.time.at,
          clock: () => house.time.at + skewMs,
          elapsed: () => house.time.elapsedMs,
          log: recorder(logged),
        })
        const server = await house.start(name, { clock: agreed.now })
        return {
          ...server,
          agreed,
          look: () => agreed.agree().then(server.watch),
          deliver: agreed.before(server.task).run,
        }
      }
      const ahead = await open('ahead', MINUTE)
      const behind = await open('behind', -MINUTE)
      await Promise.all([ahead.agreed.agree(), behind.agreed.agree()])
      const begun = (await ahead.store.users.addFirst(aBeginning()))!
      await ahead.store.channels.remove(begun.channel.id)
      await house.addHook(ahead.store, begun.project.id)
      const hourly = { schedule: { kind: 'period', periodMs: HOUR }, graceMs: HOUR } as const
      const check = await ahead.store.checks.add(aNewCheck(begun.project.id, hourly))
      return { ahead, behind, check }
    }

    it('go by one: neither judges early, whoever took the ping', async () => {
      const { ahead, behind, check } = await aHouse()
      for (const taker of [ahead, behind]) {
        const pingAt = house.time.at
        await taker.store.checks.recordPings([{ code: check.code, ping: aPing({ at: taker.agreed.now() }) }])
        house.pass(2 * HOUR - 1)
        await ahead.look()
        await behind.look()
        expect(await taker.store.checks.findByCode(check.code)).toMatchObject({ status: 'up' })
        house.pass(1)
        expect(await (taker === ahead ? behind : ahead).look()).toMatchObject({ flips: 1 })
        const [flip] = await taker.store.flips.latest(check.id, { sinceAt: 0, limit: 1 })
        expect(flip).toMatchObject({ to: 'down', at: pingAt + 2 * HOUR })
      }
    })

    it('leave what the other is telling alone', async () => {
      const { ahead, behind, check } = await aHouse()
      await behind.store.checks.recordPings([
        { code: check.code, ping: aPing({ signal: 'fail', at: behind.agreed.now() }) },
      ])
      await behind.deliver()
      await expect.poll(() => house.asked.length, PATIENT).toBe(1)
      for (let i = 0; i < 90; i++) {
        house.pass(SECOND)
        await behind.deliver()
        await ahead.deliver()
      }
      expect(house.asked.map(({ server }) => server)).toEqual(['behind'])
    })
  },
)
