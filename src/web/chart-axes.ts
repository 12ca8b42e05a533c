import type { DurationScale, Tick } from '../core/chart-scale'
import type { RunStats } from '../core/run-stats'
import type { Run } from '../core/runs'
import type { Instant } from '../core/time'
import { count, periodInWords } from '../core/words'
import type { RunChart } from './chart-models'

/** Where things stand on the drawing of run times, and what is written beside it. */

/** Pixels: the drawing is as high on every screen; across, everything stands in percent. */
export const PLOT_HEIGHT = 200
const TOP = 8
const BOTTOM = PLOT_HEIGHT - 2

/** Room at both ends, in percent, so that no mark is cut. */
const MARGIN = 1.5

/** Least distance of the words at the ends of lines. */
const LABEL_DISTANCE = 15

/** Where a moment stands, in percent of the width. */
export function across(fromAt: Instant, untilAt: Instant): (at: Instant) => number {
  const span = untilAt - fromAt
  return (at) => rounded(MARGIN + ((at - fromAt) / span) * (100 - 2 * MARGIN))
}

export function down(scale: DurationScale, ms: number): number {
  return rounded(BOTTOM - Math.min(1, Math.max(0, scale.shareOf(ms))) * (BOTTOM - TOP))
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

export function axesOf(
  scale: DurationScale,
  times: Tick[],
): Pick<NonNullable<RunChart['plot']>, 'yTicks' | 'xTicks'> {
  return {
    yTicks: scale.ticks.map(({ share, label }) => ({ y: rounded(BOTTOM - share * (BOTTOM - TOP)), label })),
    xTicks: times.map(({ share, label }, i) => ({
      x: rounded(MARGIN + share * (100 - 2 * MARGIN)),
      label,
      isSpare: i % 2 === 1,
    })),
  }
}

type Line = NonNullable<RunChart['plot']>['lines'][number]

/** Their words keep their distance, in the order of the lines. */
export function linesOf(
  scale: DurationScale,
  stats: Pick<RunStats, 'medianMs' | 'p95Ms'>,
  graceMs: number,
): Line[] {
  const wanted: [Line['kind'], string, number][] = [
    ['grace', 'allowed', graceMs],
    ['p95', '95 %', stats.p95Ms],
    ['median', 'median', stats.medianMs],
  ]
  const inside = wanted.filter(([, , ms]) => scale.shareOf(ms) <= 1.001)
  let above = -Infinity
  const lines = inside
    .map(([kind, label, ms]) => ({ kind, label, y: down(scale, ms) }))
    .toSorted((a, b) => a.y - b.y)
    .map((line): Line => {
      above = Math.max(line.y + 4, above + LABEL_DISTANCE)
      return { ...line, labelY: above }
    })
  // What the lowest of them had to give way below the drawing, all give back.
  const excess = Math.max(0, above - (BOTTOM + 2))
  return lines.map((line) => ({ ...line, labelY: rounded(line.labelY - excess) }))
}

export function notesOf(scale: DurationScale, graceMs: number, runs: Run[]): string[] {
  const restarted = runs.filter(({ outcome }) => outcome === 'restarted').length
  return [
    ...(scale.isLog ? ['Logarithmic scale.'] : []),
    ...(scale.shareOf(graceMs) > 1.001
      ? [`Runs may take ${periodInWords(graceMs)}; that line is above the drawing.`]
      : []),
    ...(restarted > 0 ? [`${count(restarted, 'run')} never reported an end.`] : []),
  ]
}
