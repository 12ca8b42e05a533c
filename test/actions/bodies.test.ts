import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyActions } from '../../src/actions/bodies'
import type { BodyActions } from '../../src/actions/bodies'
import { orphanActions, sweepMonthly } from '../../src/actions/orphans'
import type { OrphanActions } from '../../src/actions/orphans'
import type { Check } from '../../src/core/check'
import { objectKey } from '../../src/core/object-key'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Receipt } from '../../src/store/checks'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { openObjects } from '../../src/world/objects'
import type { Objects } from '../../src/world/objects'
import { systemRandom } from '../../src/world/random'
import { aBeginning, aNewCheck, aPing, NOON } from '../support/build'
import { freshSqlite } from '../support/databases'
import { fakeS3 } from '../support/fake-s3'
import type { FakeS3 } from '../support/fake-s3'
import { recorder } from '../support/local-site'

const BODY = Buffer.from('the whole story '.repeat(20))

let fake: FakeS3
let objects: Objects
let store: Store
let check: Check
let nowAt: number

beforeEach(async () => {
  nowAt = NOON
  fake = await fakeS3({ pageSize: 2, clock: () => nowAt })
  objects = await openObjects({ ...fake.config, timeoutMs: 200 })
  store = await openStore(freshSqlite(), { newCode: () => systemRandom.uuid() })
  check = (await store.users.addFirst(aBeginning()))!.check
})

afterEach(async () => {
  objects.close()
  await store.close()
  await fake.close()
})

describe('the body of a ping', () => {
  let bodies: BodyActions

  beforeEach(() => {
    bodies = open(objects)
  })

  const open = (storage: Objects | null) =>
    bodyActions({ ...store, objects: storage, clock: () => nowAt, log: recorder([]) })

  /** Its body is in the database, or was moved out of it, into the bucket or not. */
  async function ping(body: Buffer | null, where: 'here' | 'there' | 'nowhere' = 'here') {
    const [receipt] = await store.checks.recordPings([{ code: check.code, ping: aPing({ body }) }])
    const { n } = receipt as Receipt
    if (where !== 'here') await store.bodies.movedAtOnce(check.id, n)
    if (where === 'there') await objects.put(objectKey(check.code, n), body!)
    return (await store.pings.find(check.id, n))!
  }

  it('is none when it came without one', async () => {
    expect(await bodies.read(check, await ping(null))).toEqual({ state: 'none' })
    expect(fake.asked).toEqual([])
  })

  it('is present from the database, whatever the storage does', async () => {
    fake.faults = () => ({ kind: 'stall' })
    expect(await bodies.read(check, await ping(BODY))).toEqual({ state: 'present', bytes: BODY })
    expect(fake.asked).toEqual([])
  })

  it('is present from the bucket', async () => {
    expect(await bodies.read(check, await ping(BODY, 'there'))).toEqual({ state: 'present', bytes: BODY })
  })

  it('is pending while the bucket does not have it', async () => {
    expect(await bodies.read(check, await ping(BODY, 'nowhere'))).toEqual({ state: 'pending' })
  })

  it('is missing when there is no bucket any more', async () => {
    expect(await open(null).read(check, await ping(BODY, 'there'))).toEqual({ state: 'missing' })
  })

  it('is unavailable when the storage fails or stalls', async () => {
    const one = await ping(BODY, 'there')
    fake.faults = () => ({ kind: 'error', status: 500, code: 'InternalError' })
    expect(await bodies.read(check, one)).toEqual({ state: 'unavailable' })
    fake.faults = () => ({ kind: 'stall' })
    expect(await bodies.read(check, one)).toEqual({ state: 'unavailable' })
  })

  it('is not even asked for after three errors within a minute, for some twenty seconds', async () => {
    const one = await ping(BODY, 'there')
    fake.faults = () => ({ kind: 'error', status: 500, code: 'InternalError' })
    for (let i = 0; i < 3; i++) await bodies.read(check, one)
    fake.faults = () => null
    const before = fake.asked.length
    expect(await bodies.read(check, one)).toEqual({ state: 'unavailable' })
    // Another instance knows it as well.
    expect(await open(objects).read(check, one)).toEqual({ state: 'unavailable' })
    expect(fake.asked).toHaveLength(before)
    nowAt += MINUTE / 3
    expect(await bodies.read(check, one)).toMatchObject({ state: 'present' })
  })

  it('that is not there yet is no error of the storage', async () => {
    const one = await ping(BODY, 'nowhere')
    for (let i = 0; i < 5; i++) expect(await bodies.read(check, one)).toEqual({ state: 'pending' })
  })

  it('is one of sixteen that are fetched at once; more are unavailable right away', async () => {
    const one = await ping(BODY, 'there')
    fake.faults = () => ({ kind: 'slow', ms: 50 })
    const states = await Promise.all(Array.from({ length: 20 }, () => bodies.read(check, one)))
    expect(states.filter(({ state }) => state === 'present')).toHaveLength(16)
    expect(states.filter(({ state }) => state === 'unavailable')).toHaveLength(4)
    expect(await bodies.read(check, one)).toMatchObject({ state: 'present' })
    expect(fake.mostAtOnce()).toBe(16)
  })
})

