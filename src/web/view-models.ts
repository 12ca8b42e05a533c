import type { SchedulePreview } from './schedule-models'
import type { Crumb, Field, FieldGroup, Moment } from './view-parts'

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
