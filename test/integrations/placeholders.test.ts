import { describe, expect, it } from 'vitest'
import { asciiJson, inHeader, inUrl, substitute, valuesOf } from '../../src/integrations/placeholders'
import vectors from '../vectors/integrations.json'
import { config, noticeOf } from './sample'

describe('placeholders', () => {
  it.each(vectors.substitution)('$template becomes $result', ({ template, values, result }) => {
    expect(substitute(template, new Map(Object.entries(values as Record<string, string>)))).toBe(result)
  })

  it.each(vectors.url_encoding)('$value fits into an address and a header', (each) => {
    expect(inUrl(each.value)).toBe(each.in_url)
    expect(inHeader(each.value)).toBe(each.in_header)
  })

  it.each(vectors.header_encoding)('$value fits into a header', ({ value, header_value }) => {
    expect(inHeader(value)).toBe(header_value)
  })

  it.each(vectors.json_placeholders)('$value becomes $json', ({ value, json }) => {
    expect(asciiJson(value)).toBe(json)
  })

  it('does not stumble over half an emoji', () => {
    expect(inUrl('\ud83d')).toBe('%EF%BF%BD')
  })

  it('say what was not told before, in words and as JSON, or nothing', () => {
    const [at, untilAt] = [Date.UTC(2026, 0, 15, 2), Date.UTC(2026, 0, 15, 2, 5)]
    const missed = {
      count: 1,
      stretches: [{ status: 'down' as const, reason: 'fail' as const, at, untilAt }],
    }
    const values = valuesOf({ ...noticeOf('up'), missed }, config)
    expect(values.get('$MISSED')).toMatch(/^Not told before: it was DOWN \(the job reported a failure\) from/)
    expect(JSON.parse(values.get('$MISSED_JSON') ?? '')).toEqual([
      { status: 'down', reason: 'fail', from: '2026-01-15T02:00:00+00:00', to: '2026-01-15T02:05:00+00:00' },
    ])
    const none = valuesOf(noticeOf('up'), config)
    expect([none.get('$MISSED'), none.get('$MISSED_JSON')]).toEqual(['', '[]'])
  })
})
