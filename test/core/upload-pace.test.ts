import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../src/core/time'
import { askedToSlowDown, broken, fullPace, wentWell } from '../../src/core/upload-pace'
import type { UploadPace } from '../../src/core/upload-pace'

function after(times: number, change: (pace: UploadPace) => UploadPace, pace = fullPace(8)): UploadPace[] {
  return Array.from({ length: times }, () => (pace = change(pace)))
}

describe('the pace of uploads', () => {
  it('halves down to one at a time, with pauses from one second to a minute, when it is asked to', () => {
    const paces = after(8, askedToSlowDown)
    expect(paces.map(({ concurrency }) => concurrency)).toEqual([4, 2, 1, 1, 1, 1, 1, 1])
    expect(paces.map(({ pauseMs }) => pauseMs / SECOND)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('pauses up to five minutes while the storage is broken, and stays as wide', () => {
    const paces = after(10, broken)
    expect(paces.map(({ pauseMs }) => pauseMs / SECOND)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300])
    expect(paces.at(-1)?.concurrency).toBe(8)
  })

  it('grows back slowly, and not beyond what is allowed', () => {
    const slow = askedToSlowDown(askedToSlowDown(fullPace(8)))
    const paces = after(30, (pace) => wentWell(pace, 10, 8), slow)
    expect(paces[0]).toMatchObject({ concurrency: 2, pauseMs: 0 })
    expect(paces[4]).toMatchObject({ concurrency: 3 })
    expect(paces[9]).toMatchObject({ concurrency: 4 })
    expect(paces.at(-1)).toMatchObject({ concurrency: 8 })
  })

  it('does not shorten a long pause because the storage now only asks for fewer requests', () => {
    expect(askedToSlowDown({ concurrency: 8, pauseMs: 4 * MINUTE, wentWell: 0 }).pauseMs).toBe(4 * MINUTE)
  })
})
