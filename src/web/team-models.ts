import type { Field, Moment } from './view-parts'

/** A part of the settings of a project, or of the administration. */
export interface Tab {
  text: string
  url: string
  current: boolean
}

/** P04 of web-ui.md. */
export interface ProjectSettingsPage {
  tabs: Tab[]
  /** What a guest may only read; then there are no forms. */
  facts: { label: string; value: string }[]
  /** Null: this role may not. */
  general: { action: string; errors: { field: string; text: string }[]; fields: Field[] } | null
  log: { action: string; errors: { field: string; text: string }[]; field: Field; note: string } | null
  ownership: { text: string; url: string | null; label: string }
  /** Null: this role may not. */
  removeUrl: string | null
  /** Null: whoever owns it cannot leave. */
  leaveUrl: string | null
}

/** P06 of web-ui.md. */
export interface TeamPage {
  tabs: Tab[]
  projectName: string
  tz: string
  people: {
    email: string
    role: string
    isYou: boolean
    since: Moment
    /** 'Last active' and the second step: null where this role may not know. */
    active: string | null
    secondStep: string | null
    /** Null: nobody, or not this role, changes it. */
    change: { action: string; roles: { value: string; label: string; chosen: boolean }[] } | null
    removeUrl: string | null
  }[]
  showsActivity: boolean
  showsSecondStep: boolean
  showsActions: boolean
  /** Null: this role may not. */
  invite: {
    action: string
    errors: { field: string; text: string }[]
    email: Field
    roles: { value: string; label: string; text: string; chosen: boolean }[]
    roleError: string
    suggestions: { email: string; url: string }[]
    /** Said below: what happens then. */
    how: string
  } | null
  invitations: {
    email: string
    role: string
    invitedBy: string
    expires: Moment
    resendUrl: string | null
    linkUrl: string
    revokeUrl: string
  }[]
  /** A link that is shown once. */
  fresh: { email: string; link: string } | null
  leaveUrl: string | null
}

/** P07 of web-ui.md. */
export interface TransferPage {
  tabs: Tab[]
  heading: string
  text: string[]
  errors: { field: string; text: string }[]
  /** For the owner: whom to ask. */
  ask: { action: string; field: Field } | null
  /** For the owner: who was asked. */
  pending: { email: string; since: Moment; cancelUrl: string } | null
  /** For the one who was asked. `whyNot`: '' when it can be accepted. */
  offer: { acceptUrl: string; rejectUrl: string; whyNot: string } | null
}
