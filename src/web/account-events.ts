import { browserName } from '../core/user-agent'
import type { AccountEvent, AccountEventKind } from '../store/account-events'
import type { SignInMethod } from '../store/sign-ins'
import type { SecurityPage } from './account-models'
import { moment } from './show'

const WORDS: Record<AccountEventKind, string> = {
  'signed-in': 'Signed in',
  'sign-in-failed': 'Wrong password',
  'second-step-failed': 'Wrong code in the second step',
  confirmed: 'Confirmed who you are',
  'confirmation-failed': 'Failed to confirm who you are',
  'password-set': 'Password set',
  'password-removed': 'Password removed',
  'email-asked': 'Change of address begun',
  'email-changed': 'Address changed',
  'not-me': 'A change of address was stopped',
  'passkey-added': 'Passkey added',
  'passkey-removed': 'Passkey removed',
  'totp-added': 'Authenticator app set up',
  'totp-removed': 'Authenticator app removed',
  'recovery-codes-made': 'Recovery codes made',
  'recovery-code-used': 'Recovery code used',
  'sessions-ended': 'Sessions ended',
}

const BAD = new Set<AccountEventKind>([
  'sign-in-failed',
  'second-step-failed',
  'confirmation-failed',
  'not-me',
])

/** How somebody signed in, in words. */
export const METHOD_WORDS: Record<SignInMethod, string> = {
  password: 'Password',
  link: 'Link by mail',
  passkey: 'Passkey',
  'set-up': 'Set-up',
  'sign-up': 'Registration',
  'single sign-on': 'Single sign-on',
}

export function eventRow(event: AccountEvent, tz: string): SecurityPage['events'][number] {
  const detail = event.detail === '' ? '' : ` (${event.detail})`
  return {
    at: moment(event.at, tz),
    text: WORDS[event.kind] + detail,
    from: whereFrom(event),
    isBad: BAD.has(event.kind),
  }
}

/** '192.0.2.7, Firefox on Linux' */
export function whereFrom({ address, agent }: { address: string | null; agent: string }): string {
  return [address, browserName(agent)].filter((part) => part !== null && part !== '').join(', ')
}
