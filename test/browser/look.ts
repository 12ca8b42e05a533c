import { readFileSync } from 'node:fs'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

declare const window: {
  innerWidth: number
  axe?: { run(within: string, options: RunOptions): Promise<AxeResults> }
}
declare const document: { documentElement: { scrollWidth: number } }

/**
 * What axe-core finds wrong with a page, in words; `only` asks for some of its rules, `within` looks at a part of the
 * page. Needs a context that bypasses the CSP.
 */
export async function flaws(
  page: Page,
  { only, within = 'html' }: { only?: string[]; within?: string } = {},
): Promise<string[]> {
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(axe)
  // Of what is well, nobody asks for a report.
  const options: RunOptions = { resultTypes: ['violations'], ...(only && { runOnly: only }) }
  const { violations } = await page.evaluate(([where, how]) => window.axe!.run(where, how), [
    within,
    options,
  ] as const)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** By how many pixels a page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

/** Each width with both themes; of the second only the colours are looked at, for nothing else changes with it. */
const LOOKS = [
  { width: 320, theme: 'dark', again: 'light' },
  { width: 768, theme: 'light', again: 'dark' },
  { width: 1440, theme: 'light', again: 'dark' },
] as const

/** What is wrong with an open page at three widths and in both themes: web-ui.md §14.7. It is not loaded anew. */
export async function lookAt(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const { width, theme, again } of LOOKS) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: theme })
    const wide = await overhang(page)
    if (wide > 0) found.push(`is ${wide} px too wide at ${width} px`)
    // Between a phone and a desk the parts are those of one of them.
    const only = width === 768 ? { only: COLOURS } : {}
    for (const flaw of await flaws(page, only)) found.push(`${width} px, ${theme}: ${flaw}`)
    await page.emulateMedia({ colorScheme: again })
    for (const flaw of await flaws(page, { only: COLOURS })) found.push(`${width} px, ${again}: ${flaw}`)
  }
  return found
}

const COLOURS = ['color-contrast']
