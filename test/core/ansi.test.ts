import { describe, expect, it } from 'vitest'
import { hasAnsi, linesOf, spansOf, withoutAnsi } from '../../src/core/ansi'

const ESC = '\u001b'

describe('the output of a terminal', () => {
  it('keeps its colours and weights, as names', () => {
    expect(spansOf(`a${ESC}[1;31mred${ESC}[39m bold${ESC}[0m plain`)).toEqual([
      { text: 'a', classes: '' },
      { text: 'red', classes: 'fg-red bold' },
      { text: ' bold', classes: 'bold' },
      { text: ' plain', classes: '' },
    ])
    expect(spansOf(`${ESC}[m${ESC}[97;44mx`)).toEqual([{ text: 'x', classes: 'fg-white bg-blue' }])
  })

  it.each([
    ['38;5;196', 'fg-red'],
    ['38;5;46', 'fg-green'],
    ['48;5;226', 'bg-yellow'],
    ['38;2;10;10;250', 'fg-blue'],
    ['38:2:200:30:220', 'fg-magenta'],
    ['38;5;3;4', 'fg-yellow underline'],
  ])('takes the nearest of its colours for %s', (codes, classes) => {
    expect(spansOf(`${ESC}[${codes}mx`)).toEqual([{ text: 'x', classes }])
  })

  it('loses whatever else steers a terminal', () => {
    const link = `${ESC}]8;;https://evil.example/${ESC}\\click${ESC}]8;;${ESC}\\`
    const title = `${ESC}]0;a title\u0007`
    expect(withoutAnsi(`${title}${ESC}[2K${ESC}[10;5H${link}${ESC}(B${ESC}c${ESC}[?25l.`)).toBe('click.')
  })

  it('shows other control characters, and what turns text around, as unknown', () => {
    expect(withoutAnsi('a\u0000b\u0008c\u202ed\te\nf')).toBe('a\uFFFDb\uFFFDc\uFFFDd\te\nf')
  })

  it('is not led astray by a sequence without an end', () => {
    const endless = `${ESC}]0;${'x'.repeat(200_000)}`
    expect(withoutAnsi(endless).length).toBeGreaterThan(190_000)
    expect(withoutAnsi(`end${ESC}[`)).toBe('end')
    expect(spansOf(`${ESC}[999999999999m${ESC}[38;5m${ESC}[38mx`)).toEqual([
      { text: 'x', classes: expect.any(String) },
    ])
  })

  it('is told from text without any', () => {
    expect(hasAnsi('plain [31m')).toBe(false)
    expect(hasAnsi(`${ESC}[31m`)).toBe(true)
  })

  it('breaks into lines, colours going on over the end of a line', () => {
    expect(linesOf(spansOf(`a${ESC}[32mb\nc${ESC}[0m\r\nd\n`))).toEqual([
      [
        { text: 'a', classes: '' },
        { text: 'b', classes: 'fg-green' },
      ],
      [{ text: 'c', classes: 'fg-green' }],
      [{ text: 'd', classes: '' }],
    ])
  })
})
