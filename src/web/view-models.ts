import type { SchedulePreview } from './schedule-models'
import type { MonthCard, RunChart } from './chart-models'
import type { ToldChannel } from './check-told'
import type { ZoneLink } from './check-zones'
import type { Piece } from './linked'
import type { BodyView } from './body-view'
import type { MailView } from './mail-view'
import type {
  Crumb,
  Ending,
  Field,
  FieldGroup,
  LogEntry,
  Mark,
  Moment,
  PingEntry,
  PingUrl,
  Sentence,
} from './view-parts'

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

export interface FormPage {
  trail: Crumb[]
  heading: string
  intro: string
  /** Where it is sent. */
  action: string
  /** How what was entered has been tried out; null when it was not. */
  tried?: { tone: 'success' | 'error'; text: string } | null
  /** What was said while it was tried out; often nothing. */
  lines?: readonly string[]
  /** A second button that tries out what is entered; '' for none. */
  trySubmit?: string
  /** Fields that the person does not see. */
  hidden: { name: string; value: string }[]
  groups: FieldGroup[]
  errors: { field: string; text: string }[]
  submit: string
  cancelUrl: string
  /** Paragraphs after the fields. */
  notes: string[]
  /** What may stand for something else in the fields; often none. */
  placeholders: { name: string; meaning: string }[]
}

/** A question before something is done. */
export interface ConfirmPage {
  trail: Crumb[]
  heading: string
  text: string[]
  action: string
  submit: string
  isDanger: boolean
  /** null where there is nowhere to go back to, as in links from mails. */
  cancelUrl: string | null
  /** What has to be typed, or null. */
  typed: Field | null
}

/** What is written to a person besides alerts. */
export interface NotificationsPage {
  action: string
  /** Where it is written to. */
  email: string
  fields: Field[]
  errors: { field: string; text: string }[]
  nextReport: Moment | null
  /** The zone of the person, in which reports count. */
  tz: string
  /** Why nothing can be chosen, or ''. */
  whyNot: string
  cancelUrl: string
}

/** A question to somebody who comes from a mail. */
export interface UnsubscribePage {
  heading: string
  text: string[]
  action: string
  submit: string
  /** Asked long enough after the mail was sent that it is a person who asks. */
  pressesItself: boolean
}

export interface ChannelsPage {
  projectName: string
  /** Whether the visitor's role lets them add and change. */
  mayChange: boolean
  addUrl: string
  channels: {
    code: string
    icon: string
    kindLabel: string
    name: string
    target: string
    tells: string
    checks: string
    state: { word: string; tone: 'ready' | 'waiting' | 'problem'; why: string }
    last: { lead: string; time: Moment | null; error: string }
    /** '' for who may only look. */
    checksUrl: string
    nameUrl: string
    editUrl: string
    testUrl: string
    /** What its button says; '' where there is none. */
    testText: string
    removeUrl: string
  }[]
}

/** For which checks an integration is on. */
export interface ChannelChecksPage {
  trail: Crumb[]
  name: string
  action: string
  cancelUrl: string
  checks: { field: string; name: string; isOn: boolean }[]
}

export interface ChannelKindsPage {
  trail: Crumb[]
  /** `url` null: not available, and why. */
  kinds: { kind: string; label: string; icon: string; text: string; url: string | null; why: string }[]
}

/** A page that only says something, with one way on. */
export interface MessagePage {
  heading: string
  text: string[]
  link: { text: string; url: string } | null
}

export interface TvPage {
  /** Where checks are read, with a key in a header. */
  checksUrl: string
}

export interface SetupPage {
  action: string
  siteName: string
  /** From `setupFields` in `fields.ts`: code, email, password, repeat. */
  fields: Field[]
  tz: string
  zones: string[]
  tzWrong: { name: 'tz'; text: string }
  /** All that is wrong, in one list; `field` '' for the form as a whole. */
  problems: { field: string; text: string }[]
}

export interface SignedOutPage {
  signInUrl: string
}

/** `html` is made from our own Markdown; nothing that people enter is in it. */
export interface DocsPage {
  html: string
  headings: { id: string; text: string }[]
  groups: DocsLinks[]
  previous: { title: string; url: string } | null
  next: { title: string; url: string } | null
}

export interface CronHelpPage {
  trail: Crumb[]
  /** What was asked for; '' when nothing was yet. */
  schedule: string
  kinds: { value: string; label: string; chosen: boolean }[]
  tz: string
  zones: string[]
  preview: SchedulePreview | null
  traits: { sign: string; example: string; text: string }[]
  common: { expression: string; words: string; url: string }[]
  oncalendar: { expression: string; words: string; url: string }[]
}

export interface DocsLinks {
  heading: string
  pages: { title: string; url: string; current: boolean }[]
}

export interface DocsSearchPage {
  query: string
  /** There is nothing in the query that could be looked for. */
  isShort: boolean
  groups: DocsLinks[]
  found: { title: string; heading: string; url: string; extract: { text: string; isHit: boolean }[] }[]
}

export interface ShortcutsPage {
  trail: Crumb[]
  groups: { heading: string; keys: { keys: string[]; text: string }[] }[]
}

export interface DocsSettingsPage {
  trail: Crumb[]
  /** `isSavable`: from a page, too. */
  settings: { name: string; fallback: string; text: string; isSavable: boolean }[]
}

export interface ErrorPage {
  /** HTTP status. */
  code: number
  heading: string
  text: string[]
  link: { text: string; url: string } | null
  /** To quote to the administrator; '' when the cause is the visitor's. */
  requestId: string
  /** What was entered into a form that could not be taken; no secrets. */
  kept: { name: string; value: string }[]
}
