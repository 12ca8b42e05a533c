import type { App } from '../app'
import type { User } from '../core/user'
import type { InvitationInto } from '../store/invitations'

/**
 * What somebody was invited to, by their address. Where no mail and no proxy has shown that an address is
 * theirs, only the link of an invitation does.
 */
export async function invitationsTo(
  { config, store, clock }: Pick<App, 'config' | 'store' | 'clock'>,
  { email }: Pick<User, 'email'>,
): Promise<InvitationInto[]> {
  const isProven = config.mail !== null || config.remoteUserHeader !== null
  return isProven ? store.invitations.ofEmail(email, clock()) : []
}
