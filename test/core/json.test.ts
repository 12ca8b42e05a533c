import { describe, expect, it } from 'vitest'
import { DEEP, parseJson } from '../../src/core/json'
import type { JsonValue } from '../../src/core/json'

/** In the terms of JavaScript, numbers as their literals. */
function plain(value: JsonValue | undefined): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'object' && value !== null && 'literal' in value ? value.literal : value
}

const read = (text: string): unknown => {
  const parsed = parseJson(text)
  return parsed === null ? 'refused' : plain(parsed.value)
}

describe('JSON', () => {
  it.each([
    ['{}', {}],
    [' [ ] ', []],
    ['{"a":"b","c":[true,false,null]}', { a: 'b', c: [true, false, null] }],
    ['{"a":1,"a":2}', { a: '2' }],
    ['[60.0, -0, 1e3, NaN, -Infinity]', ['60.0', '-0', '1e3', 'NaN', '-Infinity']],
    ['"\\u00e4\\n\\"\\\\"', 'ä\n"\\'],
    ['{"__proto__":1,"":{}}', { ['__proto__']: '1', '': {} }],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    '',
    '{',
    '}',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    '[1 2]',
    '01',
    '1.',
    '+1',
    '.5',
    'nul',
    'nullnull',
    '"\\x"',
    '"\\u12"',
    '"a',
    '"a\tb"',
    '[}',
    '{]',
    '\u00a0{}',
    '\ufeff{}',
    '1'.repeat(4301),
  ])('refuses %s', (text) => {
    expect(read(text)).toBe('refused')
  })

  it('takes any depth, and keeps what somebody may look at', () => {
    const depth = 1_000_000
    expect(parseJson('['.repeat(depth) + ']'.repeat(depth))?.value).toEqual([[DEEP]])
    expect(read('['.repeat(depth))).toBe('refused')
  })
})
