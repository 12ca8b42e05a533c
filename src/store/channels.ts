import type { Channel, DisabledBy } from '../core/channel'
import type { Instant } from '../core/time'
import { all, bit, clean, insert, one, run, update } from './sql'
import type { Columns, Sql, Value, Work } from './sql'

export type NewChannel = Pick<
  Channel,
  'projectId' | 'kind' | 'name' | 'value' | 'tellsDown' | 'tellsUp' | 'verified' | 'createdAt'
> &
  Partial<Pick<Channel, 'repeatMs'>>

/** What people, and the links in mails, change of a channel. */
export type ChannelChanges = Partial<
  Pick<Channel, 'name' | 'value' | 'tellsDown' | 'tellsUp' | 'verified' | 'repeatMs'>
> & { disabled?: false }

/** How an attempt to tell went: spec/alerting.md [A19]. */
export interface Attempt {
  /** When it began. */
  at: Instant
  tookMs: number
  /** '' when it was delivered. */
  error: string
  /** The other side is gone for good. An attempt only ever disables, it never enables. */
  disable: boolean
}

export interface ChannelStore {
  /** By creation. */
  ofProject(projectId: number): Promise<Channel[]>
  /** The same of several projects, all together. */
  ofProjects(projectIds: readonly number[]): Promise<Channel[]>
  /** The channels that a check is switched on for, by creation. */
  ofCheck(checkId: number): Promise<Channel[]>
  find(code: string): Promise<Channel | null>
  /** Adds a channel, switched on for every check of its project. */
  add(channel: NewChannel): Promise<Channel>
  /** Null: no such channel. */
  edit(id: number, changes: ChannelChanges): Promise<Channel | null>
  /** Somebody who gets its messages wants no more of them; what waits for it is dropped. Null: no such channel. */
  unsubscribe(id: number): Promise<Channel | null>
  /** Ends what a failure began. False when that is not why nothing is sent. */
  enable(id: number): Promise<boolean>
  /** Removes a channel and what was waiting to be told through it. False when there was none. */
  remove(id: number): Promise<boolean>
  checkIds(id: number): Promise<number[]>
  /**
   * Switches a channel on for just these checks of its project. All or nothing: false when one of the codes is not
   * a check of the project.
   */
  setChecks(channel: Channel, checkCodes: readonly string[]): Promise<boolean>
  noteAttempt(id: number, attempt: Attempt): Promise<void>
}

export function channelStore(sql: Sql, newCode: () => string): ChannelStore {
  return {
    ofProject(projectId) {
      return sql.read(function* () {
        const rows = yield* all<ChannelRow>(
          'SELECT * FROM channels WHERE project_id = $1 ORDER BY created_at, id',
          [projectId],
        )
        return rows.map(toChannel)
      })
    },

    ofProjects(projectIds) {
      return sql.read(function* () {
        const rows = yield* all<ChannelRow>(
          `SELECT * FROM channels WHERE ${sql.among('project_id', '$1', 'bigint')} ORDER BY created_at, id`,
          [JSON.stringify(projectIds)],
        )
        return rows.map(toChannel)
      })
    },

    ofCheck(checkId) {
      return sql.read(function* () {
        const rows = yield* all<ChannelRow>(
          `SELECT channels.* FROM channels JOIN check_channels ON channel_id = channels.id
           WHERE check_id = $1 ORDER BY created_at, id`,
          [checkId],
        )
        return rows.map(toChannel)
      })
    },

    find(code) {
      return sql.read(function* () {
        const row = yield* one<ChannelRow>('SELECT * FROM channels WHERE code = $1', [code])
        return row ? toChannel(row) : null
      })
    },

    add(channel) {
      return sql.transaction(() => addChannel(channel, newCode))
    },

    edit(id, changes) {
      return sql.transaction(function* () {
        const row = yield* one<ChannelRow>(`SELECT * FROM channels WHERE id = $1 ${sql.forUpdate}`, [id])
        if (!row) return null
        const edited = {
          ...toChannel(row),
          ...changes,
          ...(changes.disabled === false ? { disabledBy: null, disabledReason: '' } : {}),
        }
        yield* update('channels', EDITED_COLUMNS, [{ id, ...editedValues(edited) }])
        return edited
      })
    },

    unsubscribe(id) {
      return sql.transaction(function* () {
        const [row] = yield* all<ChannelRow>(
          `UPDATE channels SET disabled = 1, disabled_by = 'unsubscribe', disabled_reason = ''
           WHERE id = $1 RETURNING *`,
          [id],
        )
        yield* dropWaiting(id)
        return row ? toChannel(row) : null
      })
    },

    enable(id) {
      return sql.transaction(function* () {
        const enabled = yield* all(
          `UPDATE channels SET disabled = 0, disabled_by = '', disabled_reason = ''
           WHERE id = $1 AND disabled_by = 'failure' RETURNING id`,
          [id],
        )
        return enabled.length > 0
      })
    },

    remove(id) {
      return sql.transaction(function* () {
        const gone = yield* all('DELETE FROM channels WHERE id = $1 RETURNING id', [id])
        return gone.length > 0
      })
    },

    checkIds(id) {
      return sql.read(function* () {
        const rows = yield* all<{ check_id: number }>(
          'SELECT check_id FROM check_channels WHERE channel_id = $1 ORDER BY check_id',
          [id],
        )
        return rows.map((row) => row.check_id)
      })
    },

    setChecks(channel, checkCodes) {
      return sql.transaction(function* () {
        const wanted = yield* all<{ id: number }>(
          `SELECT id FROM checks WHERE project_id = $2 AND ${sql.among('code', '$1', 'text')} ORDER BY id`,
          [JSON.stringify(checkCodes), channel.projectId],
        )
        if (wanted.length !== new Set(checkCodes).size) return false
        yield* run('DELETE FROM check_channels WHERE channel_id = $1', [channel.id])
        yield* insert(
          'check_channels',
          wanted.map(({ id }) => ({ check_id: id, channel_id: channel.id })),
        )
        return true
      })
    },

    noteAttempt(id, attempt) {
      return sql.transaction(() => noteAttempt(id, attempt))
    },
  }
}

