import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { objectKey } from '../../src/core/object-key'
import { MINUTE, SECOND } from '../../src/core/time'
import { openBodyStorage } from '../../src/tasks/body-storage'
import type { BodyStorage } from '../../src/tasks/body-storage'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { systemRandom } from '../../src/world/random'
import { aBeginning, aPing, NOON } from '../support/build'
import { freshSqlite } from '../support/databases'
import { fakeS3 } from '../support/fake-s3'
import type { FakeS3 } from '../support/fake-s3'
import { recorder } from '../support/local-site'
import type { LocalSite } from '../support/local-site'

const SLOW_DOWN = { kind: 'error', status: 503, code: 'SlowDown' } as const
const INTERNAL = { kind: 'error', status: 500, code: 'InternalError' } as const

let fake: FakeS3
let store: Store
let storage: BodyStorage
let check: Check
let nowAt: number
let logged: LocalSite['logged']

beforeEach(async () => {
  fake = await fakeS3()
  store = await openStore(freshSqlite(), { newCode: () => systemRandom.uuid() })
  check = (await store.users.addFirst(aBeginning()))!.check
  nowAt = NOON
  await open()
})

afterEach(async () => {
  storage.objects.close()
  await store.close()
  await fake.close()
})

/** As after a restart, if it is not the first time. */
async function open(settings: Partial<FakeS3['config']> = {}): Promise<void> {
  logged = []
  storage = await openBodyStorage({
    settings: { ...fake.config, ...settings },
    store,
    random: { bytes: () => Buffer.from([128]) },
    clock: () => nowAt,
    log: recorder(logged),
  })
}

const body = (n: number) => Buffer.from(`the output of run ${n} `.padEnd(200, '.'))

/** As many pings with large bodies, one after another. */
async function ping(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { pingCount } = (await store.checks.findByCode(check.code))!
    await storage.recordPings([{ code: check.code, ping: aPing({ body: body(pingCount + 1) }) }])
  }
}

const inBucket = () => [...fake.objects.keys()].toSorted()
const keysOf = (...numbers: number[]) => numbers.map((n) => objectKey(check.code, n)).toSorted()
const here = async (n: number) => (await store.pings.body(check.id, n)) !== null
const puts = () => fake.asked.filter(({ operation }) => operation === 'put').length
const warnings = () => logged.filter(({ level }) => level === 'warn').map(({ message }) => message)

/** Lets the mover work until it says that it has nothing to do for now. */
async function settle(): Promise<void> {
  while (await storage.moving.run());
}

describe('bodies', () => {
  it('move to the bucket, byte for byte, and are gone from the database', async () => {
    await ping(3)
    await settle()
    expect(inBucket()).toEqual(keysOf(1, 2, 3))
    expect(fake.objects.get(objectKey(check.code, 2))?.bytes).toEqual(body(2))
    expect(await Promise.all([1, 2, 3].map(here))).toEqual([false, false, false])
  })

  it('move newest first, as many at a time as is allowed', async () => {
    await open({ concurrency: 1 })
    await ping(6)
    await settle()
    expect(fake.asked.map(({ key }) => key)).toEqual([6, 5, 4, 3, 2, 1].map((n) => objectKey(check.code, n)))
    expect(fake.mostAtOnce()).toBe(1)
  })

  it('never go away before they are in the bucket', async () => {
    await ping(1)
    fake.faults = () => INTERNAL
    await settle()
    expect(await here(1)).toBe(true)
  })

  it('are uploaded once more after a crash between upload and clearing', async () => {
    await ping(1)
    const [claimed] = await store.bodies.claim(nowAt, nowAt + MINUTE, 1)
    await storage.objects.put(objectKey(check.code, claimed!.n), body(1))
    await open()
    await store.bodies.releaseAll()
    await settle()
    expect(puts()).toBe(2)
    expect(await here(1)).toBe(false)
  })

  it('whose check goes away while they are uploaded leave no object behind', async () => {
    await ping(1)
    fake.faults = ({ operation }) => (operation === 'put' ? { kind: 'slow', ms: 50 } : null)
    const run = storage.moving.run()
    await store.checks.remove(check.id)
    await run
    expect(inBucket()).toEqual([])
  })
})

