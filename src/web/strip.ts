import { MOST_RESULTS } from '../core/check'
import type { Strip } from './list-models'

/** From one mark to the next; `public/js/pages/list.js` draws the same. */
const STEP = 5

/**
 * The last results as marks of different height: a stroke for success, a tall bar for failure, a frame for a run
 * that never came. The newest is on the right.
 */
export function strip(results: string): Strip {
  const first = MOST_RESULTS - results.length
  const at = (wanted: string, draw: (x: number) => string): string =>
    Array.from(results, (each, i) => (each === wanted ? draw((first + i) * STEP + 1) : '')).join('')
  return {
    text: inWords(results),
    well: at('1', (x) => `M${x} 6h3v6h-3z`),
    failed: at('0', (x) => `M${x} 1h3v11h-3z`),
    missed: at('-', (x) => `M${x + 0.5} 1.5h2v10h-2z`),
  }
}

function inWords(results: string): string {
  if (results === '') return ''
  const parts = [
    [times(results, '1'), 'ok'],
    [times(results, '0'), 'failed'],
    [times(results, '-'), 'missing'],
  ] as const
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return `last ${results.length}: ${words.join(', ')}`
}

function times(text: string, character: string): number {
  return text.split(character).length - 1
}
