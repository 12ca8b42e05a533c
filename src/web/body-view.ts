import { hasAnsi, linesOf, spansOf, withoutAnsi } from '../core/ansi'
import type { Span } from '../core/ansi'
import { readMail } from '../core/mime/mail'
import type { ReadMail } from '../core/mime/mail'
import { harmlessHtml } from './mail-html'
import { size } from './show'

/** The body of a ping on its page: web-ui.md C10. Everything is chosen by the address. */

/** More is not put on a page. */
export const SHOWN_BYTES = 1_000_000

/** More lines are not numbered. */
const MOST_LINES = 20_000

const HEX_BYTES = 64 * 1024

const HEX_WIDTH = 16

/** Longer texts are not tried as JSON. */
const MOST_JSON_BYTES = 1_000_000

export type TabKey = 'html' | 'text' | 'source' | 'hex'

export interface BodyView {
  sizeText: string
  downloadUrl: string
  /** What is not shown, and how to get it; '' when all is. */
  cut: string
  tabs: { key: TabKey; label: string; url: string; current: boolean }[]
  /** `other`: what it is turned to. */
  switches: { key: BodySwitch; label: string; url: string; on: boolean; other: string }[]
  /** Where HTML is framed from; null while something else is looked at. */
  frameUrl: string | null
  /** The text, or the source: by lines if they are numbered; null while something else is looked at. */
  lines: Span[][] | null
  wraps: boolean
  isNumbered: boolean
  hex: string | null
}

export interface BodySource {
  body: Buffer
  isMail: boolean
  /** Of the page. */
  url: string
  /** Of its HTML alone. */
  htmlUrl: string
  downloadUrl: string
  /** As the address says; anything unknown is as if it were not there. */
  asked: Partial<Record<'view' | BodySwitch, string>>
  /** What its addresses say besides; absent: nothing. */
  kept?: Record<string, string>
}

/** How text is shown. What somebody chose once is remembered by a script, which finds these by their names. */
export type BodySwitch = (typeof SWITCHES)[number]

export const SWITCHES = ['wrap', 'numbers', 'colours', 'json'] as const

const LABELS: Record<TabKey, string> = { html: 'HTML', text: 'Text', source: 'Source', hex: 'Hex' }

export function bodyView(source: BodySource): BodyView {
  const { body, isMail, asked, url } = source
  const mail = isMail ? readMail(body) : null
  const keys = tabsOf(body, mail)
  // What is not a mail was sent to be read, also when it is HTML.
  const best = mail === null ? 'text' : (keys[0] ?? 'source')
  const current = keys.find((key) => key === asked.view) ?? best
  const address = (changes: BodySource['asked']): string => {
    const chosen = Object.entries({ ...source.kept, ...asked, ...changes }).filter(
      ([, value]) => value !== undefined && value !== '',
    )
    const query = new URLSearchParams(chosen).toString()
    return query === '' ? url : `${url}?${query}`
  }
  const { bytes, text } = textOf(current, body, mail)
  return {
    sizeText: size(body.length),
    downloadUrl: source.downloadUrl,
    cut: cutNote(current, body.length, bytes),
    tabs: keys.map((key) => ({
      key,
      label: LABELS[key],
      url: address({ view: key }),
      current: key === current,
    })),
    frameUrl: current === 'html' ? source.htmlUrl : null,
    hex: current === 'hex' ? hexDump(body.subarray(0, HEX_BYTES)) : null,
    ...(text === null ? NO_TEXT : textView(text, asked, address)),
  }
}

const NO_TEXT = { switches: [], lines: null, wraps: false, isNumbered: false }

function tabsOf(body: Buffer, mail: ReadMail | null): TabKey[] {
  if (mail === null) return isHtml(body) ? ['text', 'html', 'hex'] : ['text', 'hex']
  const parts = (['html', 'text'] as const).filter((key) => mail[key] !== null)
  return [...parts, 'source', 'hex']
}

/** What a browser would be sent, without the harm; null when there is none. */
export function htmlOfBody(body: Buffer, { isMail }: { isMail: boolean }): string | null {
  const html = isMail ? (readMail(body)?.html ?? null) : isHtml(body) ? body.toString('utf8') : null
  return html === null ? null : harmlessHtml(html)
}

