import { describe, expect, it } from 'vitest'
import { asset } from '../../src/world/assets'

/** Colour pairs of web-ui.md §14.2: text needs 4.5, graphics and borders of controls 3. */
const TEXT = [
  ['text', 'surface'],
  ['text', 'bg'],
  ['muted', 'surface'],
  ['muted', 'bg'],
  ['muted', 'sunken'],
  ['accent', 'surface'],
  ['accent', 'bg'],
  ['accent', 'sunken'],
  ['on-accent', 'accent'],
  ['up', 'up-bg'],
  ['up', 'surface'],
  ['late', 'late-bg'],
  ['late', 'surface'],
  ['down', 'down-bg'],
  ['down', 'surface'],
  ['down', 'bg'],
  ['new', 'new-bg'],
  ['paused', 'paused-bg'],
  ['paused', 'surface'],
  ['run', 'run-bg'],
  ['run', 'surface'],
  ['muted-state', 'muted-state-bg'],
] as const

const GRAPHICS = [
  ['line-strong', 'surface'],
  ['focus', 'surface'],
  ['focus', 'bg'],
] as const

const css = asset('public/css/tokens.css').toString('utf8')
const light = tokensOf(css.slice(css.indexOf(':root {')))
const dark = { ...light, ...tokensOf(css.slice(css.indexOf("[data-theme='dark']"))) }
const system = { ...light, ...tokensOf(css.slice(css.indexOf("[data-theme='system']"))) }

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s colours', (_name, tokens) => {
  it.each(TEXT)('let people read %s on %s', (ink, paper) => {
    expect(contrast(tokens[ink], tokens[paper])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(GRAPHICS)('let people see %s on %s', (ink, paper) => {
    expect(contrast(tokens[ink], tokens[paper])).toBeGreaterThanOrEqual(3)
  })
})

it('are the same in the dark, whether chosen or by the system', () => {
  expect(system).toEqual(dark)
})

it('stand in one file only', () => {
  for (const file of ['base', 'cards', 'check', 'forms', 'shell', 'status', 'table']) {
    expect(asset(`public/css/${file}.css`).toString('utf8')).not.toMatch(/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i)
  }
})

/** The first block of custom properties in a piece of CSS. */
function tokensOf(from: string): Record<string, string> {
  const block = from.slice(from.indexOf('{') + 1, from.indexOf('}'))
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** WCAG 2.2, contrast ratio. */
function contrast(ink = '', paper = ''): number {
  const [a, b] = [luminance(ink), luminance(paper)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
