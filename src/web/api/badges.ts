import type { App } from '../../app'
import { ALL, BADGE_FORMATS, tagBadgePath } from '../../core/badge-address'
import { distinctTags } from '../../core/tags'
import { apiRoute, json } from './route'
import type { ApiRoute } from './route'

/** Addresses of badges, by tag: E14 of spec/management-api.md §8. */
export function badgeRoutes({ store, signer, config }: Pick<App, 'store' | 'signer' | 'config'>): ApiRoute[] {
  function addressesOf(badgeKey: string, tag: string): Record<string, string> {
    const address = (showsLate: boolean) => (format: (typeof BADGE_FORMATS)[number]) => {
      const path = tagBadgePath({ badgeKey, tag, showsLate, format }, signer.badge)
      return [showsLate ? `${format}3` : format, config.siteRoot + path] as const
    }
    const pairs = BADGE_FORMATS.flatMap((format) => [address(false)(format), address(true)(format)])
    return Object.fromEntries(pairs)
  }

  return [
    apiRoute('badges/', {
      GET: {
        needs: 'read-only',
        summary: 'Lists the addresses of badges, one for each tag and one for all checks.',
        async answer({ project: { badgeKey } }) {
          const tags = distinctTags(await store.checkSearch.standings(badgeKey)).filter((tag) => tag !== ALL)
          const badges = [...tags, ALL].map((tag) => [tag, addressesOf(badgeKey, tag)] as const)
          return json({ badges: Object.fromEntries(badges) })
        },
      },
    }),
  ]
}
