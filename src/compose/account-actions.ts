import { accountLog } from '../actions/account-log'
import { ownPasswordActions } from '../actions/own-password'
import type { OwnPasswordActions } from '../actions/own-password'
import { secondStepActions } from '../actions/second-step'
import type { SecondStepActions } from '../actions/second-step'
import { sessionActions } from '../actions/sessions'
import { signInActions } from '../actions/sign-in'
import type { SignInActions } from '../actions/sign-in'
import { sudoActions } from '../actions/sudo'
import type { SudoActions } from '../actions/sudo'
import type { ActionParts } from './actions'

/** What people do to come in, and with their accounts. */
export interface AccountActions {
  signIn: SignInActions
  secondStep: SecondStepActions
  sudo: SudoActions
  ownPassword: OwnPasswordActions
}

export function composeAccountActions(parts: ActionParts): AccountActions {
  const { config, store, passwords, secretKey, random, clock } = parts
  const log = accountLog(store.accountEvents, clock)
  const sessions = sessionActions({ ...store, random, clock })
  const shared = { ...store, sessions, passwords, secretKey, random, clock, log, settings: config }
  const secondStep = secondStepActions(shared)
  return {
    signIn: signInActions({ ...shared, secondStep }),
    secondStep,
    ownPassword: ownPasswordActions(shared),
    sudo: sudoActions({ ...shared, useTotp: secondStep.useTotp }),
  }
}
