import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import { aBeginning, aNewCheck } from '../support/build'
import { freshSqlite } from '../support/databases'
import { pingDoor } from '../support/ping-door'
import type { PingDoor } from '../support/ping-door'

const KEY = 'Abc-efghijklm_opqrstuv'
const RUN = 'aaaaaaaa-0000-4000-8000-00000000000b'

let store: Store
let door: PingDoor
let check: Check
let projectId: number

beforeEach(async () => {
  store = await openStore(freshSqlite(), { newCode: randomUUID })
  const begun = (await store.users.addFirst(aBeginning()))!
  check = begun.check
  projectId = begun.project.id
  await store.projects.setPingKey(projectId, KEY)
  door = await pingDoor(store)
})
afterEach(async () => {
  door.close()
  await store.close()
})

const add = (slug: string) => store.checks.add(aNewCheck(projectId, { slug }))
const lastOf = async ({ id }: Check) => (await store.pings.latest(id, { afterN: 0, limit: 1 }))[0] ?? null
const all = () => store.checks.ofProject(projectId)
const codeOf = (slug: string) => async () => (await all()).find((each) => each.slug === slug)
const ok = [200, 'OK']

// spec/ping-api.md §1.2
describe('an address that surprises', () => {
  it.each<[string, () => string, [number, string]]>([
    ['the code in capitals', () => check.code.toUpperCase(), [404, 'not found']],
    ['the code in capitals and more', () => `${check.code.toUpperCase()}/start`, [404, 'not found']],
    ['the code without dashes', () => `${check.code.replaceAll('-', '')}/fail`, [404, 'not found']],
    ...['foo', 'success', '-1', '1e2', '0x1', '1a'].map((word): [string, () => string, [number, string]] => [
      `the code and ${word}`,
      () => `${check.code}/${word}`,
      [404, 'not found'],
    ]),
    ['FAIL', () => `${check.code}/FAIL`, [400, 'invalid url format']],
    ['Start', () => `${check.code}/Start`, [400, 'invalid url format']],
    ...['%2B1', '1.5', '1%20', 'fail/', '1/', '/', '%D9%A3', '%EF%BC%91'].map(
      (rest): [string, () => string, [number, string]] => [
        `the code and ${rest}`,
        () => `${check.code}/${rest}`,
        [404, 'not found'],
      ],
    ),
    ['a code as ping key', () => `${check.code}/fail/1`, [404, 'not found']],
    ['a slug with a dot', () => `${KEY}/j.b`, [404, 'not found']],
    ['a slug with a line feed', () => `${KEY}/job%0A`, [404, 'not found']],
    ['a slash in disguise', () => `${KEY}/my-first%2Fcheck`, [404, 'not found']],
    ['a slug with a final slash', () => `${KEY}/my-first-check/`, [404, 'not found']],
    ['a key alone', () => KEY, [404, 'not found']],
    ['an empty slug', () => `${KEY}//start`, [404, 'not found']],
    ['a key in another case', () => `${KEY.toLowerCase()}/my-first-check`, [404, 'not found']],
  ])('%s is refused', async (_, path, said) => {
    await add('')
    expect(await door.said(path())).toEqual(said)
    expect((await all()).map(({ pingCount }) => pingCount)).toEqual([0, 0])
  })

  it.each<[string, () => string, object]>([
    ['leading zeros', () => `${check.code}/007`, { kind: 'fail', exitStatus: 7 }],
    ['a digit in disguise', () => `${check.code}/%31`, { kind: 'fail', exitStatus: 1 }],
    ['a slug', () => `${KEY}/my-first-check`, { kind: 'success', exitStatus: null }],
    ['a slug with a dash in disguise', () => `${KEY}/my%2Dfirst-check`, { kind: 'success' }],
    ['a slug and start', () => `${KEY}/my-first-check/start`, { kind: 'start' }],
    ['a slug and fail', () => `${KEY}/my-first-check/fail`, { kind: 'fail' }],
    ['a slug and log', () => `${KEY}/my-first-check/log`, { kind: 'log' }],
    ['a slug and an exit status', () => `${KEY}/my-first-check/123`, { kind: 'fail', exitStatus: 123 }],
    ['a slug and a run id', () => `${KEY}/my-first-check?rid=${RUN}`, { runId: RUN }],
  ])('%s is taken', async (_, path, kept) => {
    expect(await door.said(path())).toEqual(ok)
    expect(await lastOf(check)).toMatchObject(kept)
  })

  it.each(['fail', 'start', '0', '1_2'])('a slug may be %s', async (slug) => {
    const odd = await add(slug)
    expect(await door.said(`${KEY}/${slug}`)).toEqual(ok)
    expect(await lastOf(odd)).toMatchObject({ kind: 'success', exitStatus: null })
  })
})

