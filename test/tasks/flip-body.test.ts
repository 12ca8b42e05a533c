import { describe, expect, it } from 'vitest'
import type { StoredBody } from '../../src/core/stored-body'
import { SECOND } from '../../src/core/time'
import { flipBodies } from '../../src/tasks/flip-body'
import { noticeOf } from '../integrations/sample'

const PRESENT: StoredBody = { state: 'present', bytes: Buffer.from('disk full') }

/** What the storage says to each look, and how long was waited in between. */
function looking(...states: StoredBody[]) {
  const waits: number[] = []
  let looks = 0
  const withBody = flipBodies({
    read: () => Promise.resolve(states[looks++] ?? { state: 'none' }),
    wait(ms) {
      waits.push(ms)
      return Promise.resolve()
    },
  })
  return { withBody, waits, looks: () => looks }
}

const notice = noticeOf('down_simple')
const ping = { ...notice.lastPing!, bodyBytes: 200 }
const elsewhere = { ...notice, lastPing: ping, lastBody: null }

describe('a message about a ping whose body lies in object storage', () => {
  it('has the body', async () => {
    const { withBody, waits } = looking(PRESENT)
    expect(await withBody(1, elsewhere)).toMatchObject({ lastBody: Buffer.from('disk full') })
    expect(waits).toEqual([])
  })

  it('17: waits five seconds for one that is not there yet ([A23])', async () => {
    const { withBody, waits } = looking({ state: 'pending' }, PRESENT)
    expect(await withBody(1, elsewhere)).toMatchObject({ lastBody: Buffer.from('disk full') })
    expect(waits).toEqual([5 * SECOND])
  })

  it('17: goes without it after that', async () => {
    const { withBody, waits, looks } = looking({ state: 'pending' }, { state: 'pending' })
    expect(await withBody(1, elsewhere)).toMatchObject({ lastBody: null })
    expect([waits, looks()]).toEqual([[5 * SECOND], 2])
  })

  it.each(['unavailable', 'missing'] as const)('17: does not wait when it is %s', async (state) => {
    const { withBody, waits } = looking({ state })
    expect(await withBody(1, elsewhere)).toMatchObject({ lastBody: null })
    expect(waits).toEqual([])
  })

  it('waits once for all channels of a flip, and anew for the next flip', async () => {
    const { withBody, waits } = looking({ state: 'pending' }, PRESENT, { state: 'pending' }, PRESENT)
    const told = await Promise.all([withBody(1, elsewhere), withBody(1, elsewhere), withBody(1, elsewhere)])
    for (const one of told) expect(one.lastBody).toEqual(Buffer.from('disk full'))
    expect(waits).toHaveLength(1)
    await withBody(2, elsewhere)
    expect(waits).toHaveLength(2)
  })

  it('is tried again in full when the database failed', async () => {
    let fails = true
    const withBody = flipBodies({
      read: () => (fails ? Promise.reject(new Error('away')) : Promise.resolve(PRESENT)),
      wait: () => Promise.resolve(),
    })
    await expect(withBody(1, elsewhere)).rejects.toThrow('away')
    fails = false
    expect(await withBody(1, elsewhere)).toMatchObject({ lastBody: Buffer.from('disk full') })
  })
})

describe('a message about any other ping', () => {
  it('asks nobody', async () => {
    const { withBody, looks } = looking()
    const bodiless = { ...elsewhere, lastPing: { ...ping, bodyBytes: 0 } }
    expect(await withBody(1, bodiless)).toBe(bodiless)
    const here = { ...elsewhere, lastBody: Buffer.from('x') }
    expect(await withBody(1, here)).toBe(here)
    const silent = { ...elsewhere, lastPing: null }
    expect(await withBody(1, silent)).toBe(silent)
    expect(looks()).toBe(0)
  })
})
