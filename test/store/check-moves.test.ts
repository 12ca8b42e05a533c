import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('what happens to whole checks on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let projectId: number
  let ownerId: number

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = await store.users.addFirst(aBeginning())
    check = begun!.check
    projectId = begun!.project.id
    ownerId = begun!.user.id
  })
  afterEach(() => stores.close())

  const record = (...pings: Partial<ArrivingPing>[]) =>
    store.checks.recordPings(pings.map((facts) => ({ code: check.code, ping: aPing(facts) })))
  const stored = (id = check.id) => store.pings.latest(id, { afterN: 0, limit: 5000 })
  const channelsOf = async (id: number) => (await store.channels.ofCheck(id)).map(({ name }) => name)

  describe('a copy', () => {
    it('is told to the channels of the other, and was never pinged', async () => {
      const quiet = await store.channels.add(aNewChannel(projectId, { name: 'Quiet' }))
      await store.channels.add(aNewChannel(projectId, { name: 'Loud' }))
      await store.checkSaves.edit(check.id, { channels: quiet.code, edit: (now) => now })
      await record({}, {})
      const copied = await store.checkMoves.copy(check.id, aNewCheck(projectId, { name: 'Second' }))
      if (copied === 'full') throw new Error('full')
      expect(copied.code).not.toBe(check.code)
      expect(await channelsOf(copied.id)).toEqual(['Quiet'])
      expect(await stored(copied.id)).toEqual([])
    })

    it('is not made beyond the limit of the owner', async () => {
      const beginning = aBeginning('bob@example.org')
      const bob = await store.users.add({ ...beginning, user: { ...beginning.user, checkLimit: 1 } })
      expect(await store.checkMoves.copy(bob!.check.id, aNewCheck(bob!.project.id))).toBe('full')
    })
  })

  describe('a transfer', () => {
    it('takes the log along, and switches on every channel of the other project and no others', async () => {
      const other = await store.projects.add({
        code: '7d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
        name: 'Work',
        ownerId,
        badgeKey: '8d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
        createdAt: NOON,
      })
      await store.channels.add(aNewChannel(other.id, { name: 'Work chat' }))
      await record({ signal: 'fail' })
      expect(await store.notifications.ofCheck(check.id, 9)).toMatchObject([{ state: 'waiting' }])

      expect(await store.checkMoves.transfer(check.id, other.id, NOON)).toMatchObject({ projectId: other.id })
      expect((await store.checks.ofProject(other.id)).map(({ id }) => id)).toEqual([check.id])
      expect(await channelsOf(check.id)).toEqual(['Work chat'])
      expect(await stored()).toHaveLength(1)
      // Whom it was told to before, it is not told to any more.
      expect(await store.notifications.claim(NOON + DAY, NOON + 2 * DAY, { quick: 9, slow: 9 })).toEqual([])
    })

    it('is refused where the owner has all the checks that may be', async () => {
      const beginning = aBeginning('bob@example.org')
      const bob = await store.users.add({ ...beginning, user: { ...beginning.user, checkLimit: 1 } })
      expect(await store.checkMoves.transfer(check.id, bob!.project.id, NOON)).toBe('full')
      expect(await store.checkMoves.transfer(check.id, 999_999, NOON)).toBeNull()
      expect((await store.checks.findByCode(check.code))?.projectId).toBe(projectId)
    })

    it('counts as nothing between projects of one owner', async () => {
      const beginning = aBeginning('bob@example.org')
      const bob = await store.users.add({ ...beginning, user: { ...beginning.user, checkLimit: 1 } })
      const second = await store.projects.add({
        code: '9d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
        name: 'Second',
        ownerId: bob!.user.id,
        badgeKey: 'ad0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
        createdAt: NOON,
      })
      const moved = await store.checkMoves.transfer(bob!.check.id, second.id, NOON)
      expect(moved).toMatchObject({ projectId: second.id })
    })
  })

  // spec/alerting.md T13
  describe('clearing', () => {
    it('makes it new, forgets what was heard and told, and goes on counting', async () => {
      await record({ signal: 'start' }, {}, { signal: 'fail', at: NOON + HOUR, body: Buffer.from('confirm') })
      const cleared = await store.checkMoves.clear(check.id, NOON + 2 * HOUR)
      expect(cleared).toMatchObject({
        status: 'new',
        lastPingAt: null,
        openRun: null,
        lastDurationMs: null,
        alertAfterAt: null,
        pingCount: 3,
      })
      while (await store.checkMoves.clearSome(check.id, 3));
      expect(await stored()).toEqual([])
      expect(await store.flips.latest(check.id, { sinceAt: 0, limit: 9 })).toEqual([])
      expect(await store.notifications.ofCheck(check.id, 9)).toEqual([])
      await record({ at: NOON + 3 * HOUR })
      expect((await stored()).map(({ n }) => n)).toEqual([4])
      expect((await store.checks.findByCode(check.code))?.status).toBe('up')
    })

    it('leaves what came in after it, however long the log was', async () => {
      await record(...Array.from({ length: 700 }, () => ({})))
      await store.checkMoves.clear(check.id, NOON)
      expect(await store.checkMoves.clearSome(check.id, 700)).toBe(true)
      await record({})
      expect(await store.checkMoves.clearSome(check.id, 700)).toBe(false)
      expect(await store.checkMoves.clearSome(check.id, 700)).toBe(false)
      expect((await stored()).map(({ n }) => n)).toEqual([701])
    })
  })
})
