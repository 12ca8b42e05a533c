import type { ApiKey, KeyAccess } from '../core/api-key'
import type { Project } from '../core/project'
import type { Instant } from '../core/time'
import { toProject } from './projects'
import type { ProjectRow } from './projects'
import { all, clean, insert, one, run } from './sql'
import type { Sql } from './sql'

/** A key to be. Of the key itself only what it is found and recognised by. */
export interface NewApiKey extends Omit<ApiKey, 'id' | 'code' | 'hint' | 'lastUsedAt' | 'lastUsedFrom'> {
  /** Its first four characters. */
  prefix: string
  /** The next eight. */
  lookUp: string
  /** Keyed hash of the whole, in hex. */
  digest: string
}

/** A key that may be the one that is asked for, if its digest agrees. */
export interface Candidate {
  key: ApiKey
  digest: string
  project: Project
}

export interface ApiKeyStore {
  /** All keys with this look-up part that have not expired: hardly ever more than one. */
  candidates(lookUp: string, nowAt: Instant): Promise<Candidate[]>
  /** By creation, expired ones too. */
  ofProject(projectId: number): Promise<ApiKey[]>
  /** 'full' when the project has `limit` keys that have not expired; 'taken' when there is this key already. */
  add(key: NewApiKey, limit: number): Promise<ApiKey | 'full' | 'taken'>
  /** False when there was none. */
  remove(id: number): Promise<boolean>
  /** Notes a use, unless one since `unlessSinceAt` is noted already. */
  noteUse(id: number, use: { at: Instant; from: string | null; unlessSinceAt: Instant }): Promise<void>
}

export function apiKeyStore(sql: Sql, newCode: () => string): ApiKeyStore {
  return {
    candidates(lookUp, nowAt) {
      return sql.read(function* () {
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
      })
    },

    ofProject(projectId) {
      return sql.read(function* () {
        const rows = yield* all<ApiKeyRow>('SELECT * FROM api_keys WHERE project_id = $1 ORDER BY id', [
          projectId,
        ])
        return rows.map(toApiKey)
      })
    },

    add(key, limit) {
      return sql.transaction(function* () {
        // Locked, so that two at once see each other.
        yield* one(`SELECT id FROM projects WHERE id = $1 ${sql.forUpdate}`, [key.projectId])
        const active = yield* all(
          'SELECT id FROM api_keys WHERE project_id = $1 AND (expires_at IS NULL OR expires_at > $2)',
          [key.projectId, key.createdAt],
        )
        if (active.length >= limit) return 'full'
        const suffix = 'ON CONFLICT (digest) DO NOTHING RETURNING *'
        const [row] = yield* insert<ApiKeyRow>('api_keys', [valuesOf(key, newCode())], suffix)
        return row ? toApiKey(row) : 'taken'
      })
    },

    remove(id) {
      return sql.transaction(function* () {
        const gone = yield* all('DELETE FROM api_keys WHERE id = $1 RETURNING id', [id])
        return gone.length > 0
      })
    },

    noteUse: (id, { at, from, unlessSinceAt }) =>
      sql.transaction(() =>
        run(
          `UPDATE api_keys SET last_used_at = $2, last_used_from = $3
           WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)`,
          [id, at, from, unlessSinceAt],
        ),
      ),
  }
}

interface ApiKeyRow {
  id: number
  project_id: number
  code: string
  name: string
  access: KeyAccess
  prefix: string
  look_up: string
  digest: string
  created_by: string
  created_at: number
  last_used_at: number | null
  last_used_from: string | null
  expires_at: number | null
}

type Prefixed<R> = { [C in keyof R & string as `p_${C}`]: R[C] }

const PROJECT = ['id', 'code', 'name', 'owner_id', 'ping_key', 'badge_key', 'address_style', 'created_at']
  .map((column) => `projects.${column} AS p_${column}`)
  .join(', ')

function valuesOf(key: NewApiKey, code: string) {
  return {
    project_id: key.projectId,
    code,
    name: clean(key.name),
    access: key.access,
    prefix: key.prefix,
    look_up: key.lookUp,
    digest: key.digest,
    created_by: key.createdBy,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
  }
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    projectId: row.project_id,
    code: row.code,
    name: row.name,
    access: row.access,
    hint: row.prefix + row.look_up.slice(0, 4),
    createdBy: row.created_by,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastUsedFrom: row.last_used_from,
    expiresAt: row.expires_at,
  }
}
