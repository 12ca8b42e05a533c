import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openObjects } from '../../src/world/objects'
import type { Answer, Objects } from '../../src/world/objects'
import { fakeS3 } from '../support/fake-s3'
import type { Fault, FakeS3 } from '../support/fake-s3'

const BYTES = Buffer.from([0, 255, 13, 10, 0x9f, 65])

let fake: FakeS3
let objects: Objects

beforeEach(async () => {
  fake = await fakeS3({ pageSize: 3 })
  objects = await openObjects(fake.config)
})

afterEach(async () => {
  objects.close()
  await fake.close()
})

describe('a bucket', () => {
  it('gives back the very bytes that were put', async () => {
    expect(await objects.put('a/b-1', BYTES)).toEqual({ ok: true, value: null })
    expect(await objects.get('a/b-1')).toEqual({ ok: true, value: BYTES })
  })

  it('lists what follows a key, page by page, without the key itself', async () => {
    for (const key of ['a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'a/6', 'b/1']) await objects.put(key, BYTES)
    const first = await objects.list({ prefix: 'a/', after: 'a/1', page: null })
    expect(keysOf(first)).toEqual(['a/2', 'a/3', 'a/4'])
    const next = first.ok ? first.value.next : null
    const second = await objects.list({ prefix: 'a/', after: 'a/1', page: next })
    expect(keysOf(second)).toEqual(['a/5', 'a/6'])
    expect(second).toMatchObject({ value: { next: null } })
  })

  it('lists the beginnings of keys up to a delimiter', async () => {
    for (const key of ['a/1', 'a/2', 'b/1', 'c']) await objects.put(key, BYTES)
    const page = await objects.list({ prefix: '', delimiter: '/', page: null })
    expect(page).toMatchObject({ value: { prefixes: ['a/', 'b/'], objects: [{ key: 'c' }] } })
  })

  it('removes many at once, with its yes and no in lower case and a checksum', async () => {
    for (const key of ['a/1', 'a/2', 'b/1']) await objects.put(key, BYTES)
    expect(await objects.remove(['a/1', 'a/2', 'gone/3'])).toEqual({ ok: true, value: [] })
    expect([...fake.objects.keys()]).toEqual(['b/1'])
    const asked = fake.asked.find(({ operation }) => operation === 'delete')
    expect(asked?.body.toString()).toContain('<Quiet>true</Quiet>')
    expect(asked?.body.toString()).not.toMatch(/True|False/)
    expect(asked?.headers['content-md5']).toBeDefined()
  })

  it('names the objects that could not be removed', async () => {
    await objects.put('a/1', BYTES)
    fake.faults = () => ({ kind: 'keys', keys: ['a/1'] })
    expect(await objects.remove(['a/1', 'a/2'])).toEqual({
      ok: true,
      value: [{ key: 'a/1', reason: 'InternalError Oops' }],
    })
  })

  it('is looked for with HEAD, and made when it is missing', async () => {
    expect(await objects.probe()).toEqual({ ok: true, value: 'found' })
    fake.faults = ({ operation }) =>
      operation === 'head' ? { kind: 'error', status: 404, code: 'NoSuchBucket' } : null
    expect(await objects.probe()).toEqual({ ok: true, value: 'made' })
  })

  it('is asked for its region once when nobody said it', async () => {
    const asking = await openObjects({ ...fake.config, region: null })
    await asking.put('a/1', BYTES)
    await asking.put('a/2', BYTES)
    asking.close()
    expect(fake.asked.map(({ operation }) => operation)).toEqual(['location', 'put', 'put'])
    expect(fake.asked[1]?.headers.authorization).toContain('/eu-test-1/s3/')
  })
})

describe('a bucket in trouble', () => {
  it.each<[string, Fault, object]>([
    ['no such key', { kind: 'error', status: 404, code: 'NoSuchKey' }, { kind: 'absent' }],
    ['no such bucket', { kind: 'error', status: 404, code: 'NoSuchBucket' }, { kind: 'refused' }],
    ['a wrong key', { kind: 'error', status: 403, code: 'SignatureDoesNotMatch' }, { kind: 'refused' }],
    [
      'an internal error',
      { kind: 'error', status: 500, code: 'InternalError' },
      { kind: 'internal', reason: 'InternalError (500) InternalError, says the fake' },
    ],
    ['"reduce your request rate"', { kind: 'error', status: 503, code: 'SlowDown' }, { kind: 'busy' }],
    ['"service unavailable"', { kind: 'error', status: 503, code: 'ServiceUnavailable' }, { kind: 'busy' }],
    [
      'an internal error with 503',
      { kind: 'error', status: 503, code: 'InternalError' },
      { kind: 'internal' },
    ],
    ['too many requests', { kind: 'page', status: 429 }, { kind: 'busy' }],
    ['a page of a proxy', { kind: 'page', status: 502 }, { kind: 'unreachable' }],
    ['a page instead of an object', { kind: 'page', status: 400 }, { kind: 'refused' }],
    ['a connection that breaks', { kind: 'hang up' }, { kind: 'unreachable' }],
  ])('tells %s', async (_, fault, expected) => {
    fake.faults = () => fault
    expect(await objects.get('a/1')).toMatchObject({ ok: false, failure: expected })
    // Whether to ask again is not decided here.
    expect(fake.asked).toHaveLength(1)
  })

  it('tells of an error that comes with the status of a success', async () => {
    fake.faults = () => ({ kind: 'error', status: 200, code: 'InternalError' })
    expect(await objects.list({ prefix: '', page: null })).toMatchObject({ failure: { kind: 'internal' } })
  })

  it('ends each operation in time, whatever stalls', async () => {
    fake.faults = () => ({ kind: 'stall' })
    const all = [
      objects.put('a/1', BYTES, 50),
      objects.get('a/1', 50),
      objects.get('a/2', 50),
      objects.get('a/3', 50),
    ]
    for (const answer of await Promise.all(all)) {
      expect(answer).toEqual({ ok: false, failure: { kind: 'timed out', reason: 'No answer within 50 ms' } })
    }
  })

  it('waits as long as it was told for slow answers', async () => {
    await objects.put('a/1', BYTES)
    fake.faults = () => ({ kind: 'slow', ms: 100 })
    expect(await objects.get('a/1')).toMatchObject({ ok: true })
  })

  it('tells when nobody is there', async () => {
    await fake.close()
    expect(await objects.put('a/1', BYTES)).toMatchObject({ failure: { kind: 'unreachable' } })
  })

  it('lets go of everything when it is closed', async () => {
    fake.faults = () => ({ kind: 'stall' })
    const answer = objects.get('a/1')
    objects.close()
    expect(await answer).toMatchObject({ failure: { kind: 'closed' } })
  })
})

function keysOf(answer: Answer<{ objects: { key: string }[] }>): string[] {
  return answer.ok ? answer.value.objects.map(({ key }) => key) : []
}
