import type { RequestHandler } from 'express'
import { asset } from '../world/assets'

/** What the tab shows: spec/web-ui.md §2.6. The shapes differ, not only the colours. */
const SHAPES = {
  ok: { fill: '#1b6e4f', shape: '<circle cx="16" cy="16" r="15"/>', glyph: tick() },
  late: { fill: '#7d5200', shape: '<path d="M16 1 31.5 30H.5z"/>', glyph: bang() },
  down: { fill: '#b02318', shape: '<path d="M10 1h12l9 9v12l-9 9H10l-9-9V10z"/>', glyph: cross() },
  unknown: { fill: '#56605a', shape: '<path d="M16 0 32 16 16 32 0 16z"/>', glyph: hatch() },
} as const

export type FaviconState = keyof typeof SHAPES

export const FAVICON_STATES = Object.keys(SHAPES) as FaviconState[]

/** The last part of a favicon's address: how things are, and how many checks are down. */
export function faviconName(state: FaviconState, down: number): string {
  return `${state}-${down > 99 ? '99p' : down}.svg`
}

/** The picture that an address names, or null when it names none. */
export function favicon(name: string): string | null {
  const [, state, figure = ''] = /^(ok|late|down|unknown)-(\d{1,2}|99p)\.svg$/.exec(name) ?? []
  if (state === undefined) return null
  const { fill, shape, glyph } = SHAPES[state as FaviconState]
  const count = figure === '99p' ? '99+' : figure
  const inside = state === 'down' && figure !== '0' ? written(count) : glyph
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g fill="${fill}">${shape}</g>${inside}</svg>`
}

/** Where the picture for browsers that show no SVG is, beside one that is: 'down-3.svg' gives 'down.png'. */
export function faviconFallback(name: string): string {
  return name.replace(/-.*/, '.png')
}

/** The same as pixels, made by scripts/favicons.ts; null where an address names none. */
function pixels(name: string): Buffer | null {
  const state = FAVICON_STATES.find((each) => name === `${each}.png`)
  return state === undefined ? null : asset(`public/img/fav-${state}.png`)
}

/** Answers below `/static/fav/`. What an address shows never changes. */
export const faviconRoute: RequestHandler = (request, response, next) => {
  const name = /^\/static\/fav\/([^/]+)$/.exec(request.path)?.[1] ?? ''
  const drawing = favicon(name)
  const picture = drawing ?? pixels(name)
  if (picture === null) return next()
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  response.setHeader('Content-Type', drawing === null ? 'image/png' : 'image/svg+xml')
  response.end(picture)
}

/** Drawn as text, since a tab's picture may use the fonts of the system. */
function written(count: string): string {
  const size = count.length === 1 ? 21 : count.length === 2 ? 17 : 12.5
  const font = `font-family="system-ui,sans-serif" font-weight="700" font-size="${size}"`
  return `<text x="16" y="16" ${font} text-anchor="middle" dominant-baseline="central" fill="#fff">${count}</text>`
}

function tick(): string {
  return stroke('M9 16.5l5 5L23.5 11')
}

function bang(): string {
  return `${stroke('M16 12v8')}<circle cx="16" cy="25" r="2" fill="#fff"/>`
}

function cross(): string {
  return stroke('M11 11l10 10M21 11 11 21')
}

function hatch(): string {
  return stroke('M8 16l8-8M10 22 22 10M16 24l8-8', 2)
}

function stroke(d: string, width = 3.5): string {
  return `<path d="${d}" fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round"/>`
}
