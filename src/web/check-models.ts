import type { BodyView } from './body-view'
import type { MonthCard, RunChart } from './chart-models'
import type { ToldChannel } from './check-told'
import type { ZoneLink } from './check-zones'
import type { Piece } from './linked'
import type { MailView } from './mail-view'
import type { Crumb, Ending, LogEntry, Mark, Moment, PingEntry, PingUrl, Sentence } from './view-parts'

/** One check: web-ui.md C04. */
export interface CheckPage {
  name: string
  code: string
  tags: { text: string; url: string }[]
  /** Lines of text, with the addresses in them told apart. */
  description: Piece[][]
  trail: Crumb[]
  status: Mark
  /** 'Down since …', and why. */
  headline: Sentence
  sentence: Sentence
  /** What comes next, and the run that is open. */
  notes: Sentence[]
  /** It has never been pinged. */
  isWaiting: boolean
  /** Drawn beside 'waiting'. */
  waitingMark: Mark
  /** It has just come; null once that is no news. */
  firstPing: { time: Moment; from: string } | null
  pingUrl: PingUrl
  curl: string
  crontab: string
  endings: Ending[]
  /** Where mails to the check go, or null. */
  emailAddress: string | null
  /** What to mind when pinging, or ''. */
  pingNote: string
  /** The visitor may change it. */
  may: boolean
  /** Where it is asked whether it is still so, and what this page was made from. */
  poll: { url: string; version: string }
  chart: RunChart
  /** The last three, the oldest first. */
  months: MonthCard[]
  schedule: {
    /** 'At 04:00 every day'. */
    words: string
    /** Lines of an expression; none for a simple schedule. */
    lines: string[]
    tz: string
    grace: string
    /** What keeps it from being used; '' as it should be. */
    problem: string
    /** Runs take longer than they may; '' when they do not. */
    hint: string
    next: { time: Moment; note: string }[]
  }
  /** All of the project's, those that are on first. */
  told: ToldChannel[]
  /** In the list that the visitor came from. */
  neighbours: { previous: Crumb | null; next: Crumb | null }
  channelsUrl: string
  addChannelUrl: string
  events: LogEntry[]
  /** What is older: as a page, and where a script gets it. */
  older: { url: string; eventsUrl: string } | null
  /** Set when older pages are looked at. */
  newestUrl: string | null
  tz: string
  isPaused: boolean
  /** The address by ping key and slug, or what there is to do to get one. */
  bySlug: { url: PingUrl | null; text: string; link: { text: string; url: string } | null }
  /** Zones to choose from for the times of this page. */
  zones: ZoneLink[]
  urls: {
    edit: string
    schedule: string
    filters: string
    pause: string
    resume: string
    remove: string
    pingNow: string
    copy: string
    transfer: string
    clear: string
    usage: string
    log: string
    downtimes: string
    channels: string
  }
}

/** One ping: web-ui.md C10. */
export interface PingPage {
  trail: Crumb[]
  n: number
  icon: PingEntry['icon']
  word: string
  older: string | null
  newer: string | null
  facts: {
    label: string
    value: string
    time: Moment | null
    mono: boolean
    copy: boolean
    /** `isPing`: to another ping. */
    link: { text: string; url: string; isPing: boolean } | null
  }[]
  content: BodyView | null
  /** What a ping that came by mail says about itself; null for the others. */
  mail: MailView | null
  /** Said in the place of a body that cannot be shown now; null: it has none, or it is above. */
  bodyNote: { text: string; again: { url: string; afterS: number | null } | null } | null
}
