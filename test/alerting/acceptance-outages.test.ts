import { afterEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { servers } from '../support/servers'
import type { Server, Servers } from '../support/servers'

/** A look at the alarms comes at least so often. */
const LOOK_MS = 2 * SECOND

describe.each(databases)('after an outage of ours, on $name', { timeout: 60_000 }, (database) => {
  let house: Servers
  let server: Server
  let projectId: number
  afterEach(() => house.close())

  /** A server that takes pings until noon. */
  async function begin(): Promise<void> {
    house = await servers(database)
    server = await house.start('before', { answer: () => 200 })
    const begun = (await server.store.users.addFirst(aBeginning()))!
    projectId = begun.project.id
    await server.store.channels.remove(begun.channel.id)
    await server.store.checks.remove(begun.check.id)
    await house.addHook(server.store, projectId)
    await server.beat()
  }
  /** Nobody can reach us for so long, and then the next one is ready. */
  async function away(ms: number): Promise<void> {
    house.pass(ms)
    server = await house.start('after', { answer: () => 200, startupDelayMs: 15 * SECOND })
  }
  async function live(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= LOOK_MS) {
      house.pass(Math.min(LOOK_MS, leftMs))
      await server.look()
      await server.deliver()
    }
    await server.settled()
  }
  async function add(periodMs: number, lastPingAt: number, graceMs = MINUTE): Promise<Check> {
    const schedule = { kind: 'period', periodMs } as const
    const check = await server.store.checks.add(aNewCheck(projectId, { schedule, graceMs }))
    await ping(check, 'success', lastPingAt)
    return check
  }
  const ping = ({ code }: Check, signal: 'success' | 'fail' = 'success', at = house.time.at) =>
    server.store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  const flips = async ({ id }: Check) =>
    (await server.store.flips.latest(id, { sinceAt: 0, limit: 9 }))
      .filter(({ from }) => from !== 'new')
      .map(({ from, to, at }) => [from, to, at])
  const heard = () => house.asked.map(({ status }) => status)

  it('23: away 30 s, and a ping that failed 10 s into it is tried again 5 s after: nothing happens', async () => {
    await begin()
    const check = await add(5 * MINUTE, NOON - 6 * MINUTE + 10 * SECOND)
    await away(30 * SECOND)
    await live(5 * SECOND)
    await ping(check)
    await live(MINUTE)
    expect([await flips(check), heard()]).toEqual([[], []])
  })

  it(
    '23: away 3 h, a job with a short period pings 2 min after: nothing happens',
    { timeout: 30_000 },
    async () => {
      await begin()
      const check = await add(5 * MINUTE, NOON - MINUTE)
      await away(3 * HOUR)
      await live(2 * MINUTE)
      await ping(check)
      await live(4 * MINUTE)
      expect([await flips(check), heard()]).toEqual([[], []])
    },
  )

  it(
    '23: away 3 h, the ping of a daily job fell into that: down after 5 min, dated to its deadline',
    {
      timeout: 30_000,
    },
    async () => {
      await begin()
      const check = await add(DAY, NOON - DAY, HOUR)
      await away(3 * HOUR)
      await live(5 * MINUTE - SECOND)
      expect([await flips(check), heard()]).toEqual([[], []])
      await live(2 * SECOND)
      expect(await flips(check)).toEqual([['up', 'down', NOON + HOUR]])
      await live(2 * SECOND)
      expect(heard()).toEqual(['down'])
    },
  )

  it('23: away 3 h, a failure 10 s after: told at once', async () => {
    await begin()
    const check = await add(DAY, NOON - HOUR, HOUR)
    await away(3 * HOUR)
    await live(10 * SECOND)
    await ping(check, 'fail')
    await live(LOOK_MS)
    expect(heard()).toEqual(['down'])
  })

  it(
    '24: the clock runs two hours ahead: nothing is judged for five minutes, then all is',
    {
      timeout: 30_000,
    },
    async () => {
      await begin()
      const [daily, often] = [await add(DAY, NOON - DAY, HOUR), await add(HOUR, NOON - MINUTE)]
      await live(10 * SECOND)
      house.pass(2 * HOUR, 0)
      await live(2 * MINUTE)
      await ping(often)
      await live(3 * MINUTE - SECOND)
      expect([await flips(daily), await flips(often), heard()]).toEqual([[], [], []])
      await live(4 * SECOND)
      expect(await flips(daily)).toEqual([['up', 'down', NOON + HOUR]])
      expect([await flips(often), heard()]).toEqual([[], ['down']])
    },
  )

  it('24: it is set back by two hours: nothing goes down, and no length of time is negative', async () => {
    await begin()
    const check = await add(HOUR, NOON)
    await server.store.checks.recordPings([
      { code: check.code, ping: aPing({ signal: 'start', at: NOON + SECOND }) },
    ])
    await live(10 * SECOND)
    house.pass(-2 * HOUR, 0)
    await live(10 * SECOND)
    await ping(check)
    await live(20 * SECOND)
    expect([await flips(check), heard()]).toEqual([[], []])
    expect(await server.store.checks.findByCode(check.code)).toMatchObject({
      status: 'up',
      lastDurationMs: null,
    })
    await ping(check, 'fail')
    house.pass(-HOUR, 0)
    await ping(check)
    await live(LOOK_MS)
    const [up] = (await server.store.notifications.ofCheck(check.id, 9)).filter(
      ({ status }) => status === 'up',
    )
    const channel = (await server.store.channels.ofProject(projectId))[0]!
    const notice = await server.store.notifications.notice(
      { notification: up!, channel },
      house.time.at,
      null,
    )
    expect(notice?.downForMs).toBeNull()
    expect(house.logged.filter(({ level }) => level === 'error')).toEqual([])
  })
})
