import { toBase32 } from '../core/base32'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { RECOVERY_ALPHABET, RECOVERY_CODES, RECOVERY_LENGTH } from '../core/recovery-code'
import { matchTotp } from '../core/totp'
import type { SecondStepStore } from '../store/second-steps'
import type { SignInStore } from '../store/sign-ins'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { sealFor } from '../world/sealing'
import type { Seal } from '../world/sealing'
import { keyedDigest } from '../world/secrets'
import type { AccountLog } from './account-log'
import type { Browser, SessionActions, Ticket, Visitor } from './sessions'

/** Authenticator apps and recovery codes: spec/web-ui.md A19–A21. */
export interface AuthenticatorActions {
  /** The secret that is being set up in this browser, in base32: the same until it is confirmed. */
  draft(visitor: Visitor): Promise<string>
  /** Turns it on, once a code shows that the app has it. */
  confirm(visitor: Visitor, code: string, browser: Browser): Promise<Result<null>>
  /** Ends all other sessions; this one goes on under another secret. */
  remove(visitor: Visitor, browser: Browser): Promise<Ticket>
  /** Ten new codes, shown this once; the old ones are void. */
  makeRecoveryCodes(visitor: Visitor, browser: Browser): Promise<string[]>
  /** Whether this would be the first second step. */
  hasNone(visitor: Visitor): Promise<boolean>
}

export interface AuthenticatorDeps {
  secondSteps: SecondStepStore
  signIns: Pick<SignInStore, 'setTotpDraft'>
  sessions: Pick<SessionActions, 'rotate' | 'endOthers'>
  random: Pick<Random, 'bytes' | 'text'>
  clock: Clock
  secretKey: string
  log: AccountLog
}

const SECRET_BYTES = 20

/** How the secret of an app is kept. */
export function totpSeal(secretKey: string, userId: number): Seal {
  return sealFor(secretKey, `totp of ${userId}`)
}

/** M-AUTH-5 */
const WRONG_CODE = 'That code is not right.'

export function authenticatorActions(deps: AuthenticatorDeps): AuthenticatorActions {
  const { secondSteps, signIns, sessions, random, clock, log } = deps
  return {
    async draft(visitor) {
      const { user, signIn } = visitor
      const seal = totpSeal(deps.secretKey, user.id)
      const begun = signIn.totpDraft === null ? null : seal.open(signIn.totpDraft)
      if (begun !== null) return begun
      const secret = toBase32(random.bytes(SECRET_BYTES))
      const totpDraft = seal.close(secret, random)
      await signIns.setTotpDraft(signIn.key, totpDraft)
      visitor.signIn = { ...signIn, totpDraft }
      return secret
    },

    async confirm({ user, signIn }, code, browser) {
      const seal = totpSeal(deps.secretKey, user.id)
      const secret = signIn.totpDraft === null ? null : seal.open(signIn.totpDraft)
      const step = secret === null ? null : matchTotp(secret, code, clock())
      if (secret === null || step === null)
        return fail('invalid', WRONG_CODE, { fields: { code: WRONG_CODE } })
      await secondSteps.setTotp(user.id, seal.close(secret, random), clock(), step)
      await signIns.setTotpDraft(signIn.key, null)
      await log(user.id, 'totp-added', browser)
      return ok(null)
    },

    async remove(visitor, browser) {
      await secondSteps.removeTotp(visitor.user.id)
      await sessions.endOthers(visitor)
      await log(visitor.user.id, 'totp-removed', browser)
      return sessions.rotate(visitor)
    },

    async makeRecoveryCodes({ user }, browser) {
      const codes = Array.from({ length: RECOVERY_CODES }, () =>
        random.text(RECOVERY_LENGTH, RECOVERY_ALPHABET),
      )
      const digests = codes.map((code) => keyedDigest(deps.secretKey, code))
      await secondSteps.setRecoveryCodes(user.id, digests, clock())
      await log(user.id, 'recovery-codes-made', browser)
      return codes
    },

    async hasNone({ user }) {
      const own = await secondSteps.of(user.id)
      return own.totp === null && own.passkeys === 0
    },
  }
}