/** The step of a larger transaction that adds a channel. */
export function* addChannel(channel: NewChannel, newCode: () => string): Work<Channel> {
  const whole: Omit<Channel, 'id'> = {
    repeatMs: null,
    ...channel,
    code: newCode(),
    disabled: false,
    disabledBy: null,
    disabledReason: '',
    lastNotifyAt: null,
    lastTookMs: null,
    lastError: '',
  }
  const values = {
    project_id: whole.projectId,
    code: whole.code,
    kind: whole.kind,
    ...editedValues(whole),
    last_error: '',
    created_at: whole.createdAt,
  }
  const [row] = yield* insert<{ id: number }>('channels', [values], 'RETURNING id')
  const id = row!.id
  yield* run(
    'INSERT INTO check_channels (check_id, channel_id) SELECT id, $1 FROM checks WHERE project_id = $2',
    [id, channel.projectId],
  )
  return { ...whole, id }
}

/** What waits for a channel that is switched off is not told: spec/alerting.md §12. */
export function* dropWaiting(id: number): Work<void> {
  yield* run(
    `UPDATE notifications SET state = 'failed', due_at = NULL, error = 'Channel disabled'
     WHERE channel_id = $1 AND state = 'waiting'`,
    [id],
  )
}

/** The step of a larger transaction that shows at the channel how an attempt went. */
export function* noteAttempt(id: number, { at, tookMs, error, disable }: Attempt): Work<void> {
  yield* run('UPDATE channels SET last_notify_at = $2, last_took_ms = $3, last_error = $4 WHERE id = $1', [
    id,
    at,
    tookMs,
    clean(error),
  ])
  if (disable) yield* disableFor(id, clean(error))
}

/** The same for a failure that became known after the attempt had gone well. */
export function* noteLateFailure(id: number, error: string, disables: boolean): Work<void> {
  yield* run('UPDATE channels SET last_error = $2 WHERE id = $1', [id, error])
  if (!disables) return
  yield* disableFor(id, error)
  yield* dropWaiting(id)
}

/** The first reason stands: an unsubscribe must not be taken for a failure that a test may end. */
function* disableFor(id: number, reason: string): Work<void> {
  yield* run(
    `UPDATE channels SET disabled = 1, disabled_by = 'failure', disabled_reason = $2
     WHERE id = $1 AND disabled = 0`,
    [id, reason],
  )
}

const EDITED_COLUMNS: Columns = {
  id: 'bigint',
  name: 'text',
  value: 'text',
  tells_down: 'integer',
  tells_up: 'integer',
  verified: 'integer',
  disabled: 'integer',
  disabled_by: 'text',
  disabled_reason: 'text',
  repeat_ms: 'bigint',
}

function editedValues(channel: Omit<Channel, 'id'>): Record<string, Value> {
  return {
    name: clean(channel.name),
    value: clean(channel.value),
    tells_down: bit(channel.tellsDown),
    tells_up: bit(channel.tellsUp),
    verified: bit(channel.verified),
    disabled: bit(channel.disabled),
    disabled_by: channel.disabledBy ?? '',
    disabled_reason: channel.disabledReason,
    repeat_ms: channel.repeatMs,
  }
}

export interface ChannelRow {
  id: number
  project_id: number
  code: string
  kind: string
  name: string
  value: string
  tells_down: number
  tells_up: number
  verified: number
  disabled: number
  disabled_by: DisabledBy | ''
  disabled_reason: string
  repeat_ms: number | null
  last_notify_at: number | null
  last_took_ms: number | null
  last_error: string
  created_at: number
}

export function toChannel(row: ChannelRow): Channel {
  return {
    id: row.id,
    projectId: row.project_id,
    code: row.code,
    kind: row.kind,
    name: row.name,
    value: row.value,
    tellsDown: row.tells_down === 1,
    tellsUp: row.tells_up === 1,
    verified: row.verified === 1,
    disabled: row.disabled === 1,
    disabledBy: row.disabled_by === '' ? null : row.disabled_by,
    disabledReason: row.disabled_reason,
    repeatMs: row.repeat_ms,
    lastNotifyAt: row.last_notify_at,
    lastTookMs: row.last_took_ms,
    lastError: row.last_error,
    createdAt: row.created_at,
  }
}
