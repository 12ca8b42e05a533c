import { putOff } from '../core/check'
import type { Check, Flip, Outcome } from '../core/check'
import { applyPing } from '../core/ping'
import type { ArrivingPing } from '../core/ping'
import type { PingKind } from '../core/signal'
import type { Instant } from '../core/time'
import { addCheck } from './add-check'
import type { NewCheck } from './add-check'
import { resolveAll } from './addresses'
import type { Address, Unresolved } from './addresses'
import { checkValues, SETTING_COLUMNS, stateValues, STATE_COLUMNS, toCheck } from './check-rows'
import type { CheckRow } from './check-rows'
import { queueBodies } from './bodies'
import { keepFlips } from './outbox'
import { noteDowns, openOutage } from './outages'
import { pingValues } from './pings'
import { queuePurges } from './purges'
import { all, insert, one, update } from './sql'
import type { Sql, Work } from './sql'

export type { NewCheck }

/** A ping and the check that its address names. */
export type Arrival = Address & { ping: ArrivingPing }

/** The same where the address is by code. */
export type CodeArrival = Extract<Arrival, { code: string }>

/** What became of an arrival. */
export interface Receipt {
  checkId: number
  code: string
  /** The ping's number within its check. */
  n: number
  kind: PingKind
  flip: Flip | null
  /** The check was added because of this ping. */
  created: boolean
  /** How many pings came since the log was last cut to its limit. */
  unpruned: number
}

/** A receipt, or why there is none. */
export type Recorded = Receipt | Unresolved

/** What a look at the alarms found. */
export interface AlarmsRung {
  /** How many had rung, stale ones included. */
  found: number
  flips: number
  /** Checks that no rule could evaluate: they were put off. */
  unusable: { code: string; cause: unknown }[]
  /** It was the first look, or part of it, after an outage that is to be settled when nothing is left. */
  isAfterOutage: boolean
  /** When the next alarm rings, if this look found all that had rung; null when none is set, or not known. */
  nextAt: Instant | null
}

export interface CheckStore {
  /**
   * Keeps pings and what they do to their checks, all in one transaction. Receipts come in the
   * order of the arrivals; null where there is no such check. A check that a ping may add is added in
   * the same transaction, once whoever asks at the same time. `bodiesDueAt`: from when on their large
   * bodies are to be moved to object storage; null, as without it: not at all.
   */
  recordPings(arrivals: readonly Arrival[], options?: { bodiesDueAt: Instant | null }): Promise<Recorded[]>
  /**
   * Lets `decide` judge up to `limit` checks whose alarm has rung, the oldest alarm first, passing
   * over those that another instance has. When it throws, that check alone is put off. While an outage is
   * too recent nobody is judged; what goes down right after it waits to be told together. If the power fails
   * it may never have been, and is found again.
   */
  changeDue(nowAt: Instant, limit: number, decide: (check: Check) => Outcome): Promise<AlarmsRung>
  /** The one door for change: `decide` sees the check as it is now, under lock. Null: no such check. */
  change(id: number, decide: (check: Check) => Outcome): Promise<Check | null>
  /** The same door for several at once, in one transaction. Those that are gone are passed over. */
  changeMany(ids: readonly number[], decide: (check: Check) => Outcome): Promise<Check[]>
  /** Adds a check, switched on for every channel of its project. */
  add(check: NewCheck): Promise<Check>
  /** Removes a check with its pings, flips and notifications. False when there was none. */
  remove(id: number): Promise<boolean>
  /** The same for several, in one transaction. The codes of those that were there. */
  removeMany(ids: readonly number[]): Promise<string[]>
  findByCode(code: string): Promise<Check | null>
  /** Those of them that are there, in no particular order. */
  findAll(ids: readonly number[]): Promise<Check[]>
  /** In no particular order: names are sorted in the program. */
  ofProject(projectId: number): Promise<Check[]>
  /** The same of several projects, one after the other as they come. */
  ofProjects(projectIds: readonly number[]): Promise<Check[]>
  /** When a check was last pinged, among all; null when none was. */
  newestPingAt(): Promise<Instant | null>
  /** How many checks there are in all projects that this person owns. */
  countOfOwner(userId: number): Promise<number>
}

