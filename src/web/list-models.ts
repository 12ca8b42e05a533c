import type { ShownStatus } from '../core/check'
import type { Crumb, Due, Mark, Moment, Pager, PingUrl, ScheduleText } from './view-parts'

/** The list of a project's checks, or of all that somebody can see: web-ui.md C01, P03. */
export interface ChecksPage {
  heading: string
  /** The checks are of several projects, which each row names. */
  isOfAll: boolean
  /** Where one is added; '' where that is not done. */
  addUrl: string
  /** Where the filter form goes: this page. */
  url: string
  /** Where all is marked as seen. */
  markReadUrl: string
  /** All that the filter finds, as a file. */
  exportUrl: string
  /** This page as it is, to come back to. */
  back: string
  /** Whoever looks may change something of what is listed. */
  canEdit: boolean
  /** `can`: what they may change; when that is another, so is the page. */
  poll: { url: string; version: string; order: string; can: string }
  filter: {
    search: string
    /** How much is filtered; 0: all is shown. */
    active: number
    statuses: {
      value: string
      label: string
      shape: ShownStatus | 'running' | 'unread'
      count: number
      on: boolean
    }[]
    tags: Chosen[]
    /** Empty where there is but one. */
    projects: Chosen[]
    /** What the form keeps besides. */
    kept: { name: string; value: string }[]
    /** The list without the filter. */
    clearUrl: string
  }
  columns: Column[]
  rows: CheckRow[]
  /** How many there are in all, filtered or not. */
  total: number
  /** How many the filter finds. */
  found: number
  shownText: string
  tz: string
  /** Nobody would be told. */
  noChannels: { addUrl: string } | null
  /** Why there cannot be another check, or null. */
  limit: string | null
  /** More than there may be, which only an import can bring about; or null. */
  overLimit: string | null
  /** Switches between addresses by code and by slug; null where each project has its own. */
  addressStyle: { url: string; other: 'uuid' | 'slug'; label: string; text: string } | null
  /** The page of what is still being done with many checks, or ''. */
  jobUrl: string
  bulk: { url: string; matching: { found: number; query: string } | null; actions: BulkChoice[] }
  pager: Pager | null
  pageSizes: { size: number; url: string; current: boolean }[]
  legend: Mark[]
}

/** Something that is done with very many checks, while it is done. */
export interface BulkJobPage {
  heading: string
  /** '300 of 3200'. */
  text: string
  percent: number
  backUrl: string
}

/** Something to filter by. `mark`: drawn beside it when something is wrong; '' when all is well. */
export interface Chosen {
  value: string
  label: string
  on: boolean
  down: number
  total: number
  mark: 'down' | 'late' | ''
}

export interface BulkChoice {
  value: string
  label: string
  isDanger: boolean
}

/** A column whose heading sorts. */
export interface Column {
  key: string
  label: string
  url: string
  sorted: 'ascending' | 'descending' | ''
}

export interface CheckRow {
  code: string
  /** '' when it has none. */
  name: string
  /** Whose it is, where several projects are together; else null. */
  project: Crumb | null
  canEdit: boolean
  status: Mark
  /** 'Down since 2026-01-15 12:00'. */
  since: string
  url: string
  /** '3 new': what the person has not seen; or ''. */
  unread: string
  tags: { text: string; url: string }[]
  /** A mail list waits for somebody to press a link in the last body. */
  asksToConfirm: boolean
  strip: Strip
  pingUrl: PingUrl | null
  /** Why there is no address to show, and where to do something about it; null when there is one. */
  noPingUrl: { text: string; url: string | null } | null
  channels: ChannelSwitch[]
  /** In place of switches, where there are too many: '3 of 12 on'. */
  channelsText: string
  channelsUrl: string
  /** Where one is added, if the project has none and this person may; else ''. */
  addChannelUrl: string
  schedule: ScheduleText
  grace: string
  scheduleUrl: string
  due: Due | null
  /** Said where nothing is due. */
  noDue: string
  lastPing: Moment | null
  lastDuration: string | null
  lastPingUrl: string
  isPaused: boolean
  pauseUrl: string
  resumeUrl: string
  /** Just created. */
  isFresh: boolean
}

/** A channel, and whether a check is told through it. */
export interface ChannelSwitch {
  code: string
  name: string
  icon: string
  on: boolean
  /** Why it tells nobody whatever the switch says, or ''. */
  problem: string
  url: string
}

/** How the last runs ended, as a drawing: paths for those that ended well, with failure, and never. */
export interface Strip {
  text: string
  well: string
  failed: string
  missed: string
}

/** The integrations of one check: web-ui.md C18. */
export interface CheckChannelsPage {
  trail: { text: string; url: string }[]
  heading: string
  action: string
  canEdit: boolean
  channels: (ChannelSwitch & { kindLabel: string; target: string })[]
  manageUrl: string
  /** Null for whoever may not add any. */
  addUrl: string | null
  cancelUrl: string
}
