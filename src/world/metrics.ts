import type { Family, Sample } from '../core/exposition'

/** One number that only grows. Whoever counts often keeps it at hand and adds to it. */
export interface Count {
  value: number
}

export interface Counter {
  /** The count for these values of the labels, in the order of the labels. */
  of(...values: string[]): Count
}

export interface Histogram {
  observe(value: number, ...labelValues: string[]): void
}

/** What a gauge reads: a number, one for each value of its label, or null: there is nothing to read. */
export type Reading = number | null | Readonly<Record<string, number>>

/** What this process counts and measures, until it ends: the numbers behind `/metrics`. */
export interface Metrics {
  counter(about: About): Counter
  /** `bounds`: upper ends of the buckets, ascending. */
  histogram(about: About & { bounds: readonly number[] }): Histogram
  /** Something that is looked at when somebody asks; `grows`: it is counted elsewhere. */
  gauge(about: Omit<About, 'labels'> & { label?: string; grows?: true; read: () => Reading }): void
  families(): Family[]
}

export interface About {
  name: string
  help: string
  labels?: readonly string[]
}

/** From a millisecond to ten seconds: what people wait for. */
export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Most series of one family: labels are of our own making, and no stranger may make them many. */
const MOST_SERIES = 2000

export function openMetrics(): Metrics {
  const sources: (() => Family)[] = []

  return {
    counter({ name, help, labels = [] }) {
      const series = seriesBy<Count>(labels, () => ({ value: 0 }))
      const samples = () => series.all().map(([known, { value }]) => ({ labels: known, value }))
      sources.push(() => ({ name, help, type: 'counter', samples: samples() }))
      return { of: (...values) => series.of(values) }
    },

    histogram({ name, help, labels = [], bounds }) {
      const series = seriesBy<Buckets>(labels, () => ({
        counts: [...bounds, Infinity].map(() => 0),
        sum: 0,
      }))
      const samples = () => series.all().flatMap(([known, buckets]) => bucketSamples(known, bounds, buckets))
      sources.push(() => ({ name, help, type: 'histogram', samples: samples() }))
      return {
        observe(value, ...values) {
          const buckets = series.of(values)
          let at = 0
          while (at < bounds.length && value > bounds[at]!) at++
          buckets.counts[at]! += 1
          buckets.sum += value
        },
      }
    },

    gauge({ name, help, label = '', grows, read }) {
      const type = grows ? 'counter' : 'gauge'
      sources.push(() => ({ name, help, type, samples: readingSamples(label, read()) }))
    },

    families: () => sources.map((source) => source()),
  }
}

interface Buckets {
  /** How many fell into each bucket alone; the last is for all above the bounds. */
  counts: number[]
  sum: number
}

function seriesBy<T>(labels: readonly string[], begin: () => T) {
  const known = new Map<string, { labels: Record<string, string>; series: T }>()
  const lone = labels.length === 0 ? begin() : null
  return {
    of(values: readonly string[]): T {
      if (lone !== null) return lone
      const key = values.join('\n')
      const found = known.get(key)
      if (found) return found.series
      const series = begin()
      const named = Object.fromEntries(labels.map((label, i) => [label, values[i] ?? '']))
      if (known.size < MOST_SERIES) known.set(key, { labels: named, series })
      return series
    },
    all(): [Record<string, string>, T][] {
      if (lone !== null) return [[{}, lone]]
      return [...known.values()].map(({ labels: named, series }) => [named, series])
    },
  }
}

function bucketSamples(
  labels: Record<string, string>,
  bounds: readonly number[],
  { counts, sum }: Buckets,
): Sample[] {
  let soFar = 0
  const buckets = [...bounds, Infinity].map((bound, i) => {
    soFar += counts[i] ?? 0
    const le = bound === Infinity ? '+Inf' : String(bound)
    return { suffix: '_bucket', labels: { ...labels, le }, value: soFar }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: soFar }]
}

function readingSamples(label: string, reading: Reading): Sample[] {
  if (reading === null) return []
  if (typeof reading === 'number') return [{ value: reading }]
  return Object.entries(reading).map(([value, number]) => ({ labels: { [label]: value }, value: number }))
}
