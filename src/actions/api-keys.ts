import { KEY_LENGTH, KEY_PREFIX, lookUpPart } from '../core/api-key'
import type { ApiKey, KeyAccess } from '../core/api-key'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Project } from '../core/project'
import { DAY } from '../core/time'
import type { User } from '../core/user'
import type { ApiKeyStore } from '../store/api-keys'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Random } from '../world/random'
import { keyedDigest, sameSecret } from '../world/secrets'
import { keyProblem, MOST_KEYS, newSecret, NOTED_MS } from './key-input'
import type { KeyInput } from './key-input'

/** What people do with keys, and what keys open. */
export interface ApiKeyActions {
  /** Whom a key lets in, and to do what; null for one that is unknown, revoked or expired. */
  open(secret: string, from: string | null): Promise<{ project: Project; access: KeyAccess } | null>
  /** `secret` is the key, which nobody can be shown again. */
  add(
    project: Project,
    user: Pick<User, 'email'>,
    input: KeyInput,
  ): Promise<Result<{ key: ApiKey; secret: string }>>
  revoke(key: ApiKey): Promise<Result<ApiKey>>
  /** Gives a project another ping key: all its ping addresses by slug change at once. */
  renewPingKey(project: Project): Promise<Result<Project>>
  removePingKey(project: Project): Promise<Result<Project>>
  /** Gives it a key of one's own. */
  setPingKey(project: Project, pingKey: string): Promise<Result<Project>>
}

export interface ApiKeyDeps {
  apiKeys: ApiKeyStore
  projects: Pick<ProjectStore, 'setPingKey'>
  secretKey: string
  random: Pick<Random, 'text'>
  clock: Clock
  log: Log
}

const SMALL_LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const PING_KEY_LENGTH = 22

export function apiKeyActions(deps: ApiKeyDeps): ApiKeyActions {
  const { apiKeys, projects, secretKey, random, clock, log } = deps

  /** Nobody waits for this, and nothing hangs on it. */
  function noteUse({ id, lastUsedAt }: ApiKey, from: string | null): void {
    const at = clock()
    if (lastUsedAt !== null && at - lastUsedAt < NOTED_MS) return
    apiKeys.noteUse(id, { at, from, unlessSinceAt: at - NOTED_MS }).catch((cause: unknown) => {
      log.warn('the use of an API key could not be noted', { error: String(cause) })
    })
  }

  async function setPingKey(project: Project, pingKey: string | null): Promise<Result<Project>> {
    const changed = await projects.setPingKey(project.id, pingKey)
    if (changed === null) return fail('not_found', 'There is no such project any more.')
    if (changed !== 'taken') return ok(changed)
    return fail('conflict', 'Another project has this ping key: choose another, or let one be made.')
  }

  return {
    async open(secret, from) {
      if (Array.from(secret).length !== KEY_LENGTH) return null
      const digest = keyedDigest(secretKey, secret)
      const candidates = await apiKeys.candidates(lookUpPart(secret), clock())
      const found = candidates.find((candidate) => sameSecret(candidate.digest, digest))
      if (!found) return null
      noteUse(found.key, from)
      return { project: found.project, access: found.key.access }
    },

    async add(project, user, input) {
      const name = input.name.trim()
      const problem = keyProblem(name, input)
      if (problem) return problem
      const createdAt = clock()
      const secret = input.secret ?? newSecret(random, KEY_PREFIX[input.access])
      const key = await apiKeys.add(
        {
          projectId: project.id,
          name,
          access: input.access,
          prefix: secret.slice(0, 4),
          lookUp: lookUpPart(secret),
          digest: keyedDigest(secretKey, secret),
          createdBy: user.email,
          createdAt,
          expiresAt: input.expiresInDays === null ? null : createdAt + input.expiresInDays * DAY,
        },
        MOST_KEYS,
      )
      switch (key) {
        case 'full':
          return fail(
            'conflict',
            `This project has ${MOST_KEYS} keys, the most there can be: revoke one first.`,
          )
        case 'taken':
          return fail('conflict', 'There is this key already: choose another.')
        default:
          return ok({ key, secret })
      }
    },

    async revoke(key) {
      return (await apiKeys.remove(key.id)) ? ok(key) : fail('not_found', 'There is no such key any more.')
    },

    renewPingKey: (project) => setPingKey(project, random.text(PING_KEY_LENGTH, SMALL_LETTERS_AND_DIGITS)),
    removePingKey: (project) => setPingKey(project, null),

    async setPingKey(project, pingKey) {
      if (new RegExp(`^[a-z0-9]{${PING_KEY_LENGTH}}$`).test(pingKey)) return setPingKey(project, pingKey)
      const message = `A ping key has ${PING_KEY_LENGTH} characters: small letters a to z and digits.`
      return fail('invalid', message, { fields: { ping_key: message } })
    },
  }
}
