import { decodeWords, inCharset } from './encodings'

/** The headers of a mail or of a part of one, by their names in lower case; the first of each counts. */
export type Headers = ReadonlyMap<string, string>

/** A header such as `text/plain; charset=utf-8`. */
export interface Structured {
  /** Lower case. */
  value: string
  /** Names in lower case. */
  parameters: ReadonlyMap<string, string>
}

export interface Mailbox {
  name: string
  address: string
}

/** Most addresses of one header. */
const MOST_ADDRESSES = 50

/**
 * Takes the headers off (RFC 5322 §2.2), and tells where the body begins: behind the first empty line,
 * or where something stands that is no header, or after so many bytes.
 */
export function readHeaders(raw: Buffer, mostBytes: number): { headers: Headers; bodyFrom: number } {
  const headers = new Map<string, string>()
  let current: { name: string; lines: string[] } | null = null
  const keep = (): void => {
    if (current === null || headers.has(current.name)) return
    headers.set(current.name, current.lines.join(' ').trim())
  }
  let at = 0
  while (at < raw.length && at < mostBytes) {
    const end = raw.indexOf(0x0a, at)
    const next = end === -1 ? raw.length : end + 1
    const text = inCharset(raw.subarray(at, Math.min(next, at + mostBytes)), 'utf-8').replace(/\r?\n$/, '')
    if (text === '') {
      at = next
      break
    }
    const begun = /^([!-9;-~]{1,200})[ \t]*:(.*)$/s.exec(text)
    if (/^[ \t]/.test(text) && current !== null) {
      current.lines.push(text.trim())
    } else if (begun !== null) {
      keep()
      current = { name: (begun[1] ?? '').toLowerCase(), lines: [(begun[2] ?? '').trim()] }
    } else if (!(at === 0 && /^>?From /.test(text))) {
      break
    }
    at = next
  }
  keep()
  return { headers, bodyFrom: at }
}

/** A header that nobody but people reads: decoded, on one line. */
export function unstructured(headers: Headers, name: string): string {
  return decodeWords(headers.get(name) ?? '').replace(/\p{Cc}/gu, ' ')
}

/** RFC 2045 §5.1, with the longer and the encoded values of RFC 2231. */
export function structured(headers: Headers, name: string): Structured {
  const [value = '', ...rest] = piecesOf(headers.get(name) ?? '', ';')
  const plain = new Map<string, string>()
  const continued = new Map<string, { text: string; isEncoded: boolean }>()
  for (const piece of rest) {
    const equals = piece.indexOf('=')
    if (equals === -1) continue
    const written = unquoted(piece.slice(equals + 1).trim())
    const [, key = '', section, star] =
      /^([^*]+)(?:\*(\d{1,3}))?(\*)?$/.exec(piece.slice(0, equals).trim().toLowerCase()) ?? []
    if (section === undefined && star === undefined) {
      if (!plain.has(key)) plain.set(key, decodeWords(written))
    } else {
      const before = continued.get(key) ?? { text: '', isEncoded: false }
      continued.set(key, { text: before.text + written, isEncoded: before.isEncoded || star !== undefined })
    }
  }
  for (const [key, { text, isEncoded }] of continued) plain.set(key, isEncoded ? percentDecoded(text) : text)
  return { value: value.trim().toLowerCase(), parameters: plain }
}

/** The addresses of a header: `Name <a@b>`, or an address alone. Groups are taken as their members. */
export function mailboxes(headers: Headers, name: string): Mailbox[] {
  return piecesOf(headers.get(name) ?? '', ',')
    .slice(0, MOST_ADDRESSES)
    .map((piece) => {
      const open = piece.lastIndexOf('<')
      const shut = piece.indexOf('>', open)
      if (open === -1 || shut === -1) return { name: '', address: onOneLine(piece) }
      const title = decodeWords(unquoted(piece.slice(0, open).trim()))
      return { name: onOneLine(title), address: onOneLine(piece.slice(open + 1, shut)) }
    })
    .filter(({ name: title, address }) => title !== '' || address !== '')
}

/** Cuts at a separator that stands in no quotes. */
function piecesOf(text: string, separator: string): string[] {
  const pieces: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '\\' && isQuoted) at++
    else if (character === '"') isQuoted = !isQuoted
    else if (character === separator && !isQuoted) {
      pieces.push(text.slice(from, at))
      from = at + 1
    }
  }
  pieces.push(text.slice(from))
  return pieces
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text
  return text.replace(/^"|"$/g, '').replace(/\\(.)/gs, '$1')
}

/** `utf-8'en'na%C3%AFve` */
function percentDecoded(text: string): string {
  const [, charset = '', rest = ''] = /^([^']*)'[^']*'(.*)$/s.exec(text) ?? [null, '', text]
  const bytes = rest.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return inCharset(Buffer.from(bytes, 'latin1'), charset)
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}