describe('a storage that answers "InternalError"', () => {
  it('is asked eleven times at once, then after pauses that grow from a second to five minutes', async () => {
    await ping(1)
    fake.faults = () => INTERNAL
    await settle()
    expect(puts()).toBe(11)

    const tries: number[] = []
    for (let second = 1; second <= 1500; second++) {
      nowAt += SECOND
      const before = puts()
      await settle()
      if (puts() > before) tries.push(second)
    }
    const pauses = tries.map((at, i) => at - (tries[i - 1] ?? 0))
    expect(pauses.slice(0, 9)).toEqual([3, 4, 6, 10, 18, 34, 66, 130, 258])
    expect(new Set(pauses.slice(9))).toEqual(new Set([302]))
    expect(warnings()).toEqual(['object storage takes no bodies; they wait in the database'])
  })

  it('gets them all once it has recovered', async () => {
    await ping(20)
    fake.faults = () => INTERNAL
    await settle()
    fake.faults = () => null
    nowAt += 10 * MINUTE
    await settle()
    expect(inBucket()).toHaveLength(20)
    expect(logged.at(-1)?.message).toBe('object storage takes bodies again')
  })

  it('gets a body at the second try at once, as if nothing had been', async () => {
    await ping(1)
    let asked = 0
    fake.faults = () => (++asked === 1 ? INTERNAL : null)
    await settle()
    expect(inBucket()).toHaveLength(1)
    expect(warnings()).toEqual([])
  })
})

describe('a storage that asks to reduce the request rate', () => {
  it('is asked once, and again after a pause, with fewer at a time', async () => {
    await ping(40)
    fake.faults = () => SLOW_DOWN
    await settle()
    expect(puts()).toBeLessThanOrEqual(8)

    fake.faults = ({ operation }) => (operation === 'put' ? { kind: 'slow', ms: 5 } : null)
    const before = fake.asked.length
    nowAt += 999
    await settle()
    expect(fake.asked).toHaveLength(before)
    nowAt += MINUTE
    await settle()
    expect(inBucket()).toHaveLength(40)
  })

  it('loses nothing while it does so at random', async () => {
    await ping(60)
    let asked = 0
    fake.faults = () => (++asked % 7 === 0 ? SLOW_DOWN : null)
    for (let i = 0; i < 200; i++) {
      await settle()
      nowAt += 10 * SECOND
    }
    expect(inBucket()).toHaveLength(60)
  })
})

describe('a storage that stalls', () => {
  it('ends the turn when its time is over, and keeps everything', async () => {
    await open({ timeoutMs: 100 })
    await ping(3)
    fake.faults = () => ({ kind: 'stall' })
    await settle()
    expect(await Promise.all([1, 2, 3].map(here))).toEqual([true, true, true])
    fake.faults = () => null
    nowAt += 10 * MINUTE
    await settle()
    expect(inBucket()).toHaveLength(3)
  })

  it('does not keep the program from ending, and the next start goes on', async () => {
    await ping(3)
    fake.faults = () => ({ kind: 'stall' })
    const run = storage.moving.run()
    await expect.poll(puts).toBe(3)
    storage.objects.close()
    await run
    fake.faults = () => null
    await open()
    await settle()
    expect(inBucket()).toHaveLength(3)
    expect(warnings()).toEqual([])
  })
})

describe('one body that the storage refuses', () => {
  it('does not hold up the others', async () => {
    await ping(5)
    const stubborn = objectKey(check.code, 5)
    fake.faults = ({ key }) => (key === stubborn ? { kind: 'error', status: 400, code: 'KeyTooLong' } : null)
    for (let i = 0; i < 10; i++) {
      await settle()
      nowAt += 10 * SECOND
    }
    expect(inBucket()).toEqual(keysOf(1, 2, 3, 4))
    expect(await here(5)).toBe(true)
  })
})

describe('more bodies than may wait', () => {
  it('stay in the database, which is said, until there is room', async () => {
    await open({ spoolLimitBytes: 1000 })
    fake.faults = () => SLOW_DOWN
    await ping(6)
    await settle()
    expect(warnings()).toContain(
      'more bodies wait for object storage than S3_SPOOL_LIMIT_MB: new ones stay in the database',
    )
    expect(storage.spool.backlog()).toMatchObject({ count: 6, bytes: 1200, oldestAt: NOON })

    await ping(1)
    fake.faults = () => null
    nowAt += 10 * MINUTE
    await settle()
    expect(inBucket()).toEqual(keysOf(1, 2, 3, 4, 5, 6))
    expect(await here(7)).toBe(true)

    nowAt += 2 * MINUTE
    await settle()
    await ping(1)
    await settle()
    expect(inBucket()).toEqual(keysOf(1, 2, 3, 4, 5, 6, 8))
  })
})

