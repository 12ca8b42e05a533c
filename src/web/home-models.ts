import type { ShownStatus } from '../core/check'
import type { Mark } from './view-parts'

/** The projects of a person: web-ui.md P01. */
export interface HomePage {
  addUrl: string
  allChecksUrl: string
  /** What somebody asks of this person. */
  offers: Offer[]
  /** Null: there are no checks yet. */
  totals: { text: string; sums: Sum[] } | null
  /** Where the form of the search leads: this page. */
  url: string
  search: string
  /** Projects there are in all; the search may find fewer. */
  count: number
  poll: { url: string; version: string; order: string }
  projects: ProjectCard[]
}

/** An invitation, or a project to take over. */
export interface Offer {
  text: string
  accept: OfferAnswer | null
  decline: OfferAnswer
  /** Where it says what that would mean, or ''. */
  moreUrl: string
  /** Why it cannot be accepted, or ''. */
  whyNot: string
}

/** `answer`: what the form says besides, or ''. */
export interface OfferAnswer {
  url: string
  answer: string
}

/** '2 down', in the colour of what it counts. `url`: those checks; '' where it leads nowhere. */
export interface Sum {
  status: ShownStatus | 'running'
  text: string
  url: string
}

export interface ProjectCard {
  code: string
  name: string
  url: string
  worst: Mark
  sums: Sum[]
  checks: string
  role: string
  /** Whose it is, if not the person's own; or ''. */
  owner: string
  /** '3 new', or ''. */
  unread: string
  /** Why somebody may not be told: 'No integrations'; or ''. */
  ailing: string
  /** The one that the person looked at last. */
  isLast: boolean
}