export function checkStore(sql: Sql, newCode: () => string): CheckStore {
  return {
    recordPings(arrivals, { bodiesDueAt } = { bodiesDueAt: null }) {
      return sql.transaction(function* () {
        const places = yield* resolveAll(sql, newCode, arrivals)
        const rows = yield* lockByCode(
          places.flatMap((place) => (typeof place === 'object' && place ? [place.code] : [])),
        )
        const prunedCounts = new Map(rows.map((row) => [row.id, row.pruned_count]))
        const checks = new Map(rows.map((row) => [row.code, toCheck(row)]))
        const flips: { check: Check; flip: Flip }[] = []
        const pings = []
        const receipts: Recorded[] = []
        for (const [i, { ping: arriving }] of arrivals.entries()) {
          const place = places[i] ?? null
          if (place === null || typeof place === 'string') {
            receipts.push(place)
            continue
          }
          const { code, created } = place
          const check = checks.get(code)
          if (!check) {
            receipts.push(null)
            continue
          }
          const received = applyPing(check, arriving)
          checks.set(code, received.check)
          pings.push(pingValues(check.id, received.ping, arriving.body))
          if (received.flip) flips.push(received as typeof received & { flip: Flip })
          const { n, kind } = received.ping
          const unpruned = n - (prunedCounts.get(check.id) ?? 0)
          receipts.push({ checkId: check.id, code, n, kind, flip: received.flip, created, unpruned })
        }
        yield* insert('pings', pings)
        if (bodiesDueAt !== null) yield* queueBodies(pings, bodiesDueAt)
        yield* update('checks', STATE_COLUMNS, [...checks.values()].map(stateValues))
        yield* keepFlips(sql, newCode, flips)
        return receipts
      })
    },

    changeDue(nowAt, limit, decide) {
      return sql.transaction(
        function* () {
          const outage = limit > 0 ? yield* openOutage(sql, nowAt) : null
          if (outage?.isHeld) return { found: 0, flips: 0, unusable: [], isAfterOutage: false, nextAt: null }
          const rows = yield* all<CheckRow>(
            `SELECT * FROM checks WHERE alert_after_at <= $1 AND status <> 'down'
           ORDER BY alert_after_at LIMIT $2 ${sql.forUpdateSkipLocked}`,
            [nowAt, limit],
          )
          const unusable: AlarmsRung['unusable'] = []
          const outcomes = rows.map(toCheck).map((check) => {
            try {
              return decide(check)
            } catch (cause) {
              unusable.push({ code: check.code, cause })
              return { check: putOff(check, nowAt), flip: null }
            }
          })
          const flipIds = yield* saveAll(outcomes, nowAt)
          if (outage !== null) yield* noteDowns(outage, flipIds, nowAt, sql)
          const isAfterOutage = outage !== null
          const nextAt = rows.length < limit ? yield* nextAlarm(nowAt) : null
          return { found: rows.length, flips: flipIds.length, unusable, isAfterOutage, nextAt }
        },
        { relaxed: true },
      )
    },

    change(id, decide) {
      return sql.transaction(function* () {
        const row = yield* one<CheckRow>(`SELECT * FROM checks WHERE id = $1 ${sql.forUpdate}`, [id])
        if (!row) return null
        const outcome = decide(toCheck(row))
        yield* update('checks', SETTING_COLUMNS, [checkValues(outcome.check)])
        yield* saveAll([outcome])
        return outcome.check
      })
    },

    changeMany(ids, decide) {
      return sql.transaction(function* () {
        const rows = yield* all<CheckRow>(
          `SELECT * FROM checks WHERE ${sql.among('id', '$1', 'bigint')} ORDER BY id ${sql.forUpdate}`,
          [JSON.stringify(ids)],
        )
        const outcomes = rows.map((row) => decide(toCheck(row)))
        yield* update(
          'checks',
          SETTING_COLUMNS,
          outcomes.map(({ check }) => checkValues(check)),
        )
        yield* saveAll(outcomes)
        return outcomes.map(({ check }) => check)
      })
    },

    add(check) {
      return sql.transaction(() => addCheck(check, newCode))
    },

    remove(id) {
      return sql.transaction(function* () {
        const gone = yield* all<{ code: string }>('DELETE FROM checks WHERE id = $1 RETURNING code', [id])
        yield* queuePurges(gone.map(({ code }) => code))
        return gone.length > 0
      })
    },

    removeMany(ids) {
      return sql.transaction(function* () {
        const these = sql.among('id', '$1', 'bigint')
        const values = [JSON.stringify(ids)]
        // Locked in their order first, as by those who keep pings.
        yield* all(`SELECT id FROM checks WHERE ${these} ORDER BY id ${sql.forUpdate}`, values)
        const gone = yield* all<{ code: string }>(`DELETE FROM checks WHERE ${these} RETURNING code`, values)
        const codes = gone.map(({ code }) => code)
        yield* queuePurges(codes)
        return codes
      })
    },

    findByCode(code) {
      return sql.read(function* () {
        const row = yield* one<CheckRow>('SELECT * FROM checks WHERE code = $1', [code])
        return row ? toCheck(row) : null
      })
    },

    findAll(ids) {
      return sql.read(function* () {
        const rows = yield* all<CheckRow>(`SELECT * FROM checks WHERE ${sql.among('id', '$1', 'bigint')}`, [
          JSON.stringify(ids),
        ])
        return rows.map(toCheck)
      })
    },

    ofProject(projectId) {
      return sql.read(function* () {
        const rows = yield* all<CheckRow>('SELECT * FROM checks WHERE project_id = $1', [projectId])
        return rows.map(toCheck)
      })
    },

    ofProjects(projectIds) {
      return sql.read(function* () {
        const rows = yield* all<CheckRow>(
          `SELECT * FROM checks WHERE ${sql.among('project_id', '$1', 'bigint')}`,
          [JSON.stringify(projectIds)],
        )
        return rows.map(toCheck)
      })
    },

    newestPingAt() {
      return sql.read(function* () {
        const row = yield* one<{ at: number | null }>('SELECT MAX(last_ping_at) AS at FROM checks')
        return row?.at ?? null
      })
    },

    countOfOwner(userId) {
      return sql.read(function* () {
        const row = yield* one<{ count: number }>(
          `SELECT COUNT(*) AS count FROM checks JOIN projects ON projects.id = project_id
           WHERE owner_id = $1`,
          [userId],
        )
        return row?.count ?? 0
      })
    },
  }

  function* nextAlarm(nowAt: Instant): Work<Instant | null> {
    const next = yield* one<{ alert_after_at: number }>(
      `SELECT alert_after_at FROM checks WHERE alert_after_at > $1 AND status <> 'down'
       ORDER BY alert_after_at LIMIT 1`,
      [nowAt],
    )
    return next?.alert_after_at ?? null
  }

  /** In id order, so that two instances never wait for each other's locks in a circle. */
  function* lockByCode(codes: string[]): Work<CheckRow[]> {
    return yield* all<CheckRow>(
      `SELECT * FROM checks WHERE ${sql.among('code', '$1', 'text')} ORDER BY id ${sql.forUpdate}`,
      [JSON.stringify(codes)],
    )
  }

  /** Keeps what was decided: the checks as they now are, their flips, and whom to tell. Gives the flips' ids. */
  function* saveAll(outcomes: readonly Outcome[], nowAt?: Instant): Work<number[]> {
    yield* update(
      'checks',
      STATE_COLUMNS,
      outcomes.map(({ check }) => stateValues(check)),
    )
    const flips = outcomes.flatMap(({ check, flip }) => (flip ? [{ check, flip }] : []))
    return yield* keepFlips(sql, newCode, flips, nowAt)
  }
}