/** Jobs do not say what their output is: only what begins as a page does, is one. */
function isHtml(body: Buffer): boolean {
  return /^\uFEFF?\s*<(?:!doctype\s+html|html)[\s>]/i.test(body.subarray(0, 200).toString('utf8'))
}

/** The text that a tab shows, and of how many bytes. */
function textOf(tab: TabKey, body: Buffer, mail: ReadMail | null): { bytes: number; text: string | null } {
  if (tab === 'html' || tab === 'hex') return { bytes: body.length, text: null }
  const whole = tab === 'text' && mail !== null ? Buffer.from(mail.text ?? '', 'utf8') : body
  return { bytes: whole.length, text: whole.subarray(0, SHOWN_BYTES).toString('utf8') }
}

function cutNote(tab: TabKey, bodyBytes: number, textBytes: number): string {
  if (tab === 'hex' && bodyBytes > HEX_BYTES)
    return 'Only the first 64 kB are shown. Download the original to see all of it.'
  if (tab !== 'html' && tab !== 'hex' && textBytes > SHOWN_BYTES) {
    return `Only the first ${size(SHOWN_BYTES)} are shown. Download the original to see all of it.`
  }
  return ''
}

type TextPart = Pick<BodyView, 'switches' | 'lines' | 'wraps' | 'isNumbered'>

function textView(
  text: string,
  asked: BodySource['asked'],
  address: (changes: BodySource['asked']) => string,
): TextPart {
  const pretty = prettyJson(text)
  const isPretty = pretty !== null && asked.json !== 'raw'
  const isColoured = hasAnsi(text) && asked.colours !== 'off'
  const shown = isPretty ? pretty : text
  const spans = isColoured && !isPretty ? spansOf(shown) : [{ text: withoutAnsi(shown), classes: '' }]
  const lines = linesOf(spans)
  const isLong = lines.length > MOST_LINES
  const wraps = asked.wrap !== 'off'
  const isNumbered = asked.numbers === 'on' && !isLong
  const turn = (
    key: BodySwitch,
    label: string,
    on: boolean,
    other: string,
  ): TextPart['switches'][number] => ({ key, label, on, other, url: address({ [key]: other }) })
  return {
    wraps,
    isNumbered,
    lines: isNumbered ? lines : [unbroken(spans)],
    switches: [
      turn('wrap', 'Wrap', wraps, wraps ? 'off' : 'on'),
      ...(isLong ? [] : [turn('numbers', 'Line numbers', isNumbered, isNumbered ? 'off' : 'on')]),
      ...(hasAnsi(text) && !isLong
        ? [turn('colours', 'Colours', isColoured, isColoured ? 'off' : 'on')]
        : []),
      ...(pretty === null ? [] : [turn('json', 'Format JSON', isPretty, isPretty ? 'raw' : 'pretty')]),
    ],
  }
}

/** In one piece, with line breaks as the browser has them. */
function unbroken(spans: readonly Span[]): Span[] {
  return spans.map(({ text, classes }) => ({ text: text.replace(/\r\n|\r/g, '\n'), classes }))
}

/** JSON with an indent; null for anything else, and for what has that form already. */
function prettyJson(text: string): string | null {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed) || trimmed.length > MOST_JSON_BYTES) return null
  try {
    const pretty = JSON.stringify(JSON.parse(trimmed), null, 2)
    return pretty.length > 4 * MOST_JSON_BYTES || pretty === trimmed ? null : pretty
  } catch {
    return null
  }
}

/** Offset, sixteen bytes, and those that are ASCII. */
export function hexDump(bytes: Buffer): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += HEX_WIDTH) {
    const row = bytes.subarray(at, at + HEX_WIDTH)
    const codes = [...row].map((byte) => byte.toString(16).padStart(2, '0'))
    const left = codes.slice(0, HEX_WIDTH / 2).join(' ')
    const right = codes.slice(HEX_WIDTH / 2).join(' ')
    const ascii = [...row]
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${ascii}`)
  }
  return lines.join('\n')
}
