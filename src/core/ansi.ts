/** A piece of output in one style. `classes` are names of a fixed set, separated by spaces; '' for plain. */
export interface Span {
  text: string
  classes: string
}

/**
 * What the output of a terminal looks like: colours and weights become names of classes, everything else that
 * steers a terminal (cursor, titles, links) is dropped. Other control characters become U+FFFD.
 */
export function spansOf(text: string): Span[] {
  const spans: Span[] = []
  let style: Style = PLAIN
  for (const piece of text.split(SEQUENCES)) {
    if (piece === '') continue
    if (!piece.startsWith('\u001b') && !piece.startsWith('\u009b')) {
      spans.push({ text: piece.replace(CONTROLS, '\uFFFD'), classes: classesOf(style) })
      continue
    }
    const codes = COLOURS.exec(piece)?.[1]
    if (codes !== undefined) style = styled(style, codes)
  }
  return spans
}

/** The same without colours. */
export function withoutAnsi(text: string): string {
  return spansOf(text)
    .map((span) => span.text)
    .join('')
}

export function hasAnsi(text: string): boolean {
  return text.includes('\u001b[') || text.includes('\u009b')
}

/** The lines of what is shown, each with its pieces; the last line break makes no further line. */
export function linesOf(spans: readonly Span[]): Span[][] {
  const lines: Span[][] = [[]]
  for (const { text, classes } of spans) {
    for (const [i, part] of text.split(/\r\n|\n|\r/).entries()) {
      if (i > 0) lines.push([])
      if (part !== '') lines.at(-1)?.push({ text: part, classes })
    }
  }
  if (lines.length > 1 && lines.at(-1)?.length === 0) lines.pop()
  return lines
}

/* eslint-disable no-control-regex */
/** Control sequences (CSI), strings (OSC, DCS, SOS, PM, APC) up to their end, and two-character escapes. */
const SEQUENCES =
  /((?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?)/

/** SGR: what a piece of text looks like. */
const COLOURS = /^(?:\u001b\[|\u009b)([\d;:]*)m$/

/** All but tab and line breaks; and what turns the direction of text around. */
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g
/* eslint-enable no-control-regex */

interface Style {
  fore: string
  back: string
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
}

const PLAIN: Style = { fore: '', back: '', bold: false, dim: false, italic: false, underline: false }

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

function styled(style: Style, codes: string): Style {
  const numbers = codes === '' ? [0] : codes.split(/[;:]/).map(Number)
  let now = style
  for (let i = 0; i < numbers.length; i++) {
    const code = numbers[i] ?? 0
    if (code === 38 || code === 48) {
      // A palette of 256 (one number) or any colour (three): the nearest of ours.
      const isPalette = numbers[i + 1] === 5
      const name = isPalette ? paletteName(numbers[i + 2] ?? 0) : nearest(numbers.slice(i + 2, i + 5))
      now = code === 38 ? { ...now, fore: name } : { ...now, back: name }
      i += isPalette ? 2 : 4
    } else now = withCode(now, code)
  }
  return now
}

function withCode(style: Style, code: number): Style {
  if (code === 0) return PLAIN
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underline: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 23) return { ...style, italic: false }
  if (code === 24) return { ...style, underline: false }
  if (code === 39) return { ...style, fore: '' }
  if (code === 49) return { ...style, back: '' }
  if (code >= 30 && code <= 37) return { ...style, fore: NAMES[code - 30] ?? '' }
  if (code >= 90 && code <= 97) return { ...style, fore: NAMES[code - 90] ?? '' }
  if (code >= 40 && code <= 47) return { ...style, back: NAMES[code - 40] ?? '' }
  if (code >= 100 && code <= 107) return { ...style, back: NAMES[code - 100] ?? '' }
  return style
}

function paletteName(n: number): string {
  if (n < 16) return NAMES[n % 8] ?? ''
  if (n > 231) return n > 243 ? 'white' : 'black'
  const cube = n - 16
  return nearest([Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51])
}

/** One of eight: each of red, green and blue is there or is not. */
function nearest([red = 0, green = 0, blue = 0]: number[]): string {
  const most = Math.max(red, green, blue)
  const isThere = (value: number): number => (value > 60 && value >= most * 0.6 ? 1 : 0)
  return NAMES[isThere(red) + 2 * isThere(green) + 4 * isThere(blue)] ?? ''
}

function classesOf({ fore, back, bold, dim, italic, underline }: Style): string {
  return [
    fore === '' ? '' : `fg-${fore}`,
    back === '' ? '' : `bg-${back}`,
    bold ? 'bold' : '',
    dim ? 'faint' : '',
    italic ? 'italic' : '',
    underline ? 'underline' : '',
  ]
    .filter((name) => name !== '')
    .join(' ')
}
