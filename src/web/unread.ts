import type { Check } from '../core/check'
import type { Store } from '../store'
import { StoreUnavailable } from '../store/problems'

/** What a person has not seen yet of what happened to checks: web-ui.md §6.5. */

/** By id of the check. Whoever comes to a project for the first time has nothing to catch up with. */
export async function unreadOf(
  { reads }: Pick<Store, 'reads'>,
  userId: number,
  projectId: number,
): Promise<ReadonlyMap<number, number>> {
  const known = await reads.unread(userId, projectId)
  if (known !== null) return known
  await ifKept(reads.markAll(userId, projectId))
  return new Map()
}

/** They look at a page about this check. */
export function markRead({ reads }: Pick<Store, 'reads'>, userId: number, check: Check): Promise<void> {
  return ifKept(reads.mark(userId, check))
}

/** What a page keeps on the side is not worth failing for while the disk is full. */
export async function ifKept(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
}

const MOST_TOLD = 99

/** '3 new'; '' when there is nothing. As `drawUnread` in public/js/pages/list.js. */
export function unreadText(unread: number): string {
  if (unread === 0) return ''
  return unread > MOST_TOLD ? `${MOST_TOLD}+ new` : `${unread} new`
}
