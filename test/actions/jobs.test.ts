import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJobs } from '../../src/actions/jobs'
import type { JobEnd, Jobs } from '../../src/actions/jobs'
import { MINUTE, SECOND } from '../../src/core/time'
import { NOON } from '../support/build'
import { recorder } from '../support/local-site'

let kept: Map<string, string>
let nowAt: number
let jobs: Jobs

const open = () =>
  openJobs({
    facts: {
      get: (name) => Promise.resolve(kept.get(name) ?? null),
      set: (name, value) => Promise.resolve(void kept.set(name, value)),
    },
    clock: () => nowAt,
    log: recorder([]),
  })

beforeEach(() => {
  kept = new Map()
  nowAt = NOON
  jobs = open()
})
afterEach(() => jobs.stop())

/** A job that ends when we say so. */
function aWork() {
  const end = Promise.withResolvers<JobEnd>()
  let say: (text: string) => void = () => undefined
  const work = (saying: (text: string) => void) => {
    say = saying
    return end.promise
  }
  return { work, end, say: (text: string) => say(text) }
}

describe('a job of an administrator', () => {
  it('goes on in the background, once at a time, and tells where it is and how it ended', async () => {
    const { work, end, say } = aWork()
    expect(await jobs.last('prune')).toBeNull()
    expect(await jobs.start('prune', 'ada@example.org', work)).toBe(true)
    expect(await jobs.start('prune', 'bob@example.org', work)).toBe(false)
    expect(await open().start('prune', 'bob@example.org', work)).toBe(false)
    nowAt += 5 * SECOND
    say('halfway')
    expect(await jobs.last('prune')).toMatchObject({
      by: 'ada@example.org',
      endedAt: null,
      text: 'halfway',
      isCutOff: false,
    })
    end.resolve({ ok: true, text: 'all gone', found: 3 })
    await jobs.stop()
    expect(await jobs.last('prune')).toMatchObject({ ok: true, text: 'all gone', found: 3, endedAt: nowAt })
    expect(await open().start('prune', 'bob@example.org', () => end.promise)).toBe(true)
  })

  it('that went with its process is cut off, and may be begun again', async () => {
    await jobs.start('sweep', 'ada@example.org', aWork().work)
    const after = open()
    expect((await after.last('sweep'))?.isCutOff).toBe(false)
    nowAt += 10 * MINUTE
    expect((await after.last('sweep'))?.isCutOff).toBe(true)
    expect(await after.start('sweep', 'ada@example.org', () => Promise.resolve({ ok: true, text: '' }))).toBe(
      true,
    )
    jobs = after
  })

  it('that fails says so', async () => {
    await jobs.start('vacuum', 'ada@example.org', () => Promise.reject(new Error('no')))
    await jobs.stop()
    expect(await jobs.last('vacuum')).toMatchObject({
      ok: false,
      text: expect.stringContaining('log') as string,
    })
  })
})
