import { accountLog } from '../actions/account-log'
import { authenticatorActions } from '../actions/authenticator'
import type { AuthenticatorActions } from '../actions/authenticator'
import { closeAccountActions } from '../actions/close-account'
import type { CloseAccountActions } from '../actions/close-account'
import { emailChangeActions } from '../actions/email-change'
import type { EmailChangeActions } from '../actions/email-change'
import { linkActions } from '../actions/links'
import type { LinkActions } from '../actions/links'
import { ownPasswordActions } from '../actions/own-password'
import type { OwnPasswordActions } from '../actions/own-password'
import { passkeyActions } from '../actions/passkeys'
import type { PasskeyActions } from '../actions/passkeys'
import { profileActions } from '../actions/profile'
import type { ProfileActions } from '../actions/profile'
import { secondStepActions } from '../actions/second-step'
import type { SecondStepActions } from '../actions/second-step'
import { sessionActions } from '../actions/sessions'
import { signInActions } from '../actions/sign-in'
import type { SignInActions } from '../actions/sign-in'
import { signUpActions } from '../actions/sign-up'
import type { SignUpActions } from '../actions/sign-up'
import { sudoActions } from '../actions/sudo'
import type { SudoActions } from '../actions/sudo'
import { email } from '../integrations/kinds/email'
import { passkeyCeremonies } from '../world/passkeys'
import type { ActionParts } from './actions'

/** What people do to come in, and with their accounts. */
export interface AccountActions {
  signIn: SignInActions
  secondStep: SecondStepActions
  sudo: SudoActions
  ownPassword: OwnPasswordActions
  links: LinkActions
  closeAccount: CloseAccountActions
  emailChange: EmailChangeActions
  passkeys: PasskeyActions | null
  authenticator: AuthenticatorActions
  profile: ProfileActions
  signUp: SignUpActions
}

export function composeAccountActions(parts: ActionParts): AccountActions {
  const { config, store, passwords, secretKey, random, clock } = parts
  const log = accountLog(store.accountEvents, clock)
  const sessions = sessionActions({ ...store, random, clock, log })
  const shared = { ...store, sessions, passwords, secretKey, random, clock, log, settings: config }
  const journal = parts.log.named('accounts')
  const secondStep = secondStepActions({
    ...shared,
    onUnreadable: (userId) =>
      journal.warn('an authenticator app was set up under another SECRET_KEY: its codes cannot be checked', {
        account: userId,
      }),
  })
  const ownPassword = ownPasswordActions(shared)
  const sudo = sudoActions({ ...shared, useTotp: secondStep.useTotp })
  return {
    signIn: signInActions({ ...shared, secondStep }),
    secondStep,
    ownPassword,
    closeAccount: closeAccountActions(shared),
    emailChange: emailChangeActions(shared),
    authenticator: authenticatorActions(shared),
    profile: profileActions(store),
    links: linkActions({ ...shared, email, secondStep, ownPassword }),
    signUp: signUpActions({ ...shared, email, secondStep }),
    sudo,
    passkeys:
      config.rpId === null
        ? null
        : passkeyActions({
            ...shared,
            ceremonies: passkeyCeremonies(config.rpId),
            secondStep,
            sudo,
            signer: parts.signing,
          }),
  }
}
