import { KEY_LENGTH, lookUpPart, TOKEN_PREFIX } from '../core/api-key'
import type { AccessToken, KeyAccess } from '../core/api-key'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY } from '../core/time'
import type { User } from '../core/user'
import type { AccessTokenStore } from '../store/access-tokens'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Random } from '../world/random'
import { keyedDigest, sameSecret } from '../world/secrets'
import { keyProblem, MOST_KEYS, newSecret, NOTED_MS } from './key-input'
import type { KeyInput } from './key-input'

/** What people do with the tokens of their account, and what tokens open. */
export interface AccessTokenActions {
  /**
   * Whose token this is, and what it may do; null for one that is unknown, revoked or
   * expired, and for those of an account that is disabled.
   */
  open(secret: string, from: string | null): Promise<{ user: User; access: KeyAccess } | null>
  /** `secret` is the token, which nobody can be shown again. */
  add(user: User, input: Omit<KeyInput, 'secret'>): Promise<Result<{ token: AccessToken; secret: string }>>
  revoke(token: AccessToken): Promise<Result<AccessToken>>
}

export interface AccessTokenDeps {
  accessTokens: AccessTokenStore
  secretKey: string
  random: Pick<Random, 'text'>
  clock: Clock
  log: Log
}

export function accessTokenActions(deps: AccessTokenDeps): AccessTokenActions {
  const { accessTokens, secretKey, random, clock, log } = deps

  /** Nobody waits for this, and nothing hangs on it. */
  function noteUse({ id, lastUsedAt }: AccessToken, from: string | null): void {
    const at = clock()
    if (lastUsedAt !== null && at - lastUsedAt < NOTED_MS) return
    accessTokens.noteUse(id, { at, from, unlessSinceAt: at - NOTED_MS }).catch((cause: unknown) => {
      log.warn('the use of an access token could not be noted', { error: String(cause) })
    })
  }

  return {
    async open(secret, from) {
      if (Array.from(secret).length !== KEY_LENGTH) return null
      const digest = keyedDigest(secretKey, secret)
      const candidates = await accessTokens.candidates(lookUpPart(secret), clock())
      const found = candidates.find((candidate) => sameSecret(candidate.digest, digest))
      if (!found || found.user.disabled) return null
      noteUse(found.token, from)
      return { user: found.user, access: found.token.access }
    },

    async add(user, input) {
      const name = input.name.trim()
      const problem = keyProblem(name, input)
      if (problem) return problem
      const createdAt = clock()
      const secret = newSecret(random, TOKEN_PREFIX[input.access])
      const token = await accessTokens.add(
        {
          userId: user.id,
          name,
          access: input.access,
          prefix: secret.slice(0, 4),
          lookUp: lookUpPart(secret),
          digest: keyedDigest(secretKey, secret),
          createdAt,
          expiresAt: input.expiresInDays === null ? null : createdAt + input.expiresInDays * DAY,
        },
        MOST_KEYS,
      )
      if (token === 'full') {
        const message = `This account has ${MOST_KEYS} tokens, the most there can be: revoke one first.`
        return fail('conflict', message)
      }
      if (token === 'taken') return fail('conflict', 'There is this token already: try again.')
      return ok({ token, secret })
    },

    async revoke(token) {
      const gone = await accessTokens.remove(token.id)
      return gone ? ok(token) : fail('not_found', 'There is no such token any more.')
    },
  }
}
