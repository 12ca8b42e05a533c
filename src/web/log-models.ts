import type { ZoneLink } from './check-zones'
import type { LogKind } from './log-filter'
import type { Crumb, LogEntry, Mark, Moment } from './view-parts'

/** The whole log of a check: web-ui.md C09. */
export interface LogPage {
  trail: Crumb[]
  url: string
  tz: string
  tabs: { key: 'events' | 'runs'; label: string; url: string; current: boolean }[]
  filter: {
    from: string
    to: string
    exit: string
    rid: string
    text: string
    body: boolean
    kinds: { key: LogKind; label: string; on: boolean }[]
    isActive: boolean
    /** The zone, where it is not the usual one; or ''. */
    tz: string
    /** 'Ignored: from (not a date).', or ''. */
    ignored: string
  }
  /** What of bodies is searched. */
  searchNote: string
  months: { text: string; url: string }[]
  /** Zones to choose from for the times of this page. */
  zones: ZoneLink[]
  /** What follows '100 shown'. */
  countText: string
  events: LogEntry[]
  /** Where it is asked for what comes in meanwhile; null where that has no place. */
  poll: { url: string; version: string } | null
  olderUrl: string | null
  olderLabel: string
  /** Both are set when older events are looked at. */
  newerUrl: string | null
  newestUrl: string | null
  /** Null while events are looked at. */
  runs: LoggedRun[] | null
  exports: { csv: string; ndjson: string; csvWithBodies: string }
}

export interface LoggedRun {
  started: Moment
  startUrl: string
  ended: Moment | null
  endUrl: string | null
  duration: string
  result: Mark['shape'] | 'open'
  word: string
  runId: string
  runUrl: string | null
}
