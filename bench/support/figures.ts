/** The figure in the middle. */
export function median(figures: readonly number[]): number {
  return quantile(figures, 1 / 2)
}

/**
 * The figure that a quarter of the rounds stays below: whoever else is busy on this machine only makes a
 * round slower, and spoils a median sooner than this.
 */
export function lowerQuarter(figures: readonly number[]): number {
  return quantile(figures, 1 / 4)
}

export function quantile(figures: readonly number[], share: number): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length * share)] ?? NaN
}
