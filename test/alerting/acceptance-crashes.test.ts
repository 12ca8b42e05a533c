import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ring } from '../../src/core/check'
import type { Check } from '../../src/core/check'
import { HOUR, MINUTE } from '../../src/core/time'
import { storeOn } from '../../src/store'
import type { Store } from '../../src/store'
import { openPostgres } from '../../src/store/postgres'
import type { Sql } from '../../src/store/sql'
import { openSqlite } from '../../src/store/sqlite'
import { cut, Death } from '../simulation/gate'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { PATIENT, servers } from '../support/servers'
import type { Server, Servers } from '../support/servers'

/** A transaction of ours takes fewer steps. */
const MOST_STEPS = 40

describe.each(databases)('15: killed at any step, on $name', { timeout: 60_000 }, (database) => {
  let house: Servers
  let server: Server
  let check: Check
  let driver: Sql

  beforeEach(async () => {
    house = await servers(database)
    server = await house.start('one', { answer: () => 200 })
    const begun = (await server.store.users.addFirst(aBeginning()))!
    await server.store.channels.remove(begun.channel.id)
    await house.addHook(server.store, begun.project.id)
    check = await server.store.checks.add(
      aNewCheck(begun.project.id, { schedule: { kind: 'period', periodMs: HOUR }, graceMs: HOUR }),
    )
    await ping(server.store, 'success')
    const { used } = house
    driver = used.kind === 'sqlite' ? openSqlite(used) : await openPostgres(used)
  })
  afterEach(async () => {
    await driver.close()
    await house.close()
  })

  const ping = (store: Store, signal: 'success' | 'fail') =>
    store.checks.recordPings([{ code: check.code, ping: aPing({ signal, at: house.time.at }) }])
  const now = async () => (await server.store.checks.findByCode(check.code))!
  const told = async () => {
    const rows = await server.store.notifications.ofCheck(check.id, 9)
    return rows.map(({ status, state, attempts }) => `${status} ${state} ${attempts}`)
  }

  /** Of a process that dies after so many steps of its next transaction. */
  const dying = (afterSteps: number): Store =>
    storeOn(
      {
        ...driver,
        transaction: (work, options) => driver.transaction(() => cut(work(), afterSteps), options),
      },
      { newCode: randomUUID },
    )

  /** Dies at every step of this, which must leave all `as` it was. */
  async function dieOf(act: (store: Store) => Promise<unknown>, as: () => Promise<unknown>): Promise<void> {
    const before = await as()
    let died = 0
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const failure: unknown = await act(dying(steps)).then(
        () => null,
        (cause: unknown) => cause,
      )
      expect(failure).toBeInstanceOf(Death)
      expect(await as()).toEqual(before)
      died++
      if (await isWhole(act, steps + 1)) break
    }
    expect(died).toBeGreaterThan(1)
  }
  /** Whether the transaction has no more steps than these: it is undone all the same. */
  async function isWhole(act: (store: Store) => Promise<unknown>, steps: number): Promise<boolean> {
    let taken = 0
    const counting: Sql = {
      ...driver,
      transaction: (work) =>
        driver.transaction(function* () {
          const recipe = work()
          let next = recipe.next()
          for (; !next.done; taken++) next = recipe.next(yield next.value)
          throw new Death('undone')
        }),
    }
    await act(storeOn(counting, { newCode: randomUUID })).catch(() => undefined)
    return taken <= steps
  }

  it('before the commit of a ping: nothing has happened, and the client has no answer', async () => {
    await dieOf(
      (store) => ping(store, 'fail'),
      async () => [
        await now(),
        await told(),
        await server.store.pings.latest(check.id, { afterN: 0, limit: 9 }),
      ],
    )
  })

  it('after it, and before anything was told: it is told', async () => {
    await ping(server.store, 'fail')
    expect(await told()).toEqual(['down waiting 0'])
    const next = await house.start('next', { answer: () => 200 })
    await next.deliver()
    await next.settled()
    expect([await told(), house.asked.length]).toEqual([['down sent 1'], 1])
  })

  it('while a missed deadline is judged: as if nobody had looked, and then it is judged', async () => {
    const at = house.pass(3 * HOUR)
    await dieOf(
      (store) => store.checks.changeDue(at, 9, (one) => ring(one, at)),
      async () => [await now(), await told()],
    )
    expect(await server.watch()).toMatchObject({ flips: 1 })
    expect(await told()).toEqual(['down waiting 0'])
  })

  it('while it is claimed: it still waits', async () => {
    await ping(server.store, 'fail')
    const { at } = house.time
    await dieOf((store) => store.notifications.claim(at, at + MINUTE, { quick: 1, slow: 1 }), told)
  })

  it('while it is told, or before that is recorded: told once more when the lease is over', async () => {
    const dead = await house.start('dead')
    await ping(server.store, 'fail')
    await dead.deliver()
    await expect.poll(() => house.asked.length, PATIENT).toBe(1)
    house.pass(MINUTE - 1)
    await server.deliver()
    expect(house.asked).toHaveLength(1)
    house.pass(1)
    await server.deliver()
    await server.settled()
    expect(house.asked.map((one) => one.server)).toEqual(['dead', 'one'])
    expect(new Set(house.asked.map(({ key }) => key)).size).toBe(1)
    expect(await told()).toEqual(['down sent 2'])
  })

  it('while the result is recorded: it is still under way, and told once more at most', async () => {
    await ping(server.store, 'fail')
    const { at } = house.time
    const [claim] = await server.store.notifications.claim(at, at + MINUTE, { quick: 1, slow: 1 })
    const result = { delivery: { ok: true }, at: NOON, tookMs: 5, nextAt: null } as const
    await dieOf((store) => store.notifications.finish(claim!, result), told)
  })
})
