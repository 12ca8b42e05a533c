import type { ApiKey, KeyAccess } from '../core/api-key'
import type { Problem } from '../core/problem'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { KeysPage } from './key-models'
import type { Paths } from './paths'
import { moment } from './show'

export interface KeysSource {
  project: Pick<Project, 'code' | 'name' | 'pingKey'>
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

/** As many as may be active at a time: web-ui.md P05. */
const MOST_KEYS = 20

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
  const { project, keys, paths, tz, nowAt } = source
  const isOver = ({ expiresAt }: ApiKey): boolean => expiresAt !== null && expiresAt <= nowAt
  const isFull = keys.filter((key) => !isOver(key)).length >= MOST_KEYS
  return {
    projectName: project.name,
    keys: keys.map((key) => ({
      code: key.code,
      name: key.name,
      hint: key.hint,
      access: ACCESS_WORDS[key.access],
      made: { at: moment(key.createdAt, tz), by: key.createdBy },
      used: key.lastUsedAt === null ? null : { at: moment(key.lastUsedAt, tz), from: key.lastUsedFrom ?? '' },
      expires: { at: key.expiresAt === null ? null : moment(key.expiresAt, tz), isOver: isOver(key) },
      revokeUrl: paths.revokeKey(project.code, key.code),
    })),
    tz,
    form: isFull ? null : formOf(source),
    full: isFull
      ? `This project has ${MOST_KEYS} keys, the most there can be. Revoke one to make another.`
      : '',
    pingKey: project.pingKey,
    pingUrl: pingUrl(source),
    renewUrl: paths.pingKey(project.code, 'renew'),
    removeUrl: paths.pingKey(project.code, 'remove'),
  }
}

function formOf({ project, form, problem, paths }: KeysSource): KeysPage['form'] {
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  return {
    action: paths.keys(project.code),
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

function pingUrl({ project, slug, pingEndpoint }: KeysSource): KeysPage['pingUrl'] {
  if (project.pingKey === null) return null
  const rest = `${project.pingKey}/${slug === '' ? 'a-slug' : slug}`
  return { endpoint: pingEndpoint, rest, whole: pingEndpoint + rest }
}
