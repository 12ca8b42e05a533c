import { DAY, HOUR } from '../core/time'
import type { Instant } from '../core/time'
import { addCheck } from './add-check'
import { all } from './sql'
import type { Sql, Work } from './sql'

/** Longest slug of a check that a ping adds: spec/ping-api.md [P8]. */
const LONGEST_SLUG = 100

/** How far beyond their limit of checks owners can get by pings that add some: [P8]. */
const LIMIT_FACTOR = 2

/** Which check a ping is for: by its code, or by the ping key of its project and its slug. */
export type Address = { code: string } | SlugAddress

export interface SlugAddress {
  pingKey: string
  slug: string
  /** Adds the check, at this time, if there is none; null: does not. */
  createAt: Instant | null
}

/** The check that is meant. */
export interface Place {
  code: string
  /** It was added for this. */
  created: boolean
}

/** Why no check is meant; null: there is none, or none may be added. */
export type Unresolved = null | 'ambiguous' | 'slug too long'

/** The short addresses of checks: a project's ping key and a slug. */
export interface AddressStore {
  /**
   * The codes of the checks with exactly this slug in the project with exactly this key. Several are
   * ambiguous (spec/ping-api.md [P6]); two are enough to know.
   */
  checksAt(pingKey: string, slug: string): Promise<string[]>
  /** What is meant, and added if it is to be, for a ping that cannot be taken itself. */
  resolve(address: SlugAddress): Promise<Place | Unresolved>
}

export function addressStore(sql: Sql, newCode: () => string): AddressStore {
  return {
    checksAt(pingKey, slug) {
      return sql.read(function* () {
        const rows = yield* all<{ code: string }>(
          `SELECT checks.code AS code FROM projects JOIN checks ON project_id = projects.id
           WHERE ping_key = $1 AND slug = $2 AND slug <> '' LIMIT 2`,
          [pingKey, slug],
        )
        return rows.map(({ code }) => code)
      })
    },

    resolve: (address) =>
      sql.transaction(function* () {
        const [place = null] = yield* resolveAll(sql, newCode, [address])
        return place
      }),
  }
}

/**
 * The step of a larger transaction that finds what addresses mean, in their order, and adds the checks
 * that are to be added. A code is taken as it is: whoever locks the check will see whether it is there.
 */
export function* resolveAll(
  sql: Sql,
  newCode: () => string,
  addresses: readonly Address[],
): Work<(Place | Unresolved)[]> {
  const slugs = addresses.filter((address) => 'slug' in address)
  if (slugs.length === 0) return addresses.map((address) => placeOf((address as { code: string }).code))

  const pairs = new Map(slugs.map((address) => [pairOf(address), address]))
  const found = yield* findAll(sql, [...pairs.values()])
  // Of one address in one batch it is enough that one asks for the check.
  const asking = slugs.filter(({ createAt }) => createAt !== null)
  const missing = new Map(
    asking.filter((address) => !found.has(pairOf(address))).map((one) => [pairOf(one), one]),
  )
  const added = missing.size === 0 ? NOBODY : yield* addAll(sql, newCode, [...missing.values()], found)

  return addresses.map((address) => {
    if ('code' in address) return placeOf(address.code)
    const pair = pairOf(address)
    const place = found.get(pair) ?? added.get(pair) ?? null
    // The first of several gets to hear that the check is new.
    if (place !== null && typeof place === 'object' && place.created && address.createAt !== null) {
      added.set(pair, placeOf(place.code))
    }
    return place
  })
}

const NOBODY = new Map<string, Place | Unresolved>()

const placeOf = (code: string): Place => ({ code, created: false })

const pairOf = ({ pingKey, slug }: SlugAddress): string => `${pingKey}/${slug}`

/** What there is already, by pair. */
function* findAll(sql: Sql, addresses: readonly SlugAddress[]): Work<Map<string, Place | 'ambiguous'>> {
  const rows = yield* all<{ ping_key: string; slug: string; code: string; count: number }>(
    `SELECT ping_key, slug, MIN(checks.code) AS code, COUNT(*) AS count
     FROM (SELECT value ->> 0 AS asked_key, value ->> 1 AS asked_slug FROM ${sql.items('$1')}) asked
     JOIN projects ON ping_key = asked_key
     JOIN checks ON project_id = projects.id AND slug = asked_slug
     WHERE slug <> ''
     GROUP BY ping_key, slug`,
    [JSON.stringify(addresses.map(({ pingKey, slug }) => [pingKey, slug]))],
  )
  return new Map(
    rows.map(({ ping_key, slug, code, count }) => [
      `${ping_key}/${slug}`,
      count > 1 ? 'ambiguous' : placeOf(code),
    ]),
  )
}

/**
 * Adds the checks of these addresses, as far as their owners may have so many ([P8], [P9]). The owners are
 * locked, in the order of their ids, so that two who ask at once see what the other added; what somebody
 * else was quicker with goes into `found`.
 */
function* addAll(
  sql: Sql,
  newCode: () => string,
  addresses: readonly SlugAddress[],
  found: Map<string, Place | 'ambiguous'>,
): Work<Map<string, Place | Unresolved>> {
  const added = new Map<string, Place | Unresolved>()
  const keys = JSON.stringify(addresses.map(({ pingKey }) => pingKey))
  const owners = yield* all<{ id: number; check_limit: number }>(
    `SELECT id, check_limit FROM users
     WHERE id IN (SELECT owner_id FROM projects WHERE ${sql.among('ping_key', '$1', 'text')})
     ORDER BY id ${sql.forUpdate}`,
    [keys],
  )
  if (owners.length === 0) return added
  for (const [pair, place] of yield* findAll(sql, addresses)) found.set(pair, place)
  const projects = yield* all<{ id: number; ping_key: string; owner_id: number }>(
    `SELECT id, ping_key, owner_id FROM projects WHERE ${sql.among('ping_key', '$1', 'text')}`,
    [keys],
  )
  const room = yield* roomOf(sql, owners)

  for (const address of addresses) {
    const project = projects.find(({ ping_key }) => ping_key === address.pingKey)
    const left = room.get(project?.owner_id ?? 0) ?? 0
    if (project === undefined || left <= 0 || found.has(pairOf(address))) continue
    const { slug, createAt } = address
    if (slug.length > LONGEST_SLUG) {
      added.set(pairOf(address), 'slug too long')
      continue
    }
    const check = yield* addCheck(
      {
        projectId: project.id,
        name: slug,
        slug,
        tags: '',
        description: '',
        schedule: { kind: 'period', periodMs: DAY },
        graceMs: HOUR,
        createdAt: createAt ?? 0,
      },
      newCode,
    )
    room.set(project.owner_id, left - 1)
    added.set(pairOf(address), { code: check.code, created: true })
  }
  return added
}

/** How many checks each owner may still get by pings. */
function* roomOf(
  sql: Sql,
  owners: readonly { id: number; check_limit: number }[],
): Work<Map<number, number>> {
  const rows = yield* all<{ owner_id: number; count: number }>(
    `SELECT owner_id, COUNT(*) AS count FROM checks JOIN projects ON projects.id = project_id
     WHERE ${sql.among('owner_id', '$1', 'bigint')} GROUP BY owner_id`,
    [JSON.stringify(owners.map(({ id }) => id))],
  )
  const counts = new Map(rows.map(({ owner_id, count }) => [owner_id, count]))
  return new Map(
    owners.map(({ id, check_limit }) => [id, LIMIT_FACTOR * check_limit - (counts.get(id) ?? 0)]),
  )
}
