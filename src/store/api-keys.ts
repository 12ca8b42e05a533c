import type { ApiKey } from '../core/api-key'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { keptKeys, shownKey } from './kept-keys'
import type { KeptKeys, KeyRow, NewKey } from './kept-keys'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all } from './sql'
import type { Sql } from './sql'

export interface NewApiKey extends NewKey {
  projectId: number
  /** E-mail address of who makes it. */
  createdBy: string
}

/** A key that may be the one that is asked for, if its digest agrees. */
export interface Candidate {
  key: ApiKey
  digest: string
  project: Project
}

export interface ApiKeyStore extends Pick<KeptKeys<ApiKey>, 'remove' | 'noteUse'> {
  /** All keys with this look-up part that have not expired: hardly ever more than one. */
  candidates(lookUp: string, nowAt: Instant): Promise<Candidate[]>
  /** By creation, expired ones too. */
  ofProject(projectId: number): Promise<ApiKey[]>
  /** 'full' when the project has `limit` keys that have not expired; 'taken' when there is this key already. */
  add(key: NewApiKey, limit: number): Promise<ApiKey | 'full' | 'taken'>
}

export function apiKeyStore(sql: Sql, newCode: () => string): ApiKeyStore {
  const kept = keptKeys(
    sql,
    { table: 'api_keys', owner: 'project_id', owners: 'projects' },
    { newCode, toKey: toApiKey },
  )
  return {
    ofProject: kept.of,
    add: (key, limit) => kept.add(key.projectId, key, limit, { created_by: key.createdBy }),
    remove: kept.remove,
    noteUse: kept.noteUse,

    candidates: (lookUp, nowAt) =>
      sql.read(function* () {
        const rows = yield* all<ApiKeyRow & Prefixed<ProjectRow>>(
          `SELECT api_keys.*, ${PROJECT} FROM api_keys JOIN projects ON projects.id = project_id
           WHERE look_up = $1 AND (expires_at IS NULL OR expires_at > $2)`,
          [lookUp, nowAt],
        )
        return rows.map((row) => ({
          key: toApiKey(row),
          digest: row.digest,
          project: toProject({
            id: row.p_id,
            code: row.p_code,
            name: row.p_name,
            owner_id: row.p_owner_id,
            ping_key: row.p_ping_key,
            badge_key: row.p_badge_key,
            address_style: row.p_address_style,
            ping_log_limit: row.p_ping_log_limit,
            created_at: row.p_created_at,
          }),
        }))
      }),
  }
}

type ApiKeyRow = KeyRow & { project_id: number; created_by: string }

type Prefixed<R> = { [C in keyof R & string as `p_${C}`]: R[C] }

const PROJECT = [
  'id',
  'code',
  'name',
  'owner_id',
  'ping_key',
  'badge_key',
  'address_style',
  'ping_log_limit',
  'created_at',
]
  .map((column) => `projects.${column} AS p_${column}`)
  .join(', ')

function toApiKey(row: ApiKeyRow): ApiKey {
  return { ...shownKey(row), projectId: row.project_id, createdBy: row.created_by }
}
