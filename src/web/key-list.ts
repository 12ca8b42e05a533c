import { MOST_KEYS } from '../actions/key-input'
import type { AccessToken, ApiKey, KeyAccess } from '../core/api-key'
import type { Problem } from '../core/problem'
import type { Project } from '../core/project'
import type { Role } from '../core/role'
import type { Instant } from '../core/time'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { KeysPage, TokensPage } from './key-models'
import type { Paths } from './paths'
import { projectTabs } from './project-tabs'
import { inZone, moment } from './show'

export interface KeysSource {
  project: Pick<Project, 'code' | 'name' | 'pingKey'>
  /** What the visitor may do in it. */
  role: Role
  keys: ApiKey[]
  /** A slug of the project, for an example. */
  slug: string
  pingEndpoint: string
  form: Form
  problem: Problem | null
  tz: string
  nowAt: Instant
  paths: Paths
}

export const ACCESS_WORDS: Record<KeyAccess, string> = {
  'read-write': 'Read and write',
  'read-only': 'Read only',
}

const EXPIRIES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'After 30 days' },
  { value: '90', label: 'After 90 days' },
  { value: '365', label: 'After a year' },
]

/** The keys of a project: web-ui.md P05. */
export function keysPage(source: KeysSource): KeysPage {
  const { project, keys, paths, tz, nowAt, form, problem } = source
  const isFull = isFullOf(keys, nowAt)
  return {
    tabs: projectTabs(project, source.role, 'keys', paths),
    projectName: project.name,
    keys: keys.map((key) => ({
      ...keyRow(key, { tz, nowAt, revokeUrl: paths.revokeKey(project.code, key.code) }),
      made: { at: moment(key.createdAt, tz), by: key.createdBy },
    })),
    tz,
    form: isFull ? null : keyForm(form, problem, paths.keys(project.code)),
    full: isFull
      ? `This project has ${MOST_KEYS} keys, the most there can be. Revoke one to make another.`
      : '',
    pingKey: project.pingKey,
    pingUrl: pingUrl(source),
    renewUrl: paths.pingKey(project.code, 'renew'),
    removeUrl: paths.pingKey(project.code, 'remove'),
  }
}

/** The tokens of a person. */
export function tokensPage(
  source: Pick<KeysSource, 'form' | 'problem' | 'tz' | 'nowAt' | 'paths'> & { tokens: AccessToken[] },
): TokensPage {
  const { tokens, paths, tz, nowAt, form, problem } = source
  const isFull = isFullOf(tokens, nowAt)
  return {
    keys: tokens.map((token) => ({
      ...keyRow(token, { tz, nowAt, revokeUrl: paths.revokeToken(token.code) }),
      made: { at: moment(token.createdAt, tz), by: '' },
    })),
    tz,
    form: isFull ? null : keyForm(form, problem, paths.tokens),
    full: isFull
      ? `Your account has ${MOST_KEYS} tokens, the most there can be. Revoke one to make another.`
      : '',
    docsUrl: paths.apiDocs,
  }
}

type Key = ApiKey | AccessToken

const isOver = ({ expiresAt }: Key, nowAt: Instant): boolean => expiresAt !== null && expiresAt <= nowAt

const isFullOf = (keys: readonly Key[], nowAt: Instant): boolean =>
  keys.filter((key) => !isOver(key, nowAt)).length >= MOST_KEYS

function keyRow(
  key: Key,
  { tz, nowAt, revokeUrl }: { tz: string; nowAt: Instant; revokeUrl: string },
): Omit<KeysPage['keys'][number], 'made'> {
  return {
    code: key.code,
    name: key.name,
    hint: key.hint,
    access: ACCESS_WORDS[key.access],
    used: key.lastUsedAt === null ? null : { at: moment(key.lastUsedAt, tz), from: key.lastUsedFrom ?? '' },
    expires: { at: key.expiresAt === null ? null : moment(key.expiresAt, tz), isOver: isOver(key, nowAt) },
    revokeUrl,
  }
}

function keyForm(form: Form, problem: Problem | null, action: string): KeysPage['form'] {
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  return {
    action,
    errors: summaryOf(problem),
    fields: [
      field({
        name: 'name',
        label: 'Name',
        value: form['name'] ?? '',
        help: 'What will use it.',
        error: wrong('name'),
        required: true,
        maxLength: 60,
      }),
      field({
        name: 'access',
        label: 'It may',
        type: 'select',
        error: wrong('access'),
        options: Object.entries(ACCESS_WORDS).map(([value, label]) => ({
          value,
          label,
          chosen: value === form['access'],
        })),
      }),
      field({
        name: 'expires',
        label: 'Expires',
        type: 'select',
        error: wrong('expires'),
        options: EXPIRIES.map((each) => ({ ...each, chosen: each.value === (form['expires'] ?? '') })),
      }),
    ],
  }
}

/** What a form says of a key to be. */
export function keyInputOf(form: Form): { name: string; access: KeyAccess; expiresInDays: number | null } {
  return {
    name: form['name'] ?? '',
    access: form['access'] === 'read-write' ? 'read-write' : 'read-only',
    expiresInDays: form['expires'] ? Number(form['expires']) : null,
  }
}

/** When a key was last used, for those who are about to revoke it. */
export function lastUse({ lastUsedAt, lastUsedFrom }: Key, tz: string): string {
  if (lastUsedAt === null) return 'It was never used.'
  return `It was last used ${inZone(lastUsedAt, tz)} (${tz})${lastUsedFrom === null ? '' : ` from ${lastUsedFrom}`}.`
}

function pingUrl({ project, slug, pingEndpoint }: KeysSource): KeysPage['pingUrl'] {
  if (project.pingKey === null) return null
  const rest = `${project.pingKey}/${slug === '' ? 'a-slug' : slug}`
  return { endpoint: pingEndpoint, rest, whole: pingEndpoint + rest }
}
