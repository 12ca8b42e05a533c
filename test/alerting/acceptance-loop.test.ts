import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Client } from 'pg'
import type { Check } from '../../src/core/check'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { NewCheck } from '../../src/store/checks'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { PATIENT, servers } from '../support/servers'
import type { Server, Servers } from '../support/servers'

const HOURLY = { schedule: { kind: 'period', periodMs: HOUR }, graceMs: 10 * MINUTE } as const

describe.each(databases)('the alert loop on $name', { timeout: 60_000 }, (database) => {
  let house: Servers
  let one: Server
  let projectId: number

  beforeEach(async () => {
    house = await servers(database)
    one = await house.start('one', { answer: () => 200 })
    const begun = (await one.store.users.addFirst(aBeginning()))!
    projectId = begun.project.id
    await one.store.channels.remove(begun.channel.id)
    await one.store.checks.remove(begun.check.id)
  })
  afterEach(() => house.close())

  const add = (facts: Partial<NewCheck> = HOURLY) => one.store.checks.add(aNewCheck(projectId, facts))
  const ping = ({ code }: Check, signal: 'success' | 'fail' = 'success', at = house.time.at) =>
    one.store.checks.recordPings([{ code, ping: aPing({ signal, at }) }])
  const now = async ({ code }: Check) => (await one.store.checks.findByCode(code))!
  const flips = async ({ id }: Check) =>
    (await one.store.flips.latest(id, { sinceAt: 0, limit: 9 })).map(({ from, to }) => `${from} ${to}`)

  it('2: corrects a deadline that was stored too early, without a flip', async () => {
    const check = await add()
    await ping(check)
    await one.store.checks.change(check.id, (was) => ({
      check: { ...was, alertAfterAt: NOON + MINUTE },
      flip: null,
    }))
    house.pass(2 * MINUTE)
    expect(await one.watch()).toMatchObject({ found: 1, flips: 0 })
    expect(await now(check)).toMatchObject({ status: 'up', alertAfterAt: NOON + HOUR + 10 * MINUTE })
    expect(await one.watch()).toMatchObject({ found: 0 })
  })

  it(
    '3: two loops at once make just one flip of each check, and one message for each channel',
    {
      timeout: 120_000,
    },
    async () => {
      const many = database.name === 'PostgreSQL' ? 1000 : 100
      // On SQLite two would be two processes, which its lock prevents.
      const other = await house.start('other', { answer: () => 200 })
      const hooks = []
      for (let i = 0; i < 3; i++) hooks.push(await house.addHook(one.store, projectId, `Ops ${i}`))
      const checks = []
      for (let i = 0; i < many; i++) checks.push(await add())
      await one.store.checks.recordPings(checks.map(({ code }) => ({ code, ping: aPing({ at: NOON }) })))
      house.pass(2 * HOUR)
      const loop = async (server: Server) => {
        while ((await server.watch()).found > 0) await server.deliver()
        do await server.deliver()
        while (await server.task.settled())
      }
      await Promise.all([loop(one), loop(other)])
      // Whoever ends first leaves what the other has claimed.
      await loop(one)
      const told = house.asked.map(({ key }) => key)
      expect([told.length, new Set(told).size]).toEqual([3 * many, 3 * many])
      for (const check of checks) expect(await flips(check)).toEqual(['up down', 'new up'])
    },
  )

  it('4: leaves a check alone whose ping comes in between', async () => {
    const check = await add()
    await ping(check)
    house.pass(2 * HOUR)
    if (database.name === 'SQLite') {
      // Nothing comes in between there; the ping is before it or after it.
      await Promise.all([ping(check), one.watch()])
    } else await whileHeld(check, async () => expect(await one.watch()).toMatchObject({ found: 0 }))
    expect(await one.watch()).toMatchObject({ flips: 0 })
    expect(await now(check)).toMatchObject({ status: 'up' })
    expect(await flips(check)).toEqual(['new up'])
  })

  it('4: loses no ping, whoever is first', async () => {
    const checks = []
    for (let i = 0; i < 40; i++) checks.push(await add())
    for (const check of checks) await ping(check)
    house.pass(2 * HOUR)
    const other = await house.start('other')
    await Promise.all([
      ...checks.map((check) => ping(check)),
      other.watch(),
      one.watch(),
      ...checks.map((check) => ping(check)),
    ])
    for (const check of checks) {
      expect(await now(check)).toMatchObject({ status: 'up', pingCount: 3, lastPingAt: house.time.at })
      expect([['new up'], ['down up', 'up down', 'new up']]).toContainEqual(await flips(check))
    }
  })

  it('5: tells down, up, down in that order, also if the first attempt takes twenty seconds', async () => {
    const slow = await house.start('slow')
    await house.addHook(one.store, projectId)
    const check = await add()
    await ping(check)
    for (const signal of ['fail', 'success', 'fail'] as const) await ping(check, signal)
    const heard = () => house.asked.map(({ status }) => status)
    await slow.deliver()
    await expect.poll(heard, PATIENT).toEqual(['down'])
    for (let i = 0; i < 20; i++) {
      house.pass(SECOND)
      await slow.deliver()
    }
    expect(heard()).toEqual(['down'])
    house.asked[0]!.answer(200)
    await slow.settled()
    for (const what of [
      ['down', 'up'],
      ['down', 'up', 'down'],
    ]) {
      await slow.deliver()
      await expect.poll(heard, PATIENT).toEqual(what)
      house.asked.at(-1)!.answer(200)
      await slow.settled()
    }
  })

  it('10: judges the others in the same look when one of them has a schedule that nobody understands', async () => {
    const bad = await add({ schedule: { kind: 'cron', expression: 'never ever', tz: 'UTC' } })
    const good = []
    for (let i = 0; i < 98; i++) good.push(await add())
    const all = [bad, ...good].map(({ code }) => ({ code, ping: aPing({ at: NOON }) }))
    await one.store.checks.recordPings(all)
    house.pass(2 * HOUR)
    await (await house.start('fresh')).look()
    for (const check of good) expect(await flips(check)).toEqual(['up down', 'new up'])
    const errors = () => house.logged.filter(({ level }) => level === 'error')
    expect(errors()).toMatchObject([{ fields: { check: bad.code.slice(0, 8) } }])
    expect(await now(bad)).toMatchObject({ status: 'up', alertAfterAt: house.time.at + HOUR })
    house.pass(HOUR - SECOND)
    expect(await one.watch()).toMatchObject({ found: 0 })
    house.pass(SECOND)
    expect(await one.watch()).toMatchObject({ unusable: [{ code: bad.code }] })
  })

  it('11: tells channel B at once while channel A hangs, and while it throws', async () => {
    const server = await house.start('server', {
      answer: ({ channel }) => (channel === 'A' ? null : 200),
    })
    await house.addHook(one.store, projectId, 'A')
    await house.addHook(one.store, projectId, 'B')
    const check = await add()
    await ping(check)
    await ping(check, 'fail')
    await server.deliver()
    const states = async () =>
      (await one.store.notifications.ofCheck(check.id, 9))
        .map(({ channelName, state, error }) => `${channelName} ${state} ${error}`.trim())
        .toSorted()
    await expect.poll(states, PATIENT).toEqual(['A sending', 'B sent'])

    house.asked.find(({ channel }) => channel === 'A')!.break()
    await server.settled()
    expect(await states()).toEqual(['A failed Internal error', 'B sent'])
    await server.deliver()
    expect(house.asked).toHaveLength(2)
  })

  it('13: a message that no relay took for two hours arrives after them, once, a restart in between', async () => {
    const relay = { isAway: true, taken: 0 }
    const mailer = {
      send: () => {
        if (relay.isAway)
          return Promise.resolve({ ok: false, kind: 'temporary', reason: 'Connection refused' } as const)
        relay.taken++
        return Promise.resolve({ ok: true } as const)
      },
    }
    const before = await house.start('before', { answer: () => 200, mailer })
    await house.addMail(one.store, projectId)
    const check = await add()
    await ping(check)
    await ping(check, 'fail')
    const live = async (server: Server, ms: number) => {
      for (let leftMs = ms; leftMs > 0; leftMs -= MINUTE) {
        house.pass(MINUTE)
        do await server.deliver()
        while (await server.task.settled())
      }
    }
    await before.deliver()
    await live(before, HOUR)
    const after = await house.start('after', { answer: () => 200, mailer })
    await live(after, HOUR)
    expect(relay.taken).toBe(0)
    expect(await one.store.notifications.ofCheck(check.id, 9)).toMatchObject([{ state: 'waiting' }])
    relay.isAway = false
    await live(after, DAY)
    expect(relay.taken).toBe(1)
    expect(await one.store.notifications.ofCheck(check.id, 9)).toMatchObject([{ state: 'sent', error: '' }])
  })

  it('logs what became of each message, with the first digits of the check and no more of it', async () => {
    await house.addHook(one.store, projectId)
    const check = await add()
    await ping(check)
    await ping(check, 'fail')
    await one.deliver()
    await one.settled()
    const told = house.logged.filter(({ message }) => message === 'told')
    expect(told).toMatchObject([
      { fields: { check: check.code.slice(0, 8), kind: 'webhook', status: 'down', attempt: 1, ms: 0 } },
    ])
    expect(JSON.stringify(house.logged)).not.toContain(check.code)
  })

  /** Holds the row of a check as its ping does, and lets that through in the end. */
  async function whileHeld({ id }: Check, act: () => Promise<void>): Promise<void> {
    if (house.used.kind === 'sqlite') throw new Error('SQLite has no locks on rows')
    const { hosts, name, schema, user, password } = house.used
    const client = new Client({ ...hosts[0], database: name, user, password })
    await client.connect()
    try {
      await client.query('BEGIN')
      await client.query(`SET LOCAL search_path TO ${schema}`)
      await client.query('SELECT * FROM checks WHERE id = $1 FOR UPDATE', [id])
      await act()
      const pingAt = house.time.at
      const values = [id, pingAt, pingAt + HOUR + 10 * MINUTE]
      await client.query('UPDATE checks SET last_ping_at = $2, alert_after_at = $3 WHERE id = $1', values)
      await client.query('COMMIT')
    } finally {
      await client.end()
    }
  }
})
