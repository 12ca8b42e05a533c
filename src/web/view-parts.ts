import type { ShownStatus } from '../core/check'

/** An instant: `text` is absolute in the person's zone; a script makes it relative where that reads well. */
export interface Moment {
  iso: string
  text: string
  isRelative: boolean
}

/** A status: always a shape with its word. */
export interface Mark {
  shape: ShownStatus
  word: string
  running: boolean
}

export interface Pager {
  previousUrl: string | null
  nextUrl: string | null
  text: string
}

/** When something is expected, or since when it is late or runs: the moment, and words around it ('overdue', 'of 1 h'). */
export interface Due {
  lead: string
  time: Moment
  /** How long ago that is, in place of the moment: '12 min'; '' for what is to come. */
  span: string
  trail: string
  tone: ShownStatus | 'running'
}

/** When a job is expected, in a column of a list. */
export interface ScheduleText {
  /** Short enough for it. */
  text: string
  /** All of it, where `text` is not; else ''. */
  whole: string
  isCode: boolean
  /** '' for UTC, and where no zone matters. */
  tz: string
}

export interface PingUrl {
  /** The part that all checks share, and the part that is this check's. */
  endpoint: string
  rest: string
  whole: string
}

/** What can be added to a ping address. */
export interface Ending {
  ending: string
  meaning: string
}

/** Words and moments in turn. */
export type Sentence = (string | Moment)[]

export type LogEntry = PingEntry | FlipEntry | NotificationEntry

export interface PingEntry {
  type: 'ping'
  id: string
  n: number
  url: string
  at: Moment
  /** Symbol in the sprite, which is also its tone. */
  icon: 'ok' | 'failure' | 'exit' | 'started' | 'log' | 'ignored'
  word: string
  duration: string | null
  /** First characters, and the whole. */
  runId: { short: string; whole: string; url: string } | null
  source: string
  userAgent: string
  /** Start of the body, or its size in words; '' when there is none. */
  body: string
}

export interface FlipEntry {
  type: 'flip'
  id: string
  at: Moment
  from: Mark
  to: Mark
  why: string
}

export interface NotificationEntry {
  type: 'notification'
  id: string
  at: Moment
  icon: 'told' | 'untold' | 'waiting'
  text: string
  channel: string
  problem: string
}

/** One question of a form; drawn by `parts/field`. */
export interface Field {
  name: string
  label: string
  /** `fixed` can only be read. */
  type:
    | 'text'
    | 'email'
    | 'password'
    | 'url'
    | 'number'
    | 'area'
    | 'select'
    | 'tick'
    | 'duration'
    | 'zone'
    | 'date'
    | 'fixed'
  value: string
  help: string
  error: string
  required: boolean
  maxLength: number | null
  autocomplete: string
  isCode: boolean
  isFirst: boolean
  /** For `select`, and the units of a `duration`. */
  options: { value: string; label: string; chosen: boolean }[]
}

/** A question, or several that belong together under a heading. */
export interface FieldGroup {
  legend: string
  fields: Field[]
}

export interface Crumb {
  text: string
  url: string
}
