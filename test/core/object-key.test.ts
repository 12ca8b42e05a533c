import { describe, expect, it } from 'vitest'
import { checkCodeOf, objectKey } from '../../src/core/object-key'

const CODE = '7f2c3b5e-1d84-4d0a-9f5b-0c6f6a1f3b11'

describe('the key of a body', () => {
  it.each([
    [0, 'zj-0'],
    [1, 'zi-1'],
    [2, 'zh-2'],
    [3, 'zg-3'],
    [9, 'za-9'],
    [10, 'yij-10'],
    [49, 'yfa-49'],
    [50, 'yej-50'],
    [99, 'yaa-99'],
    [100, 'xijj-100'],
    [101, 'xiji-101'],
    [999, 'xaaa-999'],
    [1000, 'wijjj-1000'],
    [12345, 'vihgfe-12345'],
    [4294967296, 'qfhafadchad-4294967296'],
  ])('of ping %i is %s ([P57], [O39])', (n, key) => {
    expect(objectKey(CODE, n)).toBe(`${CODE}/${key}`)
  })

  it('sorts behind the keys of all later pings', () => {
    const numbers = Array.from({ length: 12_000 }, (_, i) => i + 1)
    const sorted = numbers.map((n) => objectKey(CODE, n)).toSorted()
    expect(sorted).toEqual(numbers.toReversed().map((n) => objectKey(CODE, n)))
  })
})

describe('the beginning of a key', () => {
  it('names its check', () => {
    expect(checkCodeOf(`${CODE}/`)).toBe(CODE)
  })

  it.each(['backups/', `${CODE.toUpperCase()}/`, CODE, `${CODE}/x/`, `old-${CODE}/`])(
    'is not ours when it is %s',
    (prefix) => {
      expect(checkCodeOf(prefix)).toBeNull()
    },
  )
})
