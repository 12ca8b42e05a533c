import type { Crumb, Moment } from './view-parts'

/** Drawn by `parts/run-chart`. Across in percent, down in pixels. */
export interface RunChart {
  ranges: { key: string; label: string; url: string; current: boolean }[]
  /** There is something to choose a range of. */
  hasRuns: boolean
  helpUrl: string
  /** '' when nothing is drawn. */
  summary: string
  notes: string[]
  plot: {
    height: number
    isLog: boolean
    /** Many marks: smaller ones. */
    isDense: boolean
    yTicks: { y: number; label: string }[]
    /** `isSpare`: left out where there is little room. */
    xTicks: { x: number; label: string; isSpare: boolean }[]
    lines: { kind: 'median' | 'p95' | 'grace'; label: string; y: number; labelY: number }[]
    /** In the order of time. */
    marks: ChartMark[]
    days: { x: number; top: number; bottom: number; median: number; hasFailed: boolean; text: string }[]
  } | null
  /** The same in words and figures, newest first: runs, or days. */
  table: (RunRow | RunDayRow)[]
}

/** What of a chart depends on whether runs or days are drawn. */
export type Drawn = Pick<RunChart, 'summary' | 'notes' | 'plot' | 'table'>

export interface ChartMark {
  x: number
  y: number
  kind: 'success' | 'failure' | 'unfinished'
  url: string
  text: string
  row: { time: Moment; duration: string; result: string; runId: string }
}

export interface RunRow {
  time: Moment
  duration: string
  result: string
  runId: string
  url: string
}

export interface RunDayRow {
  date: string
  runs: number
  failed: number
  shortest: string
  median: string
  longest: string
}

/** A month of the uptime calendar, drawn by `parts/month`. */
export interface MonthCard {
  /** 'Jan 2026'. */
  name: string
  /** Tells all of it in words. */
  text: string
  /** '99.58 %', or what there is to say instead. */
  percent: string
  downtimes: string
  cells: DayCell[]
  rows: number
}

export interface DayCell {
  /** Column and row. */
  column: number
  row: number
  state: 'up' | 'down' | 'paused' | 'none'
  isToday: boolean
  text: string
}

/** All that is known of when a check was down: web-ui.md C19. */
export interface DowntimesPage {
  trail: Crumb[]
  tz: string
  strip: DayCell[]
  stripText: string
  /** The newest first. */
  months: (MonthCard & { url: string; current: boolean; longest: string })[]
  /** The month that is looked at, or null. */
  month: { name: string; allUrl: string } | null
  /** Which of them are listed, where not all are; or ''. */
  more: string
  downtimes: {
    from: Moment
    /** Null: it goes on. */
    to: Moment | null
    length: string
    why: string
    alerts: number
  }[]
  csvUrl: string
}
