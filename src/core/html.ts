/** A piece of HTML, in the order in which they stand. */
export type HtmlPiece =
  | { kind: 'text'; text: string }
  | { kind: 'tag'; name: string; closing: boolean; attributes: [name: string, value: string][] }
  /** What stands in an element that holds no other elements: of `script`, `style`, `textarea` … */
  | { kind: 'raw'; inside: string; text: string }

/** Elements whose content ends at their closing tag, whatever it looks like. */
const RAW = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'xmp',
])

/** Those of them whose content people see. */
const SHOWN_RAW = new Set(['textarea', 'title'])

/** Of an attribute: its name, and its value in whichever quotes. */
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g

/**
 * Takes HTML apart as far as we need it, in time that grows with its length and nothing else, whatever
 * it is. Names are lower case. Comments and declarations are left out; so is a tag that never ends.
 */
export function* htmlPieces(html: string): Generator<HtmlPiece> {
  let at = 0
  let textFrom = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    const end = markupEnd(html, open)
    if (end === null) {
      at = open + 1
      continue
    }
    if (open > textFrom) yield { kind: 'text', text: html.slice(textFrom, open) }
    at = textFrom = end
    const tag = tagOf(html.slice(open, end))
    if (tag === null) continue
    yield tag
    if (tag.closing || !RAW.has(tag.name)) continue
    const close = indexOfClosing(html, tag.name, at)
    yield { kind: 'raw', inside: tag.name, text: html.slice(at, close) }
    at = textFrom = close
  }
  if (textFrom < html.length) yield { kind: 'text', text: html.slice(textFrom) }
}

/**
 * The text of HTML as spec/ping-api.md [P54] reads it: tags go without leaving anything behind, scripts
 * and styles go with their content, white space becomes single blanks.
 */
export function textOfHtml(html: string): string {
  return [...textsOfHtml(html)].join('')
}

/** The same, piece by piece, for those who have other things to do in between. Many pieces are empty. */
export function* textsOfHtml(html: string): Generator<string> {
  let endsBlank = true
  for (const piece of htmlPieces(html)) {
    const isText = piece.kind === 'text' || (piece.kind === 'raw' && SHOWN_RAW.has(piece.inside))
    const text = isText ? decodeReferences(piece.text).replace(/\s+/g, ' ') : ''
    yield endsBlank && text.startsWith(' ') ? text.slice(1) : text
    if (text !== '') endsBlank = text.endsWith(' ')
  }
}

/** Character references such as `&amp;` and `&#x20;`, put as the characters they stand for. */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#(\d{1,8})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,30}));?/gi,
    (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      if (name !== undefined) return REFERENCES.get(name) ?? whole
      return characterOf(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal))
    },
  )
}

/** Behind the mark-up that begins here; null when it is only a character. */
function markupEnd(html: string, open: number): number | null {
  if (html.startsWith('<!--', open)) return behind(html, '-->', open + 4)
  const next = html[open + 1] ?? ''
  if (next === '!' || next === '?') return behind(html, '>', open)
  if (!/[a-z/]/i.test(next)) return null
  if (next === '/' && !/[a-z]/i.test(html[open + 2] ?? '')) return behind(html, '>', open)
  return tagEnd(html, open)
}

/** A `>` in quotes does not end a tag, if the quotes are around a value. */
function tagEnd(html: string, open: number): number {
  let quote = ''
  let isValue = false
  for (let at = open + 1; at < html.length; at++) {
    const character = html[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '>') {
      return at + 1
    } else if (isValue && (character === '"' || character === "'")) {
      quote = character
      isValue = false
    } else if (character === '=') {
      isValue = true
    } else if (!/\s/.test(character)) {
      isValue = false
    }
  }
  return html.length
}

function behind(html: string, end: string, from: number): number {
  const found = html.indexOf(end, from)
  return found === -1 ? html.length : found + end.length
}

function tagOf(markup: string): Extract<HtmlPiece, { kind: 'tag' }> | null {
  const [, slash, name] = /^<(\/?)([a-z][^\s/>]*)/i.exec(markup) ?? []
  if (name === undefined || !markup.endsWith('>')) return null
  const rest = markup.slice(name.length + 1 + (slash ?? '').length, -1)
  const attributes: [string, string][] = []
  for (const [, attribute = '', double, single, bare] of rest.matchAll(ATTRIBUTE)) {
    attributes.push([attribute.toLowerCase(), decodeReferences(double ?? single ?? bare ?? '')])
  }
  return { kind: 'tag', name: name.toLowerCase(), closing: slash === '/', attributes }
}

function indexOfClosing(html: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  closing.lastIndex = from
  return closing.exec(html)?.index ?? html.length
}

function characterOf(codePoint: number): string {
  const isNone = codePoint === 0 || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)
  return isNone ? '\ufffd' : String.fromCodePoint(codePoint)
}

/** U+00A0 to U+00FF, in order: https://www.w3.org/TR/html401/sgml/entities.html */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute ' +
  'micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring ' +
  'AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml ' +
  'times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil ' +
  'egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ' +
  'ugrave uacute ucirc uuml yacute thorn yuml'

/** The others that mails are written with. */
const OTHERS =
  'quot:" amp:& lt:< gt:> apos:\' OElig:Œ oelig:œ Scaron:Š scaron:š Yuml:Ÿ circ:ˆ tilde:˜ ensp:\u2002 ' +
  'emsp:\u2003 thinsp:\u2009 zwnj:\u200c zwj:\u200d lrm:\u200e rlm:\u200f ndash:– mdash:— lsquo:‘ rsquo:’ ' +
  'sbquo:‚ ldquo:“ rdquo:” bdquo:„ dagger:† Dagger:‡ bull:• hellip:… permil:‰ prime:′ Prime:″ lsaquo:‹ ' +
  'rsaquo:› euro:€ trade:™ larr:← uarr:↑ rarr:→ darr:↓ harr:↔ minus:− infin:∞ asymp:≈ ne:≠ le:≤ ge:≥ ' +
  'check:✓ cross:✗ AMP:& LT:< GT:> QUOT:" COPY:© REG:®'

const REFERENCES = new Map<string, string>([
  ...LATIN_1.split(' ').map((name, index): [string, string] => [name, String.fromCodePoint(0xa0 + index)]),
  // Not by white space, which some of them are.
  ...OTHERS.split(/ (?=\w+:)/).map((entry): [string, string] => {
    const colon = entry.indexOf(':')
    return [entry.slice(0, colon), entry.slice(colon + 1).replace(/ $/, '')]
  }),
])