describe('bodies of checks that do not exist', () => {
  const GONE = [1, 2, 3].map((i) => `${i}0000000-0000-4000-8000-000000000000`)
  let orphans: OrphanActions
  let said: string[]

  beforeEach(() => {
    said = []
    orphans = orphanActions({ ...store, objects, clock: () => nowAt })
  })

  const options = (more: object = {}) => ({
    dryRun: false,
    minAgeMs: DAY,
    force: false,
    say: (line: string) => void said.push(line),
    ...more,
  })

  async function fill(): Promise<void> {
    for (const code of [...GONE, check.code]) {
      for (const n of [1, 2, 3]) await objects.put(objectKey(code, n), BODY)
    }
    await objects.put('backups/monday', BODY)
  }

  it('are swept, and nothing else is', async () => {
    await fill()
    nowAt += DAY
    expect(await orphans.sweep(options())).toEqual({ kind: 'done', checks: 3, objects: 9, refused: [] })
    expect(said).toEqual(['Staged for deletion: 3', ...GONE.map((code) => `Deleting ${code}/`)])
    expect([...fake.objects.keys()].toSorted()).toEqual(
      [3, 2, 1]
        .map((n) => objectKey(check.code, n))
        .concat('backups/monday')
        .toSorted(),
    )
  })

  it('are only counted in a dry run', async () => {
    await fill()
    nowAt += DAY
    expect(await orphans.sweep(options({ dryRun: true }))).toMatchObject({ checks: 3, objects: 0 })
    expect(said).toEqual(['Staged for deletion: 3'])
    expect(fake.objects.size).toBe(13)
  })

  it('stay while the newest of them is younger than a day', async () => {
    await fill()
    nowAt += DAY - 1
    await objects.put(objectKey(GONE[0]!, 4), BODY)
    nowAt += 1
    expect(await orphans.sweep(options())).toMatchObject({ checks: 2 })
    expect(await orphans.sweep(options({ minAgeMs: 0 }))).toMatchObject({ checks: 1 })
  })

  it('stay when the check appeared while the bucket was listed', async () => {
    await fill()
    nowAt += DAY
    const late = aNewCheck(check.projectId, { code: GONE[1]! })
    let listed = false
    const slow = orphanActions({
      bodies: {
        ...store.bodies,
        async codesInUse(codes) {
          if (!listed) await store.checks.add(late)
          listed = true
          return await store.bodies.codesInUse(codes)
        },
      },
      objects,
      clock: () => nowAt,
    })
    expect(await slow.sweep(options())).toMatchObject({ checks: 2 })
    expect(fake.objects.has(objectKey(GONE[1]!, 1))).toBe(true)
  })

  it('stay when the database has no checks at all, unless somebody insists (F35)', async () => {
    await fill()
    await store.checks.remove(check.id)
    nowAt += DAY
    expect(await orphans.sweep(options())).toEqual({ kind: 'no checks' })
    expect(fake.objects.size).toBe(13)
    expect(await orphans.sweep(options({ force: true }))).toMatchObject({ checks: 4 })
  })

  it('are named when the storage does not let go of them', async () => {
    await fill()
    nowAt += DAY
    const key = objectKey(GONE[0]!, 2)
    fake.faults = ({ operation }) => (operation === 'delete' ? { kind: 'keys', keys: [key] } : null)
    expect(await orphans.sweep(options())).toMatchObject({
      objects: 8,
      refused: [{ key, reason: 'InternalError Oops' }],
    })
    expect(await sweepMonthly(orphans)).toEqual({
      ok: false,
      sentence: 'Swept 0 bodies of 1 checks that do not exist, 1 could not be removed',
    })
  })

  it('are left to the next time when the storage fails', async () => {
    await fill()
    nowAt += DAY + HOUR
    fake.faults = ({ operation }) =>
      operation === 'delete' ? { kind: 'error', status: 503, code: 'SlowDown' } : null
    expect(await orphans.sweep(options())).toMatchObject({ kind: 'failed', failure: { kind: 'busy' } })
  })

  it('are none of ours without a bucket', async () => {
    expect(await orphanActions({ ...store, objects: null, clock: () => nowAt }).sweep(options())).toBeNull()
  })
})
