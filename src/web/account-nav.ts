import type { AccountNav } from './account-models'
import type { Paths } from './paths'

export type AccountPart = 'account' | 'security' | 'sessions' | 'appearance' | 'notifications' | 'tokens'

/** The pages about one's account, in one row of links. */
export function accountNav(paths: Paths, current: AccountPart): AccountNav[] {
  const parts: [AccountPart, string, string][] = [
    ['account', 'Account', paths.account],
    ['security', 'Security', paths.security],
    ['sessions', 'Sessions', paths.sessions],
    ['appearance', 'Appearance', paths.appearance],
    ['notifications', 'E-mail reports', paths.notifications],
    ['tokens', 'Access tokens', paths.tokens],
  ]
  return parts.map(([part, text, url]) => ({ text, url, current: part === current }))
}
