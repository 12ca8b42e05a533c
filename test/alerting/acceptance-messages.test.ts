import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../src/core/channel'
import type { Check } from '../../src/core/check'
import { downtimesOf } from '../../src/core/downtimes'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { HttpAnswer } from '../../src/world/http'
import { aBeginning, aNewChannel, NOON } from '../support/build'
import { databases } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'

/** The acceptance scenarios of spec/alerting.md §17 that the whole appliance is needed for. */
describe.each(databases)('alerting on $name', { timeout: 60_000 }, (database) => {
  let site: LocalSite
  let check: Check
  let hook: Channel
  /** Paths that the webhook was called at. */
  let heard: string[]
  /** What it answers next; 200 when nothing is said. */
  let answers: number[]

  beforeEach(async () => {
    heard = []
    answers = []
    const send = ({ url }: { url: string }): Promise<HttpAnswer> => {
      heard.push(new URL(url).pathname.slice(1))
      const status = answers.shift() ?? 200
      return Promise.resolve({ ok: true, status, headers: {}, body: Buffer.alloc(0) })
    }
    site = await localSite(
      {},
      { database: await database.fresh() },
      { http: { send, close: () => Promise.resolve() }, wait: () => Promise.resolve() },
    )
    const begun = (await store().users.addFirst(aBeginning()))!
    check = begun.check
    await store().channels.remove(begun.channel.id)
    const url = 'http://127.0.0.1:1/$STATUS'
    hook = await store().channels.add(
      aNewChannel(begun.project.id, { value: JSON.stringify({ url_down: url, url_up: url }) }),
    )
  })
  afterEach(() => site.close())

  const store = () => site.appliance.app.store
  const actions = () => site.appliance.app.actions.checks
  const now = async () => (await store().checks.findByCode(check.code))!
  const turn = () => site.appliance.turn()
  const pass = async (ms: number) => {
    site.pass(ms)
    await turn()
  }
  const ping = async (rest = '') => {
    expect((await fetch(`${site.url}/ping/${check.code}${rest}`)).status).toBe(200)
  }
  const flips = async () =>
    (await store().flips.latest(check.id, { sinceAt: 0, limit: 50 }))
      .toReversed()
      .map(({ from, to, reason, at }) => [`${from} ${to}`, reason, (at - NOON) / MINUTE])

  it('1: dates a missed deadline to the deadline, and tells it once', async () => {
    await ping()
    await pass(DAY + 30 * MINUTE)
    expect(await flips()).toHaveLength(1)
    await pass(30 * MINUTE + SECOND)
    await turn()
    expect((await flips()).at(-1)).toEqual(['up down', 'timeout', (DAY + HOUR) / MINUTE])
    expect(await now()).toMatchObject({ status: 'down', alertAfterAt: null })
    expect(heard).toEqual(['down'])
  })

  it('5: tells a failure once, and down, up, down in that order', async () => {
    for (let i = 0; i < 3; i++) await ping('/fail')
    await turn()
    expect(heard).toEqual(['down'])
    await ping()
    await ping('/1')
    await turn()
    expect(heard).toEqual(['down', 'up', 'down'])
  })

  it('6: tells nobody that a new or paused check is up, but that it failed', async () => {
    await ping()
    await actions().pause(await now())
    await ping()
    await turn()
    expect(heard).toEqual([])
    expect((await flips()).map(([what]) => what)).toEqual(['new up', 'up paused', 'paused up'])
    await actions().pause(await now())
    await ping('/fail')
    await turn()
    expect(heard).toEqual(['down'])
  })

  it('8: tells that a run of a paused check takes too long', async () => {
    await ping()
    await actions().pause(await now())
    await ping('/start')
    await pass(HOUR)
    expect((await flips()).at(-1)).toEqual(['paused down', 'timeout', 60])
    expect(heard).toEqual(['down'])
  })

  it('9: tells no second time when a run that began while it was down takes too long', async () => {
    await ping('/fail')
    site.pass(10 * MINUTE)
    await ping('/start')
    await pass(2 * HOUR)
    expect(heard).toEqual(['down'])
    await ping()
    await turn()
    expect(heard).toEqual(['down', 'up'])
    expect(await now()).toMatchObject({ status: 'up', lastDurationMs: 2 * HOUR })
    expect(
      downtimesOf(await now(), await store().flips.latest(check.id, { sinceAt: 0, limit: 9 })),
    ).toMatchObject([{ fromAt: NOON, untilAt: NOON + 2 * HOUR + 10 * MINUTE }])
  })

  it('12: delivers once to a service that is back after ten minutes', async () => {
    answers = Array.from({ length: 9 }, () => 503)
    await ping('/fail')
    await turn()
    expect(heard).toHaveLength(3)
    expect(await store().channels.find(hook.code)).toMatchObject({ lastError: 'Received status code 503' })
    for (let minute = 0; minute < 60; minute++) await pass(MINUTE)
    expect(heard).toHaveLength(10)
    expect(await store().channels.find(hook.code)).toMatchObject({ lastError: '', disabled: false })
  })

  it('14: keeps a webhook that answers 404', async () => {
    answers = [404, 404, 404]
    await ping('/fail')
    await turn()
    await ping()
    await turn()
    expect(heard.at(-1)).toBe('up')
    expect(await store().channels.find(hook.code)).toMatchObject({ disabled: false, lastError: '' })
  })

  it('16: tells an up instead of the down that could not be told, which is not tried again', async () => {
    answers = [503, 503, 503]
    await ping('/fail')
    await turn()
    await ping()
    await turn()
    expect(heard).toEqual(['down', 'down', 'down', 'up'])
    await pass(DAY)
    expect(heard).toHaveLength(4)
  })

  it('22: says nothing of a schedule that a person saved too short, and tells the same by the API', async () => {
    await ping()
    site.pass(3 * HOUR)
    const hourly = { kind: 'period', periodMs: HOUR } as const
    await actions().reschedule(await now(), hourly, HOUR)
    await turn()
    expect(await now()).toMatchObject({ status: 'down', alertAfterAt: null })
    expect(heard).toEqual([])

    await actions().reschedule(await now(), { kind: 'period', periodMs: DAY }, HOUR)
    await ping()
    await turn()
    site.pass(3 * HOUR)
    await actions().edit(await now(), { timeout: 3600 }, { derivesSlug: false })
    expect(await now()).toMatchObject({ status: 'up' })
    await turn()
    expect(await now()).toMatchObject({ status: 'down' })
    expect(heard).toEqual(['up', 'down'])
  })

  it('26: tells nothing of a check that is removed while its message waits', async () => {
    answers = [503, 503, 503]
    await ping('/fail')
    await turn()
    await ping()
    await store().checks.remove(check.id)
    await pass(DAY)
    expect(heard).toEqual(['down', 'down', 'down'])
    expect(site.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('27: leaves just these changes of status, which add up to the time that it was down', async () => {
    await ping()
    site.pass(HOUR)
    await ping('/fail')
    site.pass(HOUR)
    await ping()
    site.pass(HOUR)
    await actions().pause(await now())
    await actions().pause(await now())
    site.pass(HOUR)
    await actions().resume(await now())
    expect(await actions().resume(await now())).toMatchObject({ ok: false })
    site.pass(HOUR)
    await ping()
    site.pass(30 * HOUR)
    await turn()
    site.pass(5 * HOUR)
    await ping()
    expect(await flips()).toEqual([
      ['new up', '', 0],
      ['up down', 'fail', 60],
      ['down up', '', 120],
      ['up paused', '', 180],
      ['paused new', '', 240],
      ['new up', '', 300],
      ['up down', 'timeout', 30 * 60],
      ['down up', '', 40 * 60],
    ])
    const kept = await store().flips.latest(check.id, { sinceAt: 0, limit: 50 })
    const lengths = downtimesOf(await now(), kept).map(({ fromAt, untilAt }) => (untilAt ?? NaN) - fromAt)
    expect(lengths.reduce((sum, ms) => sum + ms, 0)).toBe(11 * HOUR)
    await turn()
    expect(heard).toEqual(['down', 'up', 'down', 'up'])
  })
})
