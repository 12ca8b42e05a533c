import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { ring } from '../../src/core/check'
import { DAY, HOUR } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('what somebody has not seen yet, on $name', (database) => {
  let stores: Opener
  let store: Store
  let check: Check
  let [projectId, userId] = [0, 0]

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const begun = await store.users.addFirst(aBeginning())
    check = begun!.check
    projectId = begun!.project.id
    userId = begun!.user.id
  })
  afterEach(() => stores.close())

  const unread = async (): Promise<number | undefined> =>
    (await store.reads.unread(userId, projectId))?.get(check.id)
  const record = (...pings: Parameters<typeof aPing>[0][]) =>
    store.checks.recordPings(pings.map((facts) => ({ code: check.code, ping: aPing(facts) })))
  const asItIs = async (): Promise<Check> => (await store.checks.findByCode(check.code))!

  it('is nothing to speak of before the first visit', async () => {
    await record({ signal: 'fail' })
    expect(await store.reads.unread(userId, projectId)).toBeNull()
    await store.reads.markAll(userId, projectId)
    expect(await store.reads.unread(userId, projectId)).toEqual(new Map())
  })

  it('grows with failures, whether or not they bring a check down, and with nothing else that pings do', async () => {
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'start' }, { signal: 'log' }, {})
    expect(await unread()).toBeUndefined()
    await record({ signal: 'fail' }, { signal: 'fail' })
    expect(await unread()).toBe(2)
  })

  it('grows when a check goes down because nothing came', async () => {
    await store.reads.markAll(userId, projectId)
    await record({})
    const at = NOON + DAY + HOUR
    await store.checks.changeDue(at, 10, (each) => ring(each, at))
    expect(await unread()).toBe(1)
  })

  it('grows when an alert did not arrive, at once or later', async () => {
    await record({ signal: 'fail' })
    await store.reads.mark(userId, await asItIs())
    await store.reads.markAll(userId, projectId)
    const [claim] = await store.notifications.claim(NOON, NOON + HOUR, { quick: 9, slow: 9 })
    const delivery = { ok: false, kind: 'final', reason: 'Refused' } as const
    await store.notifications.finish(claim!, { delivery, at: NOON, tookMs: 1, nextAt: null })
    expect(await unread()).toBe(1)
    await record({}, { signal: 'fail' })
    expect(await unread()).toBe(2)
  })

  it('is seen check by check, and person by person', async () => {
    const other = await store.checks.add(aNewCheck(projectId))
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'fail' })
    await store.checks.recordPings([{ code: other.code, ping: aPing({ signal: 'fail' }) }])
    await store.reads.mark(userId, await asItIs())
    expect(await store.reads.unread(userId, projectId)).toEqual(new Map([[other.id, 1]]))
    await store.reads.mark(userId, await asItIs())
    await record({ signal: 'fail' })
    expect(await unread()).toBe(1)
  })

  it('is nothing after the events were cleared, and counts on from there', async () => {
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'fail' }, { signal: 'fail' })
    await store.reads.mark(userId, await asItIs())
    await store.checkMoves.clear(check.id, NOON)
    expect(await unread()).toBeUndefined()
    await record({ signal: 'fail' })
    expect(await unread()).toBe(1)
  })

  it('does not include the past of a check that came from another project', async () => {
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'fail' })
    await store.checkMoves.transfer(check.id, projectId, NOON)
    expect(await unread()).toBeUndefined()
  })

  it('is forgotten with the check', async () => {
    await record({ signal: 'fail' })
    const seen = await asItIs()
    await store.checks.remove(check.id)
    await store.reads.mark(userId, seen)
    await store.reads.markAll(userId, projectId)
    expect(await store.reads.unread(userId, projectId)).toEqual(new Map())
  })

  it('never has what the log does not have any more', async () => {
    await store.projects.setPingLogLimit(projectId, 3)
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'fail' }, { signal: 'fail' }, { signal: 'fail' }, { signal: 'fail' }, {})
    expect(await unread()).toBe(4)
    await store.pruning.pruneSome(check.id, NOON)
    expect(await unread()).toBe(2)
    await record({}, {}, {})
    await store.pruning.pruneSome(check.id, NOON)
    expect(await unread()).toBeUndefined()
    expect((await store.reads.unreadAnywhere(userId)).size).toBe(0)
    // What comes later is news again, also to whoever has read all there was.
    await store.reads.mark(userId, await asItIs())
    await record({ signal: 'fail' })
    expect(await unread()).toBe(1)
    expect(await store.reads.unreadAnywhere(userId)).toEqual(new Map([[check.id, 1]]))
  })

  it('loses what time did to a check when that is as old as the log', async () => {
    await store.reads.markAll(userId, projectId)
    await store.projects.setPingLogLimit(projectId, 1)
    // What somebody is still to be told of would stay.
    for (const { id } of await store.channels.ofProject(projectId)) await store.channels.remove(id)
    await record({ at: NOON })
    await store.checks.changeDue(NOON + 9 * DAY, 10, (each) => ring(each, NOON + 9 * DAY))
    expect(await unread()).toBe(1)
    await record({ at: NOON + 200 * DAY }, { at: NOON + 201 * DAY })
    await store.pruning.pruneSome(check.id, NOON + 201 * DAY)
    expect(await unread()).toBeUndefined()
  })

  it('begins anew with a check whose events were cleared', async () => {
    await store.projects.setPingLogLimit(projectId, 1)
    await store.reads.markAll(userId, projectId)
    await record({ signal: 'fail' }, { signal: 'fail' }, { signal: 'fail' })
    await store.pruning.pruneSome(check.id, NOON)
    await store.checkMoves.clear(check.id, NOON)
    await record({ signal: 'fail' })
    expect(await unread()).toBe(1)
  })
})
