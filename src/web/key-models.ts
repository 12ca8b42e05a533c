import type { Tab } from './team-models'
import type { Crumb, Field, Moment, PingUrl } from './view-parts'

/** Keys of a project: for the management API, and the one in ping addresses by slug. */
export interface KeysPage {
  tabs: Tab[]
  projectName: string
  keys: {
    code: string
    name: string
    /** Its first characters. */
    hint: string
    access: string
    made: { at: Moment; by: string }
    /** `from` '' when that is not known. */
    used: { at: Moment; from: string } | null
    /** `at` null: never. */
    expires: { at: Moment | null; isOver: boolean }
    revokeUrl: string
  }[]
  tz: string
  /** The form for another key, or why there cannot be one. */
  form: { action: string; fields: Field[]; errors: { field: string; text: string }[] } | null
  full: string
  pingKey: string | null
  /** What a ping address by slug looks like. */
  pingUrl: PingUrl | null
  renewUrl: string
  removeUrl: string
}

/** What a person's scripts use for all of their projects. */
export interface TokensPage extends Pick<KeysPage, 'keys' | 'tz' | 'form' | 'full'> {
  docsUrl: string
}

/** A key that was just made, which nobody can be shown again. */
export interface KeyOncePage {
  trail: Crumb[]
  heading: string
  secret: string
  access: string
  /** What to try it with. */
  curl: string
  /** The wallboard that it opens; '' when it is not for that. */
  wallboardUrl: string
  backUrl: string
}
