import { htmlPieces } from '../core/html'
import type { HtmlPiece } from '../core/html'

/** Longer HTML is cut: web-ui.md §16.6. */
const MOST_CHARACTERS = 2_000_000

/** What is left of a mail's mark-up: what text and tables are laid out with. */
const ELEMENTS = new Set(
  (
    'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del ' +
    'details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main ' +
    'mark nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th ' +
    'thead time tr tt u ul var'
  ).split(' '),
)

const VOID = new Set(['br', 'col', 'hr'])

const ATTRIBUTES = new Set(
  (
    'abbr align alt bgcolor border cellpadding cellspacing char class color colspan dir face height lang ' +
    'nowrap reversed rowspan size span start style summary title type valign width'
  ).split(' '),
)

/** Raw elements whose content is shown all the same, as text. */
const SHOWN = new Set(['textarea', 'xmp'])

/** Pictures that travel inside the mark-up itself, and cannot do anything. */
const INLINE_PICTURE = /^data:image\/(png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]*$/i

/**
 * The HTML of a mail, made harmless (web-ui.md §16.6): only known elements and attributes are written out
 * anew, whatever the original was. Nothing loads, nothing leads anywhere. The sandbox and the policy of
 * the frame around it would stop the rest too; this holds without them.
 */
export function harmlessHtml(html: string): string {
  const parts: string[] = []
  for (const piece of htmlPieces(html.slice(0, MOST_CHARACTERS))) parts.push(written(piece))
  return `<!doctype html><html lang=""><head><meta charset="utf-8"><title>Mail</title></head><body>${parts.join('')}</body></html>`
}

/** What the frame's answer says about itself. */
export const FRAME_POLICY = `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`

function written(piece: HtmlPiece): string {
  switch (piece.kind) {
    case 'text':
      // As it is, references included: without < it is nothing but text.
      return piece.text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    case 'raw':
      if (piece.inside === 'style') return styleSheet(piece.text)
      return SHOWN.has(piece.inside) ? escaped(piece.text) : ''
    case 'tag':
      return tag(piece)
  }
}

function tag({ name, closing, attributes }: Extract<HtmlPiece, { kind: 'tag' }>): string {
  if (name === 'img') return picture(new Map(attributes.toReversed()))
  if (!ELEMENTS.has(name)) return ''
  if (closing) return VOID.has(name) ? '' : `</${name}>`
  const kept = attributes.filter(([attribute]) => ATTRIBUTES.has(attribute))
  const target = name === 'a' ? attributes.find(([attribute]) => attribute === 'href')?.[1] : undefined
  // Where a link would lead can be read, but not followed.
  const all =
    target === undefined ? kept : [...kept.filter(([one]) => one !== 'title'), ['title', target] as const]
  return `<${name}${all.map(([attribute, value]) => ` ${attribute}="${escaped(value)}"`).join('')}>`
}

function picture(attributes: Map<string, string>): string {
  const source = attributes.get('src') ?? ''
  const alternative = attributes.get('alt') ?? ''
  if (!INLINE_PICTURE.test(source))
    return `<span>[picture${alternative === '' ? '' : `: ${escaped(alternative)}`}]</span>`
  const sizes = ['width', 'height'].map((name) =>
    attributes.has(name) ? ` ${name}="${escaped(attributes.get(name) ?? '')}"` : '',
  )
  return `<img alt="${escaped(alternative)}" src="${escaped(source)}"${sizes.join('')}>`
}

/** A style sheet cannot end itself: it has no tag in it any more. */
function styleSheet(text: string): string {
  return `<style>${text.replaceAll('<', '')}</style>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
