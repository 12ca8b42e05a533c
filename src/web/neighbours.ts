import type { Snapshot } from './board'
import { neighbours, queryOf, readListText } from './list-filter'
import type { ListFilter } from './list-filter'
import type { Paths } from './paths'
import { nameOf } from './show'
import type { Crumb } from './view-parts'

/** From a check to the one before or after it, in the list that somebody came from: web-ui.md C04. */

/** What the address of a check says about the list: '?list=tag%3Ddb'; '' when that is the usual one. */
export function listQueryOf({ search, statuses, tags, sort, isSortSaid }: ListFilter): string {
  const query = queryOf({ search, statuses, tags, sort, isSortSaid }).slice(1)
  return query === '' ? '' : `?list=${encodeURIComponent(query)}`
}

/** Links to both, with the same list; null at its ends. `text`: the list, as the address of the check has it. */
export function neighbourLinks(
  snapshot: Snapshot,
  { text, usualSort, downFirst }: { text: string; usualSort: string; downFirst: boolean },
  checkId: number,
  paths: Paths,
): { previous: Crumb | null; next: Crumb | null } {
  const filter = readListText(text, usualSort)
  const { previous, next } = neighbours(snapshot, filter, { downFirst }, checkId)
  const query = listQueryOf(filter)
  const link = (listed: typeof previous): Crumb | null =>
    listed && { text: nameOf(listed.check), url: paths.check(listed.check.code) + query }
  return { previous: link(previous), next: link(next) }
}
