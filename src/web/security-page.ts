import { RECOVERY_CODES } from '../core/recovery-code'
import type { User } from '../core/user'
import { count } from '../core/words'
import type { AccountEvent } from '../store/account-events'
import type { Passkey } from '../store/passkeys'
import type { SecondSteps } from '../store/second-steps'
import { eventRow } from './account-events'
import type { SecurityPage } from './account-models'
import type { Paths } from './paths'
import { moment } from './show'

export interface SecuritySource {
  user: User
  own: SecondSteps
  passkeys: Passkey[]
  sessions: number
  events: AccountEvent[]
  /** Whether the password can go. */
  canRemovePassword: boolean
  hasRpId: boolean
  isElsewhere: boolean
  paths: Paths
}

/** How safe an account is: web-ui.md A13. */
export function securityPage(source: SecuritySource): SecurityPage {
  const { user, own, passkeys, paths } = source
  const { tz } = user
  return {
    isElsewhere: source.isElsewhere,
    advice: adviceOn(own),
    password: {
      isSet: user.passwordHash !== null,
      at: own.passwordSetAt === null ? null : moment(own.passwordSetAt, tz),
      setUrl: paths.ownPassword,
      removeUrl: source.canRemovePassword ? paths.removePassword : null,
    },
    passkeys: passkeys.map((key) => ({
      code: key.code,
      name: key.name,
      added: moment(key.createdAt, tz),
      used: key.lastUsedAt === null ? null : moment(key.lastUsedAt, tz),
      replacesPassword: key.discoverable,
      renameUrl: paths.passkey(key.code, 'rename'),
      removeUrl: paths.passkey(key.code, 'remove'),
    })),
    addPasskeyUrl: source.hasRpId ? paths.addPasskey : null,
    whyNoPasskeys: source.hasRpId ? '' : 'Not possible here: whoever runs this site has not set RP_ID.',
    totp: {
      since: own.totp === null ? null : moment(own.totp.sinceAt, tz),
      setUpUrl: paths.totp,
      removeUrl: paths.removeTotp,
    },
    recovery: recoveryOf(source),
    sessions: {
      text:
        source.sessions === 1
          ? 'You are signed in here only.'
          : `You are signed in ${count(source.sessions, 'time')}, here included.`,
      url: paths.sessions,
    },
    events: source.events.map((event) => eventRow(event, tz)),
    tz,
  }
}

function recoveryOf({ own, user, paths }: SecuritySource): SecurityPage['recovery'] {
  if (own.totp === null && own.passkeys === 0) return null
  const { left, madeAt } = own.recovery
  const made = madeAt === null ? null : moment(madeAt, user.tz)
  return { left, of: RECOVERY_CODES, made, url: paths.recoveryCodes }
}

function adviceOn(own: SecondSteps): SecurityPage['advice'] {
  const steps = own.passkeys + (own.totp === null ? 0 : 1)
  if (steps === 0) {
    const text =
      'Only one step is asked for at sign-in. A passkey or an authenticator app keeps others out who learn your password, or read your mail.'
    return [{ tone: 'info', text }]
  }
  if (steps === 1 && own.recovery.left === 0) {
    const text = 'If you lose your second step you lose access. Make recovery codes now.'
    return [{ tone: 'warning', text }]
  }
  return []
}
