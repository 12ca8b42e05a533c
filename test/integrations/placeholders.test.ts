import { describe, expect, it } from 'vitest'
import { asciiJson, inHeader, inUrl, substitute } from '../../src/integrations/placeholders'
import vectors from '../vectors/integrations.json'

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
})
