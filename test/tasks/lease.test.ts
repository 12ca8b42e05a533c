import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import { MINUTE, SECOND } from '../../src/core/time'
import { aBeginning, aNewCheck, aPing } from '../support/build'
import { databases } from '../support/databases'
import { PATIENT, servers } from '../support/servers'
import type { Server, Servers } from '../support/servers'

describe.each(databases)(
  'two servers on $name, of which one is stopped while it tells',
  { timeout: 60_000 },
  (database) => {
    let house: Servers
    let one: Server
    let other: Server
    let checks: Check[]
    let hook: Channel

    beforeEach(async () => {
      house = await servers(database)
      one = await house.start('one')
      other = await house.start('other')
      const begun = (await one.store.users.addFirst(aBeginning()))!
      await one.store.channels.remove(begun.channel.id)
      hook = await house.addHook(one.store, begun.project.id)
      checks = [begun.check]
      for (let i = 0; i < 2; i++) checks.push(await one.store.checks.add(aNewCheck(begun.project.id)))
    })
    afterEach(() => house.close())

    const fail = (many = 1) =>
      one.store.checks.recordPings(
        checks.slice(0, many).map(({ code }) => ({ code, ping: aPing({ signal: 'fail' }) })),
      )
    const tellers = () => house.asked.map(({ server }) => server)
    const states = async () => (await one.store.notifications.ofCheck(checks[0]!.id, 9)).map((n) => n.state)
    /** Both look every second. */
    async function live(seconds: number, who: readonly Server[]): Promise<void> {
      for (let i = 0; i < seconds; i++) {
        house.pass(SECOND)
        for (const server of who) await server.deliver()
      }
    }
    /** The first try has failed, and the pause before the next is under way. */
    async function oneHasTriedInVain(): Promise<void> {
      await fail()
      await one.deliver()
      await expect.poll(tellers, PATIENT).toEqual(['one'])
      house.asked[0]!.answer(503)
      await expect.poll(() => house.pauses.length, PATIENT).toBe(1)
    }

    it('makes no further try when the other has taken over', async () => {
      await oneHasTriedInVain()
      await live(61, [other])
      await expect.poll(tellers, PATIENT).toEqual(['one', 'other'])
      house.pauses[0]!.end()
      await one.settled()
      expect(await states()).toEqual(['sending'])
      house.asked[1]!.answer(200)
      await other.settled()
      expect([tellers(), await states()]).toEqual([['one', 'other'], ['sent']])
    })

    it('makes none that could end after its lease, even if nobody has taken over yet', async () => {
      await oneHasTriedInVain()
      house.pass(31 * SECOND)
      house.pauses[0]!.end()
      await one.settled()
      expect([tellers(), await states()]).toEqual([['one'], ['waiting']])
    })

    it.each([
      ['the clock on the wall', [10 * MINUTE, 0]],
      ['the time that went by', [0, 10 * MINUTE]],
    ] as const)('knows by %s alone that it was away', async (_, [wallMs, elapsedMs]) => {
      await oneHasTriedInVain()
      house.pass(wallMs, elapsedMs)
      house.pauses[0]!.end()
      await one.settled()
      expect(tellers()).toEqual(['one'])
    })

    it('goes on when it has renewed its lease in time', async () => {
      await oneHasTriedInVain()
      await live(50, [one, other])
      house.pauses[0]!.end()
      await expect.poll(tellers, PATIENT).toEqual(['one', 'one'])
      house.asked[1]!.answer(200)
      await one.settled()
      expect(await states()).toEqual(['sent'])
    })

    it('lets go of all that it had taken for a channel when somebody tells that channel something', async () => {
      await one.store.channels.noteAttempt(hook.id, { at: 0, tookMs: 5, error: '', disable: false })
      await fail(3)
      await one.deliver()
      await expect.poll(tellers, PATIENT).toEqual(['one'])
      // Not known to be quick any more, the other takes the oldest alone.
      await one.store.channels.noteAttempt(hook.id, { at: 0, tookMs: MINUTE, error: '', disable: false })
      await live(61, [other])
      await expect.poll(tellers, PATIENT).toEqual(['one', 'other'])
      await one.deliver()
      house.asked[0]!.answer(200)
      await one.settled()
      expect(tellers()).toEqual(['one', 'other'])
      house.asked[1]!.answer(200)
      await other.settled()
      await live(2, [one, other])
      await expect.poll(tellers, PATIENT).toHaveLength(3)
      expect(new Set(house.asked.slice(1).map(({ key }) => key)).size).toBe(2)
    })

    it('25: tells nothing twice when both were stopped for ten minutes', async () => {
      await fail()
      await one.deliver()
      await other.deliver()
      await expect.poll(tellers, PATIENT).toEqual(['one'])
      house.pass(10 * MINUTE)
      await other.deliver()
      await live(9, [other])
      house.asked[0]!.answer(200)
      await one.settled()
      await live(20, [one, other])
      expect([tellers(), await states()]).toEqual([['one'], ['sent']])
    })

    it('is followed by the other when it never comes back', async () => {
      await fail()
      await one.deliver()
      await other.deliver()
      await expect.poll(tellers, PATIENT).toEqual(['one'])
      house.pass(10 * MINUTE)
      await live(11, [other])
      await expect.poll(tellers, PATIENT).toEqual(['one', 'other'])
    })
  },
)

describe.each(databases)('a claim on $name', { timeout: 60_000 }, (database) => {
  let house: Servers
  let server: Server
  beforeEach(async () => {
    house = await servers(database)
    server = await house.start('one')
    const begun = (await server.store.users.addFirst(aBeginning()))!
    await server.store.channels.remove(begun.channel.id)
    await house.addHook(server.store, begun.project.id)
    await server.store.checks.recordPings([{ code: begun.check.code, ping: aPing({ signal: 'fail' }) }])
  })
  afterEach(() => house.close())

  const claim = async (lapsedAt?: number) => {
    const { at } = house.time
    const places = { quick: 1, slow: 1 }
    const [taken] = await server.store.notifications.claim(at, at + MINUTE, places, () => false, lapsedAt)
    return taken?.notification
  }
  const renew = (held: NonNullable<Awaited<ReturnType<typeof claim>>>) =>
    server.store.notifications.renew([held], house.time.at, house.time.at + MINUTE)

  it('that was taken over is not renewed, and not handed back for whoever has it now', async () => {
    const first = (await claim())!
    house.pass(MINUTE)
    const second = (await claim())!
    expect(await renew(first)).toEqual(new Set())
    await server.store.notifications.handBack([first])
    expect(await renew(second)).toEqual(new Set([second.id]))
  })

  it('whose lease ran out is renewed as long as nobody took it', async () => {
    const first = (await claim())!
    house.pass(10 * MINUTE)
    expect(await renew(first)).toEqual(new Set([first.id]))
    expect(await claim()).toBeUndefined()
  })

  it('is left to its teller while that may be waking up', async () => {
    await claim()
    house.pass(10 * MINUTE)
    expect(await claim(house.time.at - 9 * MINUTE - 1)).toBeUndefined()
    expect(await claim(house.time.at - 9 * MINUTE)).toMatchObject({ attempts: 2 })
  })
})
