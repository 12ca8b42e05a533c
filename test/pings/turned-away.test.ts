import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { flipTo } from '../../src/core/check'
import type { Check, Status } from '../../src/core/check'
import { MINUTE, SECOND } from '../../src/core/time'
import { rateLimit } from '../../src/pings/rate-limit'
import type { ReceiveOptions } from '../../src/pings/receive'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { aBeginning, aNewCheck, NOON } from '../support/build'
import { freshSqlite } from '../support/databases'
import { pingDoor } from '../support/ping-door'
import type { PingDoor } from '../support/ping-door'

const KEY = 'abcdefghijklmnopqrstuv'
type Said = [number, string]

const OK: Said = [200, 'OK']
const TOO_MANY: Said = [429, 'rate limit exceeded']

let store: Store
let door: PingDoor
let check: Check
let projectId: number
let nowAt: number

beforeEach(async () => {
  nowAt = NOON
  store = await openStore(freshSqlite(), { newCode: randomUUID })
  const begun = (await store.users.addFirst(aBeginning()))!
  projectId = begun.project.id
  check = begun.check
  await store.projects.setPingKey(projectId, KEY)
})
afterEach(async () => {
  door.close()
  await store.close()
})

const clock = () => nowAt
const serve = async (options: Partial<ReceiveOptions>) => {
  door = await pingDoor(store, { clock, ...options })
}
const count = async () => (await store.checks.findByCode(check.code))!.pingCount
const become = (status: Status) => store.checks.change(check.id, (each) => flipTo(each, status, NOON))

// spec/ping-api.md [P45]
describe('a ping from a country that is refused', () => {
  beforeEach(() => serve({ countries: { isBlocked: (address) => address === '203.0.113.7' } }))
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

  it.each([
    () => check.code,
    () => `${check.code}/256?rid=x`,
    () => `${KEY}/my-first-check`,
    () => `${KEY}/new?create=1`,
    () => `${KEY}/Capitals`,
    () => randomUUID(),
  ])('is forbidden, whatever it is for (%#)', async (path) => {
    const response = await door.ping(path(), from('203.0.113.7'))
    expect([response.status, await response.text()]).toEqual([403, 'forbidden'])
    expect(response.headers.get('ping-body-limit')).toBeNull()
    expect(await count()).toBe(0)
    expect(await store.checks.ofProject(projectId)).toHaveLength(1)
  })

  it('from elsewhere is taken', async () => {
    expect(await door.said(check.code, from('203.0.113.8'))).toEqual(OK)
  })
})

// spec/ping-api.md [P43]
describe('pings beyond the limit of a check', () => {
  const limited = (perMinute: number) => serve({ limit: rateLimit({ perMinute, ...store, clock }) })

  it('are told when to come back, and not kept', async () => {
    await limited(3)
    for (let i = 0; i < 3; i++) expect(await door.said(check.code)).toEqual(OK)
    const response = await door.ping(check.code, { method: 'POST', body: 'x' })
    expect([response.status, await response.text()]).toEqual(TOO_MANY)
    expect(response.headers.get('retry-after')).toBe('20')
    expect(await count()).toBe(3)
    nowAt += 20 * SECOND
    expect(await door.said(check.code)).toEqual(OK)
    expect(await door.said(check.code)).toEqual(TOO_MANY)
    nowAt += 10 * MINUTE
    for (let i = 0; i < 3; i++) expect(await door.said(check.code)).toEqual(OK)
    expect(await door.said(check.code)).toEqual(TOO_MANY)
  })

  it('are counted for each check by itself, and for both of its addresses together', async () => {
    const other = await store.checks.add(aNewCheck(projectId))
    await limited(2)
    expect(await door.said(check.code)).toEqual(OK)
    expect(await door.said(`${KEY}/my-first-check`)).toEqual(OK)
    expect(await door.said(check.code)).toEqual(TOO_MANY)
    expect(await door.said(`${KEY}/my-first-check`)).toEqual(TOO_MANY)
    expect(await door.said(other.code)).toEqual(OK)
  })

  it.each<[Status, string, Said]>([
    ['up', '', TOO_MANY],
    ['up', '/fail', OK],
    ['up', '/3', OK],
    ['up', '/log', TOO_MANY],
    ['down', '', OK],
    ['down', '/0', OK],
    ['down', '/fail', TOO_MANY],
    ['down', '/start', TOO_MANY],
    ['paused', '', OK],
    ['paused', '/fail', OK],
  ])('pass if they change its status: %s and then "%s"', async (status, rest, said) => {
    await limited(1)
    await door.said(check.code)
    await become(status)
    expect(await door.said(`${check.code}${rest}`)).toEqual(said)
  })

  it('are judged by their body where that decides', async () => {
    const filters = { ...check.filters, httpBody: true, failWords: 'ERROR', successWords: 'fine' }
    check = await store.checks.add(aNewCheck(projectId, { filters }))
    await limited(1)
    const post = (body: string) => door.said(check.code, { method: 'POST', body })
    expect(await post('fine')).toEqual(OK)
    expect(await post('fine')).toEqual(TOO_MANY)
    expect(await post('an ERROR')).toEqual(OK)
    expect(await post('an ERROR')).toEqual(TOO_MANY)
    expect(await post('fine')).toEqual(OK)
  })

  it('are told so before what is wrong with their address, but after what they are for', async () => {
    await store.checks.add(aNewCheck(projectId, { slug: 'twice' }))
    await store.checks.add(aNewCheck(projectId, { slug: 'twice' }))
    await limited(1)
    await door.said(check.code)
    expect(await door.said(`${check.code}/256`)).toEqual(TOO_MANY)
    expect(await door.said(`${KEY}/twice`)).toEqual([409, 'ambiguous slug'])
    const unknown = randomUUID()
    for (let i = 0; i < 2; i++) expect(await door.said(unknown)).toEqual([404, 'not found'])
    expect(await door.said(`${KEY}/new?create=1`)).toEqual([201, 'Created'])
  })
})