// spec/ping-api.md §3
describe('what is wrong first is said', () => {
  it.each([
    [`unknown/Job/256?rid=x&create=1`, 400, 'invalid url format'],
    [`${KEY}/twice/256?rid=x&create=1`, 409, 'ambiguous slug'],
    [`${KEY}/none/256?rid=x`, 404, 'not found'],
    [`unknown/none/256?rid=x&create=1`, 404, 'not found'],
    [`${KEY}/my-first-check/256?rid=x`, 400, 'invalid url format'],
    [`${KEY}/my-first-check/255?rid=x`, 400, 'invalid uuid format'],
    [`${KEY}/my-first-check?rid=`, 400, 'invalid uuid format'],
    [`${KEY}/${'x'.repeat(101)}?create=1&rid=x`, 400, 'invalid url format'],
  ])('%s', async (path, status, text) => {
    await add('twice')
    await add('twice')
    const before = (await all()).length
    const response = await door.ping(path)
    expect([response.status, await response.text()]).toEqual([status, text])
    expect(response.headers.get('cache-control')).toContain('no-store')
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(response.headers.get('ping-body-limit')).toBeNull()
    const now = await all()
    expect([now.length, ...now.map(({ pingCount }) => pingCount)]).toEqual([before, 0, 0, 0])
  })
})

// spec/ping-api.md [P8], [P9]
describe('a check that is not there yet', () => {
  it('is added when that is asked for, with the headers of every accepted ping', async () => {
    const response = await door.ping(`${KEY}/new-job/fail?create=1`, { method: 'POST', body: 'out of paper' })
    expect([response.status, await response.text()]).toEqual([201, 'Created'])
    expect(response.headers.get('ping-body-limit')).toBe('1000')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const added = (await codeOf('new-job')())!
    expect(added).toMatchObject({ name: 'new-job', status: 'down', pingCount: 1 })
    expect(await lastOf(added)).toMatchObject({ kind: 'fail', bodyBytes: 12 })
    expect(await door.said(`${KEY}/new-job?create=1`)).toEqual(ok)
  })

  it.each([
    '',
    'create=0',
    'create=01',
    'create=1%20',
    'create=true',
    'create=',
    'create=1&create=0',
    'Create=1',
  ])('is not added for "%s"', async (query) => {
    expect(await door.said(`${KEY}/new-job?${query}`)).toEqual([404, 'not found'])
    expect(await all()).toHaveLength(1)
  })

  it('is added when the last of several words says so', async () => {
    expect(await door.said(`${KEY}/new-job?create=0&create=1`)).toEqual([201, 'Created'])
  })

  it('stays when the ping itself is refused', async () => {
    expect(await door.said(`${KEY}/new-job/256?create=1`)).toEqual([400, 'invalid url format'])
    expect(await codeOf('new-job')()).toMatchObject({ status: 'new', pingCount: 0 })
    expect(await door.said(`${KEY}/new-job?create=1`)).toEqual(ok)
  })

  it('is added once by many who come at the same time', async () => {
    const said = await Promise.all(Array.from({ length: 20 }, () => door.said(`${KEY}/new-job?create=1`)))
    expect(said.filter(([status]) => status === 201)).toHaveLength(1)
    expect(said.filter(([status]) => status === 200)).toHaveLength(19)
    expect((await all()).filter(({ slug }) => slug === 'new-job')).toMatchObject([{ pingCount: 20 }])
  })
})
