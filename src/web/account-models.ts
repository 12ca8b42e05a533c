import type { QrPicture } from './qr'
import type { Crumb, Field, Moment } from './view-parts'

/** A part of the first set-up that may be skipped. `views/setup-step.ejs`. */
export interface SetupStepPage {
  heading: string
  /** Which part it is. */
  place: string
  intro: string
  /** What is to be done about the address; often nothing. Code is a line for the settings. */
  fix: { text: string; isCode: boolean }[]
  tried: { tone: 'success' | 'error'; text: string } | null
  /** What was said with the mail server. */
  lines: readonly string[]
  action: string
  hidden: { name: string; value: string }[]
  fields: Field[]
  problems: { field: string; text: string }[]
  /** A second button that tries out what is entered, and what it does; '' for none. */
  trySubmit: string
  tryHelp: string
}

/** A small page with a way in: sign-in, second steps, confirmations, links from mails. `views/gate.ejs`. */
export interface GatePage {
  heading: string
  intro: string[]
  /** Something that has just happened, or ''. */
  notice: string
  /** All that is wrong, in one list; `field` '' for the page as a whole. */
  problems: { field: string; text: string }[]
  /** One way each, the best first. */
  forms: GateForm[]
  links: { text: string; url: string; hook: string }[]
}

export interface GateForm {
  /** Above its fields, where there are several; or ''. */
  heading: string
  intro: string
  action: string
  /** Fields that the person does not see. */
  hidden: { name: string; value: string }[]
  fields: Field[]
  submit: string
  /** `data-t` of the button. */
  hook: string
  /** A script asks the browser for a passkey, and puts what it says into the form. */
  passkey: PasskeyAsk | null
  /** A field that people do not see and must stay empty. */
  trap: boolean
}

export interface PasskeyAsk {
  /** Where the question to the browser comes from. */
  optionsUrl: string
  /** `get`: show one; `create`: make one. */
  ceremony: 'get' | 'create'
  /** The browser may offer one while an address is typed. */
  isConditional: boolean
  /** Asked at once, without a press. */
  startsItself: boolean
}

/** The pages about one's account, in one row of links. */
export interface AccountNav {
  text: string
  url: string
  current: boolean
}

export interface TotpPage {
  trail: Crumb[]
  qr: QrPicture
  /** In groups of four, to type it in. */
  secret: string
  /** The same without blanks, to copy it. */
  plain: string
  action: string
  field: Field
  errors: { field: string; text: string }[]
  cancelUrl: string
}

export interface RecoveryCodesPage {
  trail: Crumb[]
  intro: string[]
  codes: string[]
  /** All of them, one a line. */
  all: string
  fileName: string
  onUrl: string
}

export interface SecurityPage {
  /** Somebody else looks after sign-ins. */
  isElsewhere: boolean
  advice: { tone: 'info' | 'warning'; text: string }[]
  password: { isSet: boolean; at: Moment | null; setUrl: string; removeUrl: string | null }
  passkeys: {
    code: string
    name: string
    added: Moment
    used: Moment | null
    replacesPassword: boolean
    renameUrl: string
    removeUrl: string
  }[]
  /** Null: none can be made here, and why. */
  addPasskeyUrl: string | null
  whyNoPasskeys: string
  totp: { since: Moment | null; setUpUrl: string; removeUrl: string }
  /** Null while there is nothing that it could stand in for. */
  recovery: { left: number; of: number; made: Moment | null; url: string } | null
  sessions: { text: string; url: string }
  events: { at: Moment; text: string; from: string; isBad: boolean }[]
  tz: string
}

export interface SessionsPage {
  sessions: {
    id: string
    isThis: boolean
    browser: string
    address: string
    method: string
    created: Moment
    seen: Moment
    endUrl: string
  }[]
  endOthersUrl: string
  tz: string
}

export interface AccountPage {
  email: string
  /** Null where another place says who people are. */
  changeEmailUrl: string | null
  zone: {
    action: string
    field: Field
    zones: string[]
    errors: { field: string; text: string }[]
  }
  projects: { name: string; role: string; url: string; settingsUrl: string | null; leaveUrl: string | null }[]
  /** To projects of others, not answered yet. */
  invitations: { project: string; role: string; by: string; url: string }[]
  closeUrl: string
}

export interface AppearancePage {
  action: string
  errors: { field: string; text: string }[]
  groups: { name: string; legend: string; help: string; options: Choice[] }[]
}

export interface Choice {
  value: string
  label: string
  chosen: boolean
}

export interface CloseAccountPage {
  trail: Crumb[]
  heading: string
  intro: string
  /** Above the projects that go. */
  whose: string
  /** Before the projects that stay: 'You leave'. */
  leaves: string
  submit: string
  errors: { field: string; text: string }[]
  action: string
  projects: {
    name: string
    /** '3 checks, 120 pings'. */
    contents: string
    /** What has to be decided, because others work in it; else null. */
    decide: { name: string; label: string; chosen: boolean; error: string; transferUrl: string } | null
  }[]
  /** Projects of others. */
  memberships: string[]
  typed: Field
  cancelUrl: string
}
