import { writeFileSync } from 'node:fs'
import { openBrowser } from '../test/support/browser'
import { favicon, FAVICON_STATES } from '../src/web/favicon'

/**
 * Draws the pictures for tabs of browsers that show no SVG, 32 pixels wide, from the drawings in src/web/favicon.ts:
 *
 *   node scripts/run.mjs scripts/favicons.ts
 */
async function main(): Promise<void> {
  const browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 32, height: 32 } })
  for (const state of FAVICON_STATES) {
    const drawing = favicon(`${state}-0.svg`) ?? ''
    await page.setContent(`<style>*{margin:0}svg{display:block;width:32px;height:32px}</style>${drawing}`)
    writeFileSync(`public/img/fav-${state}.png`, await page.screenshot({ omitBackground: true }))
  }
  await browser.close()
}

void main()
