import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/core/delivery'
import { SECOND } from '../../src/core/time'
import type { Store } from '../../src/store'
import { deliver } from '../../src/tasks/deliver'
import type { DeliverTask } from '../../src/tasks/deliver'
import { aBeginning, aNewChannel, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { recorder } from '../support/local-site'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('places of those who are told on $name', (database) => {
  let stores: Opener
  let store: Store
  let projectId: number
  let code: string
  let elapsedMs: number
  let tellingMs: number
  /** For how long pings could go first, before each message but the first of a channel. */
  let waits: number[]
  let asked: string[]
  /** Those who never answer, until the test is over. */
  let answers: (() => void)[]
  let task: DeliverTask

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    const { project, check, channel } = (await store.users.addFirst(aBeginning()))!
    await store.channels.remove(channel.id)
    projectId = project.id
    code = check.code
    elapsedMs = 0
    tellingMs = 0
    waits = []
    asked = []
    answers = []
    task = deliver({
      notifications: store.notifications,
      teller: {
        summarises: () => false,
        tellSummary: () => Promise.reject(new Error('There is none to tell')),
        tell({ name }) {
          asked.push(name)
          elapsedMs += tellingMs
          const delivered: Delivery = { ok: true }
          if (name.startsWith('quick')) return Promise.resolve(delivered)
          return new Promise((resolve) => answers.push(() => resolve(delivered)))
        },
      },
      withBody: (_, notice) => Promise.resolve(notice),
      workers: 8,
      deferredRetries: true,
      acknowledgeUrl: () => '',
      pingsFirst: async (mostMs) => void waits.push(mostMs),
      onFree: () => undefined,
      clock: () => NOON,
      elapsed: () => elapsedMs,
      log: recorder([]),
    })
  })
  afterEach(async () => {
    for (const answer of answers) answer()
    await task.finishUp(SECOND)
    await stores.close()
  })

  /** `tookMs`: how long it took to tell them last; null for those who were never told anything. */
  async function add(name: string, many: number, tookMs: number | null): Promise<void> {
    for (let i = 0; i < many; i++) {
      const { id } = await store.channels.add(aNewChannel(projectId, { name: `${name} ${i}` }))
      if (tookMs !== null) {
        await store.channels.noteAttempt(id, { at: NOON - 1, tookMs, error: '', disable: false })
      }
    }
  }
  const fails = () => store.checks.recordPings([{ code, ping: aPing({ signal: 'fail' }) }])
  /** Looks until there is nothing more to do, and lets those who answer answer. */
  async function look(): Promise<void> {
    for (let more = true; more;) more = await task.run()
    await expect.poll(() => asked.length).toBeGreaterThan(0)
  }
  const told = (name: string) => asked.filter((each) => each.startsWith(name)).length

  it('let pings go first between messages, for as long as a message takes and not much longer', async () => {
    await add('quick', 1, 5)
    for (const signal of ['fail', 'success', 'fail', 'success'] as const)
      await store.checks.recordPings([{ code, ping: aPing({ signal }) }])
    tellingMs = 2
    await look()
    await expect.poll(() => told('quick')).toBe(4)
    expect(waits).toEqual([2, 2, 2])

    tellingMs = 100
    for (const signal of ['fail', 'success'] as const)
      await store.checks.recordPings([{ code, ping: aPing({ signal }) }])
    await task.settled()
    await look()
    await expect.poll(() => told('quick')).toBe(6)
    expect(waits.slice(3)).toEqual([5])
  })

  it('are left by eight that stopped answering all at once, and a ninth is told', async () => {
    await add('dead', 8, 5)
    await add('quick', 1, 50)
    await fails()
    await look()
    await expect.poll(() => told('dead')).toBe(8)
    expect(told('quick')).toBe(0)
    elapsedMs += 2 * SECOND
    await look()
    await expect.poll(() => told('quick')).toBe(1)
  })

  it('are not taken from quick ones by any number of slow ones, which have some of their own', async () => {
    await add('dead', 40, 94 * SECOND)
    await add('quick', 2, 50)
    await fails()
    await look()
    await expect.poll(() => told('quick')).toBe(2)
    await expect.poll(() => told('dead')).toBe(32)
  })

  it('are not all taken by quick ones: a new one is told at once', async () => {
    await add('busy', 9, 5)
    await add('slow', 32, 30 * SECOND)
    await add('quick, but new', 1, null)
    await fails()
    await look()
    await expect.poll(() => told('quick, but new')).toBe(1)
    await expect.poll(() => told('busy')).toBe(8)
  })

  it('end somewhere, however many turn slow', { timeout: 20_000 }, async () => {
    await add('dead', 140, 5)
    await fails()
    for (let i = 0; i < 20; i++) {
      await look()
      elapsedMs += 2 * SECOND
    }
    await expect.poll(() => told('dead')).toBe(128)
  })
})
