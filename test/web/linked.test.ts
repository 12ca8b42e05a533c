import { expect, it } from 'vitest'
import { linked } from '../../src/web/linked'

const linksIn = (line: string) => linked(line).flatMap(({ url }) => (url === null ? [] : [url]))

it.each([
  ['nothing to see', []],
  ['', []],
  ['See https://wiki.example.org/nas.', ['https://wiki.example.org/nas']],
  ['(http://a.example/x?y=1#z), https://b.example', ['http://a.example/x?y=1#z', 'https://b.example']],
  ['https://a.example/x_(y)', ['https://a.example/x_(y)']],
  ['javascript:alert(1) ftp://a.example //b.example http:// "https://c.example/<b>"', ['https://c.example/']],
])('finds the addresses in %j, and nothing else', (line, urls) => {
  expect(linksIn(line)).toEqual(urls)
  expect(
    linked(line)
      .map(({ text }) => text)
      .join(''),
  ).toBe(line)
})
