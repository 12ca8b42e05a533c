import { KEY_LENGTH, KEY_PREFIX, lookUpPart } from '../core/api-key'
import type { ApiKey, KeyAccess } from '../core/api-key'
import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import { DAY, MINUTE } from '../core/time'
import type { User } from '../core/user'
import type { ApiKeyStore } from '../store/api-keys'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Random } from '../world/random'
import { keyedDigest, sameSecret } from '../world/secrets'

export interface ApiKeyInput {
  name: string
  access: KeyAccess
  /** Null: never. */
  expiresInDays: number | null
  /** A key of one's own instead of a new one, exactly 32 characters. */
  secret?: string
}

/** What people do with keys, and what keys open. */
export interface ApiKeyActions {
  /** Whom a key lets in, and to do what; null for one that is unknown, revoked or expired. */
  open(secret: string, from: string | null): Promise<{ project: Project; access: KeyAccess } | null>
  /** `secret` is the key, which nobody can be shown again. */
  add(
    project: Project,
    user: Pick<User, 'email'>,
    input: ApiKeyInput,
  ): Promise<Result<{ key: ApiKey; secret: string }>>
  revoke(key: ApiKey): Promise<Result<ApiKey>>
  /** Gives a project another ping key: all its ping addresses by slug change at once. */
  renewPingKey(project: Project): Promise<Result<Project>>
  removePingKey(project: Project): Promise<Result<Project>>
}

export interface ApiKeyDeps {
  apiKeys: ApiKeyStore
  projects: Pick<ProjectStore, 'setPingKey'>
  secretKey: string
  random: Pick<Random, 'text'>
  clock: Clock
  log: Log
}

const MOST_KEYS = 20
const MOST_NAME = 60
const LONGEST_DAYS = 3650

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const SMALL_LETTERS_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const PING_KEY_LENGTH = 22

/** A use is noted once in this time. */
const NOTED_MS = MINUTE

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
    return changed ? ok(changed) : fail('not_found', 'There is no such project any more.')
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
      const problem = problemOf(name, input)
      if (problem) return problem
      const createdAt = clock()
      const secret = input.secret ?? newKey(input.access)
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
  }

  function newKey(access: KeyAccess): string {
    const prefix = KEY_PREFIX[access]
    return prefix + random.text(KEY_LENGTH - prefix.length, LETTERS_AND_DIGITS)
  }
}

function problemOf(
  name: string,
  { expiresInDays, secret }: ApiKeyInput,
): { ok: false; problem: Problem } | null {
  const fields: Record<string, string> = {}
  const length = Array.from(name).length
  if (length === 0) fields['name'] = 'Fill in this field.'
  if (length > MOST_NAME) fields['name'] = `At most ${MOST_NAME} characters.`
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  if (/[\u0000-\u001f\u007f]/.test(name)) fields['name'] = 'Remove the control characters.'
  const isPeriod = expiresInDays === null || (Number.isInteger(expiresInDays) && expiresInDays >= 1)
  if (!isPeriod || (expiresInDays ?? 0) > LONGEST_DAYS) {
    fields['expires'] = `Choose when it expires: after 1 to ${LONGEST_DAYS} days, or never.`
  }
  if (secret !== undefined && !/^[\x21-\x7e]{32}$/.test(secret)) {
    fields['secret'] = `A key has ${KEY_LENGTH} characters, without blanks.`
  }
  const texts = Object.values(fields)
  return texts.length === 0 ? null : fail('invalid', texts.join(' '), { fields })
}