describe('S3_UPLOAD=sync', () => {
  const intake = () =>
    storage.before({
      submit: async (arrival) => (await storage.recordPings([arrival]))[0] ?? null,
      submitTogether: (arrivals) => storage.recordPings(arrivals),
    })
  const submit = () => intake().submit({ code: check.code, ping: aPing({ body: body(1) }) })

  beforeEach(() => open({ upload: 'sync' }))

  it('has the body in the bucket before the answer', async () => {
    expect(await submit()).toMatchObject({ n: 1 })
    expect(inBucket()).toEqual(keysOf(1))
    expect(await here(1)).toBe(false)
  })

  it('does so for several pings of one mail as well', async () => {
    const arrival = { code: check.code, ping: aPing({ body: body(1) }) }
    expect(await intake().submitTogether([arrival, arrival])).toHaveLength(2)
    expect(inBucket()).toEqual(keysOf(1, 2))
  })

  it('answers all the same when the storage fails, and moves the body later', async () => {
    fake.faults = () => INTERNAL
    expect(await submit()).toMatchObject({ n: 1 })
    expect(await here(1)).toBe(true)
    fake.faults = () => null
    nowAt += MINUTE
    await settle()
    expect(inBucket()).toEqual(keysOf(1))
  })

  it('waits for a storage that stalls no longer than a client does, and only the first ping does', async () => {
    await open({ upload: 'sync', timeoutMs: 100 })
    fake.faults = () => ({ kind: 'stall' })
    await submit()
    expect(puts()).toBe(1)
    await submit()
    expect(puts()).toBe(1)
  })
})

describe('bodies that nobody may see any more', () => {
  const removals = async (): Promise<void> => {
    while (await storage.removing.run());
  }

  it('are removed up to a number, and no other ([P59], D8)', async () => {
    await ping(101)
    await settle()
    storage.removing.upTo(check.code, 99)
    await removals()
    expect(inBucket()).toEqual(keysOf(100, 101))
  })

  it.each([0, -3])('are none up to %i, so that nobody is asked', async (n) => {
    await ping(1)
    await settle()
    const before = fake.asked.length
    storage.removing.upTo(check.code, n)
    await removals()
    expect(fake.asked).toHaveLength(before)
  })

  it('go with their check', async () => {
    await ping(3)
    await settle()
    fake.objects.set('somebody/else', { bytes: body(0), modifiedAt: 0 })
    storage.removing.all(check.code)
    await removals()
    expect(inBucket()).toEqual(['somebody/else'])
  })

  it('are removed a thousand at a time, page by page', async () => {
    for (let n = 1; n <= 2500; n++) {
      fake.objects.set(objectKey(check.code, n), { bytes: body(n), modifiedAt: 0 })
    }
    storage.removing.upTo(check.code, 2400)
    await removals()
    expect(fake.objects.size).toBe(100)
    expect(fake.asked.filter(({ operation }) => operation === 'delete')).toHaveLength(3)
  })

  it('are tried again after growing pauses when the storage fails, then left to the next time', async () => {
    await ping(2)
    await settle()
    fake.faults = ({ operation }) => (operation === 'delete' ? INTERNAL : null)
    storage.removing.upTo(check.code, 1)
    for (let second = 0; second < 1000; second++) {
      await removals()
      nowAt += SECOND
    }
    expect(fake.asked.filter(({ operation }) => operation === 'delete')).toHaveLength(6)
    expect(logged.filter(({ level }) => level === 'warn').map(({ fields }) => fields['again'])).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    fake.faults = () => null
    storage.removing.upTo(check.code, 1)
    await removals()
    expect(inBucket()).toEqual(keysOf(2))
  })

  it('that the storage keeps one by one are tried again, too', async () => {
    await ping(3)
    await settle()
    fake.faults = ({ operation }) =>
      operation === 'delete' ? { kind: 'keys', keys: [objectKey(check.code, 1)] } : null
    storage.removing.upTo(check.code, 2)
    await removals()
    expect(inBucket()).toEqual(keysOf(1, 3))
    fake.faults = () => null
    nowAt += SECOND
    await removals()
    expect(inBucket()).toEqual(keysOf(3))
  })

  it('of another check wait while the storage takes its time, and then have their turn', async () => {
    await ping(2)
    await settle()
    const other = '11111111-2222-4333-8444-555555555555'
    fake.objects.set(objectKey(other, 1), { bytes: body(1), modifiedAt: 0 })
    fake.faults = ({ operation }) => (operation === 'delete' ? { kind: 'slow', ms: 30 } : null)
    storage.removing.upTo(check.code, 2)
    storage.removing.all(other)
    await removals()
    expect(fake.objects.size).toBe(0)
  })
})

describe('the probe at the start', () => {
  it('says nothing when all is well', async () => {
    await storage.probe()
    expect(logged).toEqual([])
  })

  it('warns of wrong keys, and the program goes on', async () => {
    fake.faults = () => ({ kind: 'error', status: 403, code: '' })
    await storage.probe()
    expect(warnings()).toEqual([
      'object storage cannot be used; bodies wait in the database. Check the settings that begin with S3_',
    ])
  })
})
