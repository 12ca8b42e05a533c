import type { PingChart } from './ping-chart'
import type { Field } from './view-parts'
import type { Tab } from './team-models'

/** All pages of the administration are made of these: web-ui.md §11. `views/admin.ejs`. */
export interface AdminPage {
  tabs: Tab[]
  heading: string
  /** The line above the heading that leads back, or null. */
  back: { text: string; url: string } | null
  search: AdminSearch | null
  /** Something that is shown once. */
  fresh: { heading: string; text: string; secret: string } | null
  errors: { field: string; text: string }[]
  sections: AdminSection[]
  olderUrl: string | null
}

export interface AdminSearch {
  action: string
  value: string
  label: string
  hidden: { name: string; value: string }[]
  /** What else is asked for. */
  fields: Field[]
  choices: Tab[]
}

export interface AdminSection {
  /** Unique on the page. */
  id: string
  heading: string
  text: string[]
  facts: AdminFact[]
  table: AdminTable | null
  forms: AdminForm[]
  /** Lines of a log. */
  lines: string[]
  chart: PingChart | null
  /** What its table is searched with, where that is not the whole of the page. */
  search: AdminSearch | null
  /** Where something can be taken along. */
  links: { text: string; url: string; hook: string }[]
}

export interface AdminFact {
  label: string
  value: string
  /** Shape, word and colour; null where nothing is to be judged. */
  state: 'ready' | 'waiting' | 'problem' | null
  /** What to do about it, or where it comes from; or ''. */
  note: string
}

export interface AdminTable {
  caption: string
  columns: string[]
  rows: { hook: string; cells: { text: string; url: string | null; sub: string }[]; forms: AdminForm[] }[]
  /** Said when there are no rows. */
  empty: string
}

export interface AdminForm {
  action: string
  method: 'post' | 'get'
  fields: Field[]
  hidden: { name: string; value: string }[]
  submit: string
  /** Read out behind the button's text. */
  about: string
  isDanger: boolean
  /** `data-t` of the button. */
  hook: string
}
