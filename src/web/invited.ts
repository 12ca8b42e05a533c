import type { App } from '../app'
import type { User } from '../core/user'
import type { InvitationInto } from '../store/invitations'

/**
 * What somebody was invited to, by their address, if that is known to be theirs: by a mail, by a proxy, or because
 * they run the instance. For anybody else only the link of an invitation shows that it is for them.
 */
export async function invitationsTo(
  { config, store, clock }: Pick<App, 'config' | 'store' | 'clock'>,
  { email, emailProven, isAdmin }: Pick<User, 'email' | 'emailProven' | 'isAdmin'>,
): Promise<InvitationInto[]> {
  const isTheirs = emailProven || isAdmin || config.remoteUserHeader !== null
  return isTheirs ? store.invitations.ofEmail(email, clock()) : []
}
