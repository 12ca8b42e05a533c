import { describe, expect, it } from 'vitest'
import { PingIntake } from '../../src/pings/intake'
import type { Arrival, Receipt } from '../../src/store/checks'
import { StoreUnavailable } from '../../src/store/problems'
import { aPing } from '../support/build'

const arrival = (code: string, body: Buffer | null = null): Arrival => ({ code, ping: aPing({ body }) })
const receipt = (n: number): Receipt => ({
  checkId: 1,
  code: 'a',
  n,
  kind: 'success',
  flip: null,
  created: false,
  unpruned: 1,
})

/** An intake whose commits end when the test says so. */
function anIntake(
  record: (codes: string[]) => (Receipt | null)[] = (codes) => codes.map((_, i) => receipt(i + 1)),
  commitsAtOnce = 1,
) {
  const batches: string[][] = []
  const ends: (() => void)[] = []
  const intake = new PingIntake({
    checks: {
      async recordPings(arrivals) {
        const codes = arrivals.map((arrival) => ('code' in arrival ? arrival.code : arrival.slug))
        batches.push(codes)
        await new Promise<void>((resolve) => ends.push(resolve))
        return record(codes)
      },
    },
    onFlips: () => undefined,
    commitsAtOnce,
  })
  async function endCommits(count: number) {
    for (let i = 0; i < count; i++) {
      while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve))
      ends.shift()!()
    }
  }
  return { intake, batches, endCommits }
}

describe('the intake', () => {
  it('keeps what came as one in one commit, all of it or nothing', async () => {
    const record = (codes: string[]) => {
      if (codes.includes('bad')) throw new Error('cannot be kept')
      return codes.map((_, i) => receipt(i + 1))
    }
    const { intake, batches, endCommits } = anIntake(record)
    const kept = intake.submitTogether([arrival('a'), arrival('b')])
    const lost = intake.submitTogether([arrival('c'), arrival('bad')]).catch((error: Error) => error.message)
    await endCommits(3)
    expect(await kept).toEqual([receipt(1), receipt(2)])
    expect(await lost).toBe('cannot be kept')
    expect(batches).toEqual([
      ['a', 'b', 'c', 'bad'],
      ['a', 'b'],
      ['c', 'bad'],
    ])
  })

  it('commits together what came in one turn, and what came during a commit', async () => {
    const { intake, batches, endCommits } = anIntake()
    const first = [intake.submit(arrival('a')), intake.submit(arrival('b'))]
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const second = [intake.submit(arrival('c')), intake.submit(arrival('d'))]
    await endCommits(2)
    await Promise.all([...first, ...second])
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('makes the next commit while the disk takes one, where the order is kept, and no more than that', async () => {
    const { intake, batches, endCommits } = anIntake(undefined, 2)
    const answers = []
    for (const code of ['a', 'b', 'c', 'd']) {
      answers.push(intake.submit(arrival(code)))
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(batches).toEqual([['a'], ['b']])
    await endCommits(3)
    await Promise.all(answers)
    expect(batches).toEqual([['a'], ['b'], ['c', 'd']])
  })

  it('is idle once every commit has ended', async () => {
    const { intake, endCommits } = anIntake(undefined, 2)
    let idle = false
    const answer = intake.submit(arrival('a'))
    const ended = intake.idle().then(() => (idle = true))
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(idle).toBe(false)
    await endCommits(1)
    await Promise.all([answer, ended])
  })

  it('lets what is less urgent wait until no ping does', async () => {
    const { intake, endCommits } = anIntake(undefined, 2)
    await intake.pingsFirst(60_000)
    let wentOn = 0
    const answers = [intake.submit(arrival('a')), intake.submit(arrival('b'))]
    const waiting = [1, 2].map(() => intake.pingsFirst(60_000).then(() => wentOn++))
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(wentOn).toBe(0)
    await endCommits(1)
    await Promise.all([...answers, ...waiting])
    expect(wentOn).toBe(2)
  })

  it('lets it wait for so long at most, however many pings come', async () => {
    const { intake, endCommits } = anIntake()
    const answer = intake.submit(arrival('a'))
    await intake.pingsFirst(1)
    await endCommits(1)
    await answer
  })

  it('answers each with its own receipt, and unknown checks with null', async () => {
    const { intake, endCommits } = anIntake((codes) =>
      codes.map((code) => (code === 'x' ? null : receipt(7))),
    )
    const answers = Promise.all([intake.submit(arrival('a')), intake.submit(arrival('x'))])
    await endCommits(1)
    expect(await answers).toEqual([receipt(7), null])
  })

  it('lets a ping that cannot be kept fail alone', async () => {
    const { intake, batches, endCommits } = anIntake((codes) => {
      if (codes.includes('bad')) throw new Error('poisoned')
      return codes.map(() => receipt(1))
    })
    const answers = Promise.allSettled(['a', 'bad', 'b'].map((code) => intake.submit(arrival(code))))
    await endCommits(4)
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(batches).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']])
  })

  it('does not try one by one what the database is away for', async () => {
    const { intake, batches, endCommits } = anIntake(() => {
      throw new StoreUnavailable('disk full', null)
    })
    const answers = Promise.allSettled(['a', 'b'].map((code) => intake.submit(arrival(code))))
    await endCommits(1)
    expect((await answers).every(({ status }) => status === 'rejected')).toBe(true)
    expect(batches).toHaveLength(1)
  })

  it('bounds a batch by number and by bytes', async () => {
    const many = anIntake()
    const answers = Array.from({ length: 501 }, () => many.intake.submit(arrival('a')))
    await many.endCommits(2)
    await Promise.all(answers)
    expect(many.batches.map(({ length }) => length)).toEqual([500, 1])

    const large = anIntake()
    const body = Buffer.alloc(1_500_000)
    const others = Array.from({ length: 3 }, () => large.intake.submit(arrival('a', body)))
    await large.endCommits(2)
    await Promise.all(others)
    expect(large.batches.map(({ length }) => length)).toEqual([2, 1])
  })

  it('says that it is overloaded when too many wait, or too much', async () => {
    const { intake, endCommits } = anIntake()
    const body = Buffer.alloc(32_000_000)
    const answers = [intake.submit(arrival('a', body)), intake.submit(arrival('a', body))]
    expect(await intake.submit(arrival('a', Buffer.alloc(1)))).toBe('overloaded')
    await endCommits(2)
    await Promise.all(answers)

    const more = Array.from({ length: 10_000 }, () => intake.submit(arrival('a')))
    expect(await intake.submit(arrival('a'))).toBe('overloaded')
    await endCommits(20)
    await Promise.all(more)
    await intake.idle()
  })
})
