import type { ShownStatus } from './check'
import { textWidth } from './text-width'

/** What a badge can say: spec/management-api.md [M50]. */
export type BadgeState = 'up' | 'late' | 'down'

/** How many checks a badge speaks for, and how many of them are not well. */
export interface Tally {
  total: number
  grace: number
  down: number
}

/** New, paused and running checks count as up: spec/alerting.md §13. */
export function tallyOf(statuses: readonly ShownStatus[]): Tally {
  return {
    total: statuses.length,
    grace: statuses.filter((status) => status === 'late').length,
    down: statuses.filter((status) => status === 'down').length,
  }
}

/** A badge of two states has no `late`: who is late is still up. */
export function badgeState({ grace, down }: Tally, { showsLate }: { showsLate: boolean }): BadgeState {
  if (down > 0) return 'down'
  return grace > 0 && showsLate ? 'late' : 'up'
}

/** https://shields.io/badges/endpoint-badge */
export function shieldsBadge(label: string, state: BadgeState) {
  return { schemaVersion: 1, label, message: state, color: SHIELDS_COLOR[state] }
}

const SHIELDS_COLOR: Record<BadgeState, string> = { up: 'success', late: 'important', down: 'critical' }

const FILL: Record<BadgeState, string> = { up: '#4c1', late: '#fe7d37', down: '#e05d44' }

const HEIGHT = 20
const FONT = 'Verdana,Geneva,DejaVu Sans,sans-serif'

/** On each side of a text. */
const MARGIN = 5

/** The badge as a picture: [M52]. It needs no font and no address of anybody else. */
export function svgBadge(label: string, state: BadgeState): string {
  const text = inXml(label)
  const left = textWidth(label) + 2 * MARGIN
  const right = textWidth(state) + 2 * MARGIN
  const width = left + right
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${text}: ${state}">`,
    `<title>${text}: ${state}</title>`,
    '<linearGradient id="g" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient>',
    `<clipPath id="c"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
    '<g clip-path="url(#c)">',
    `<rect width="${left}" height="${HEIGHT}" fill="#555"/>`,
    `<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${FILL[state]}"/>`,
    `<rect width="${width}" height="${HEIGHT}" fill="url(#g)"/>`,
    '</g>',
    `<g fill="#fff" text-anchor="middle" font-family="${FONT}" font-size="11">`,
    ...shadowed(text, left / 2, fitted(label)),
    ...shadowed(state, left + right / 2, ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** The text with its shadow a pixel below. */
function shadowed(text: string, x: number, attributes: string): string[] {
  return [
    `<text x="${x}" y="15" fill="#010101" fill-opacity=".3" aria-hidden="true"${attributes}>${text}</text>`,
    `<text x="${x}" y="14"${attributes}>${text}</text>`,
  ]
}

/**
 * Beyond ASCII widths are estimates, and over a long text small differences between fonts add up: there the
 * text is told to fill just the room that it has.
 */
function fitted(label: string): string {
  const isSure = /^[ -~]{0,15}$/.test(label)
  return isSure ? '' : ` textLength="${textWidth(label)}" lengthAdjust="spacingAndGlyphs"`
}

/** What XML 1.0 has no place for: one such character and nothing would be shown at all. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function inXml(text: string): string {
  return text.replace(NO_XML, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
