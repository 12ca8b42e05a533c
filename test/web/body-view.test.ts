import { describe, expect, it } from 'vitest'
import { bodyView, hexDump, htmlOfBody } from '../../src/web/body-view'
import type { BodySource } from '../../src/web/body-view'

function view(body: string | Buffer, asked: BodySource['asked'] = {}, isMail = false) {
  return bodyView({
    body: Buffer.from(body),
    isMail,
    url: '/p/',
    htmlUrl: '/p/html/',
    downloadUrl: '/p/body/',
    asked,
  })
}

const textOf = (shown: ReturnType<typeof view>) =>
  (shown.lines ?? []).map((line) => line.map(({ text }) => text).join('')).join('\n')
const switchesOf = (shown: ReturnType<typeof view>) =>
  shown.switches.map(({ key, on }) => `${key} ${on ? 'on' : 'off'}`)

describe('the body of a ping', () => {
  it('is text with a switch for its lines, and bytes', () => {
    const shown = view('one\ntwo')
    expect(shown.tabs.map(({ key }) => key)).toEqual(['text', 'hex'])
    expect(textOf(shown)).toBe('one\ntwo')
    expect(switchesOf(shown)).toEqual(['wrap on', 'numbers off'])
    expect(shown.switches.map(({ url }) => url)).toEqual(['/p/?wrap=off', '/p/?numbers=on'])
    expect(view('one\ntwo', { numbers: 'on' }).lines).toHaveLength(2)
  })

  it('shows bytes that are no text as unknown characters, and in hex as they are', () => {
    const body = Buffer.from([0x61, 0xff, 0x62])
    expect(textOf(view(body))).toBe('a\uFFFDb')
    expect(view(body, { view: 'hex' }).hex).toContain('61 ff 62')
  })

  it('has colours that can be switched off', () => {
    const body = '\u001b[31mred\u001b[0m'
    expect(view(body).lines?.[0]?.[0]).toEqual({ text: 'red', classes: 'fg-red' })
    const plain = view(body, { colours: 'off' })
    expect(plain.lines).toEqual([[{ text: 'red', classes: '' }]])
    expect(switchesOf(plain)).toContain('colours off')
  })

  it('is formatted when it is JSON, unless it is wanted as it came', () => {
    expect(textOf(view('{"a":[1,2]}'))).toBe('{\n  "a": [\n    1,\n    2\n  ]\n}')
    expect(textOf(view('{"a":[1,2]}', { json: 'raw' }))).toBe('{"a":[1,2]}')
    expect(switchesOf(view('{"a":'))).toEqual(['wrap on', 'numbers off'])
  })

  it('keeps other choices when one is changed', () => {
    const { tabs, switches } = view('{"a":1}', { wrap: 'off', json: 'raw' })
    expect(tabs.find(({ key }) => key === 'hex')?.url).toBe('/p/?wrap=off&json=raw&view=hex')
    expect(switches.find(({ key }) => key === 'wrap')?.url).toBe('/p/?wrap=on&json=raw')
  })

  it('is cut on the page when it is long, and says so', () => {
    const shown = view('x'.repeat(1_000_001))
    expect(textOf(shown)).toHaveLength(1_000_000)
    expect(shown.cut).toContain('Only the first 1.0 MB are shown.')
    expect(view(Buffer.alloc(70_000), { view: 'hex' }).cut).toContain('Only the first 64 kB are shown.')
    expect(view('x').cut).toBe('')
  })

  it('offers to look at a page as HTML, but shows its text first', () => {
    const shown = view('<!DOCTYPE html><p onclick="x()">Hi<script>alert(1)</script>')
    expect(shown.tabs.map(({ key, current }) => `${key}${current ? '!' : ''}`)).toEqual([
      'text!',
      'html',
      'hex',
    ])
    expect(view('<html><p>', { view: 'html' }).frameUrl).toBe('/p/html/')
    const html = htmlOfBody(Buffer.from('<!DOCTYPE html><p onclick="x()">Hi<script>alert(1)</script>'), {
      isMail: false,
    })
    expect(html).toContain('<p>Hi')
    expect(html).not.toMatch(/script|onclick/)
    expect(htmlOfBody(Buffer.from('<b>no page</b>'), { isMail: false })).toBeNull()
  })

  it('of a mail is HTML, text, source and bytes, as far as there is each', () => {
    const mail = 'Subject: x\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>'
    const shown = view(mail, {}, true)
    expect(shown.tabs.map(({ key }) => key)).toEqual(['html', 'source', 'hex'])
    expect(shown.frameUrl).toBe('/p/html/')
    expect(textOf(view(mail, { view: 'source' }, true))).toContain('Content-Type: text/html')
  })
})

it('dumps bytes with their place and their letters', () => {
  expect(hexDump(Buffer.from('Hello, world! \u00e9\n\u0000'))).toBe(
    [
      '00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 20 c3 a9  Hello, world! ..',
      '00000010  0a 00                                             ..',
    ].join('\n'),
  )
})
