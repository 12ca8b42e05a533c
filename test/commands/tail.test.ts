import { expect, it } from 'vitest'
import { Tail } from '../../src/commands/tail'

const given = (limit: number, ...chunks: string[]) => {
  const tail = new Tail(limit)
  for (const chunk of chunks) tail.add(Buffer.from(chunk))
  return tail
}

it.each([
  [10, [], undefined],
  [10, ['abc', 'def'], 'abcdef'],
  [4, ['abc', 'def'], 'cdef'],
  [3, ['abcdef'], 'def'],
  [0, ['abcdef'], undefined],
])('keeps the last %i bytes of %j', (limit, chunks, kept) => {
  expect(
    given(limit, ...chunks)
      .bytes()
      ?.toString(),
  ).toBe(kept)
})

it('keeps less when it is told to, and more from then on', () => {
  const tail = given(10, 'abcdef')
  tail.setLimit(2)
  expect(tail.bytes()?.toString()).toBe('ef')
  tail.setLimit(10)
  for (let i = 0; i < 5000; i++) tail.add(Buffer.from('x'))
  expect(tail.bytes()?.toString()).toBe('x'.repeat(10))
})
