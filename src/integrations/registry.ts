import type { Integration } from './integration'
import { email } from './kinds/email'
import { webhook } from './kinds/webhook'

/** All kinds of channels, in the order in which people are offered them. */
export const integrations: readonly Integration[] = [email, webhook]

/** Null for a kind that we do not know, or no longer. */
export function integrationOf(kind: string): Integration | null {
  return integrations.find((each) => each.kind === kind) ?? null
}

/** By its name in addresses. */
export function integrationAt(path: string): Integration | null {
  return integrations.find((each) => each.path === path) ?? null
}
