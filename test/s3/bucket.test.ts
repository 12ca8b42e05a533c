import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ObjectsConfig } from '../../src/config'
import { objectKey } from '../../src/core/object-key'
import { openObjects } from '../../src/world/objects'
import type { Objects } from '../../src/world/objects'
import { removeObjects } from '../../src/world/remove-objects'
import { realS3 } from './real-s3'

let config: ObjectsConfig
let objects: Objects
let code: string

beforeEach(async () => {
  config = realS3()
  objects = await openObjects(config)
  code = randomUUID()
  expect(await objects.probe()).toEqual({ ok: true, value: 'made' })
})
afterEach(() => objects.close())

async function fill(numbers: number[]): Promise<void> {
  const waiting = [...numbers]
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
        expect(await objects.put(objectKey(code, n), Buffer.from(`body ${n}`))).toMatchObject({ ok: true })
      }
    }),
  )
}

async function everyKey(): Promise<string[]> {
  const keys: string[] = []
  for (let page: string | null = null; ;) {
    const listed = await objects.list({ prefix: `${code}/`, page })
    if (!listed.ok) throw new Error(listed.failure.reason)
    keys.push(...listed.value.objects.map(({ key }) => key))
    page = listed.value.next
    if (page === null) return keys
  }
}

const countUpTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('a real bucket', () => {
  it('is made once, and found after that', async () => {
    expect(await objects.probe()).toEqual({ ok: true, value: 'found' })
  })

  it('gives back every byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256))
    await objects.put(objectKey(code, 1), bytes)
    expect(await objects.get(objectKey(code, 1))).toEqual({ ok: true, value: bytes })
    await objects.put(objectKey(code, 1), Buffer.from('again'))
    expect(await objects.get(objectKey(code, 1))).toEqual({ ok: true, value: Buffer.from('again') })
  })

  it('does not have what nobody put there', async () => {
    expect(await objects.get(objectKey(code, 1))).toMatchObject({ failure: { kind: 'absent' } })
  })

  it('lists backwards by number, and after a key without it', async () => {
    await fill([8, 9, 10, 49, 50, 51, 99, 100, 101])
    expect(await everyKey()).toEqual([101, 100, 99, 51, 50, 49, 10, 9, 8].map((n) => objectKey(code, n)))
    const after = await objects.list({ prefix: `${code}/`, after: objectKey(code, 50), page: null })
    expect(after.ok && after.value.objects.map(({ key }) => key)).toEqual(
      [49, 10, 9, 8].map((n) => objectKey(code, n)),
    )
  })

  it('loses exactly the objects up to a number, more than one page of them', async () => {
    await fill(countUpTo(1, 1200))
    const removal = await removeObjects(objects, { prefix: `${code}/`, after: objectKey(code, 1101) })
    expect(removal).toEqual({ removed: 1100, refused: [], failure: null })
    expect(await everyKey()).toEqual(
      countUpTo(1101, 1200)
        .toReversed()
        .map((n) => objectKey(code, n)),
    )
  })

  it('lists the checks in it, page by page, with the age of their bodies', async () => {
    await fill([1, 2])
    const listed = await objects.list({ prefix: '', delimiter: '/', page: null })
    expect(listed).toMatchObject({ ok: true, value: { prefixes: [`${code}/`], objects: [] } })
    const below = await objects.list({ prefix: `${code}/`, page: null })
    const ages = below.ok ? below.value.objects.map(({ modifiedAt }) => Date.now() - modifiedAt) : []
    expect(ages).toHaveLength(2)
    for (const age of ages) expect(Math.abs(age)).toBeLessThan(60_000)
  })
})

describe('a real storage', () => {
  it('refuses a wrong secret, which is told', async () => {
    const stranger = await openObjects({ ...config, secretKey: 'guessed' })
    expect(await stranger.get(objectKey(code, 1))).toMatchObject({ failure: { kind: 'refused' } })
    expect(await stranger.put(objectKey(code, 1), Buffer.from('x'))).toMatchObject({
      failure: { kind: 'refused', reason: expect.stringContaining('SignatureDoesNotMatch') },
    })
    expect(await stranger.probe()).toMatchObject({ failure: { kind: 'refused' } })
    stranger.close()
  })

  it('does not know a bucket that nobody made', async () => {
    const elsewhere = await openObjects({ ...config, bucket: `none-${randomUUID()}` })
    expect(await elsewhere.put(objectKey(code, 1), Buffer.from('x'))).toMatchObject({
      failure: { kind: 'refused', reason: expect.stringContaining('NoSuchBucket') },
    })
    elsewhere.close()
  })

  it('is asked for its region when nobody said it', async () => {
    const asking = await openObjects({ ...config, region: null })
    expect(await asking.put(objectKey(code, 1), Buffer.from('x'))).toMatchObject({ ok: true })
    asking.close()
  })
})
