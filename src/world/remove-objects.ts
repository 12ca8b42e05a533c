import { MOST_REMOVED } from './objects'
import type { Objects, ObjectsFailure } from './objects'

/** How a removal went. What is left over is found by the same call another time. */
export interface Removal {
  removed: number
  /** What the storage would not remove, though it removed others: at most `MOST_TOLD` of them. */
  refused: { key: string; reason: string }[]
  /** What ended it early; null when it went through. */
  failure: ObjectsFailure | null
}

/** Most refused objects that are named: a storage that removes nothing would fill the memory. */
const MOST_TOLD = 1000

/**
 * Removes what a prefix holds, or only what follows a key, page by page. Whole requests are not repeated
 * here: the caller knows when there is time to.
 */
export async function removeObjects(
  objects: Pick<Objects, 'list' | 'remove'>,
  { prefix, after = '' }: { prefix: string; after?: string },
): Promise<Removal> {
  let removed = 0
  const refused: Removal['refused'] = []
  for (let from = after; ;) {
    // From key to key rather than by the storage's token, which may not outlive what it points to.
    const listed = await objects.list({ prefix, after: from, page: null })
    if (!listed.ok) return { removed, refused, failure: listed.failure }
    const keys = listed.value.objects.map(({ key }) => key)
    for (let done = 0; done < keys.length; done += MOST_REMOVED) {
      const batch = keys.slice(done, done + MOST_REMOVED)
      const answer = await objects.remove(batch)
      if (!answer.ok) return { removed, refused, failure: answer.failure }
      removed += batch.length - answer.value.length
      refused.push(...answer.value.slice(0, MOST_TOLD - refused.length))
    }
    const last = keys.at(-1)
    if (listed.value.next === null || last === undefined) return { removed, refused, failure: null }
    from = last
  }
}
