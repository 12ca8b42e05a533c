import type { Channel } from '../core/channel'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import type { Snapshot } from './board'
import type { ListFilter, ListPage } from './list-filter'
import type { Paths } from './paths'
import type { Right } from './rights'

/** A project whose checks are listed, and what whoever looks may do there. */
export interface Listing extends Right {
  channels: Channel[]
}

export interface ListSource {
  /** Null: the checks of all projects together. */
  project: Project | null
  /** By id of the project. */
  listings: ReadonlyMap<number, Listing>
  snapshot: Snapshot
  page: ListPage
  filter: ListFilter
  /** Of the checks on the page: the ids of the channels that each is on for. */
  switches: ReadonlyMap<number, ReadonlySet<number>>
  /** Of the checks on the page: when each got the status that it has. */
  flippedAt: ReadonlyMap<number, Instant>
  /** How many checks there are in all projects of the owner, and how many there may be; null: it does not matter. */
  limit: { used: number; most: number } | null
  /** How many of what is found the person may change. */
  changeable: number
  /** What the person does with many checks and is not finished; or null. */
  bulkJob: string | null
  /** Code of a check that was just made, or ''. */
  fresh: string
  poll: { version: string; order: string; can: string }
  tz: string
  pingEndpoint: string
  paths: Paths
}

/** Where a list is, and what is done with all of it. */
export function listPlace(project: Project | null, paths: Paths): ListPlace {
  if (project === null) {
    return {
      heading: 'All checks',
      url: paths.allChecks,
      statusUrl: paths.allStatus,
      bulkUrl: paths.allBulk,
      markReadUrl: paths.markEverythingRead,
    }
  }
  const { code } = project
  return {
    heading: project.name,
    url: paths.checks(code),
    statusUrl: paths.listStatus(code),
    bulkUrl: paths.bulk(code),
    markReadUrl: paths.markRead(code),
  }
}

export interface ListPlace {
  heading: string
  url: string
  statusUrl: string
  bulkUrl: string
  markReadUrl: string
}
