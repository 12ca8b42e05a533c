import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres } from '../../../src/store/postgres'
import { openSqlite } from '../../../src/store/sqlite'
import type { Sql } from '../../../src/store/sql'
import { databases } from '../../support/databases'
import { localSite } from '../../support/local-site'
import type { LocalSite } from '../../support/local-site'
import { NOON } from '../../support/build'
import vectors from '../../vectors/api-validation.json'
import { fill } from './fixture'

// Every request of the vectors over real HTTP against the whole site, on both databases.

interface Case {
  id: string
  method: string
  endpoint: string
  headers?: Record<string, string>
  payload?: unknown
  raw_payload?: string
  setup?: Case
  expected_status: number
  expected_error?: string | null
  expected_fields?: Record<string, unknown>
  absent_fields?: string[]
  expected_text?: string
  expected_empty_body?: boolean
  expected_headers?: Record<string, string>
  expected_list_length?: number
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  bytes: Buffer
}

/** A missing final slash is no reason to send a client elsewhere: the answer is that of the other form (D5). */
const isRedirect = ({ expected_status }: Case): boolean => expected_status === 301

const { SITE_ROOT, PING_ENDPOINT, SECRET_KEY, SITE_NAME, METRICS_KEY } = vectors.fixture.settings

/** Everything is as it is elsewhere where the site has a path of its own. */
const sites = [
  ...databases.map((database) => ({ database, root: '' })),
  { database: databases[0]!, root: '/hc' },
]

describe.each(sites)('the management API on $database.name at "$root/"', ({ database, root }) => {
  const below = (text: string): string => text.replaceAll(SITE_ROOT, SITE_ROOT + root)
  const cases = JSON.parse(below(JSON.stringify(vectors.cases))) as Case[]

  let site: LocalSite
  let sql: Sql
  let isFresh = false

  beforeAll(async () => {
    const config = await database.fresh()
    site = await localSite(
      {
        SECRET_KEY,
        SITE_NAME,
        METRICS_KEY,
        SITE_ROOT: below(SITE_ROOT),
        PING_ENDPOINT: below(PING_ENDPOINT),
        ALLOWED_HOSTS: '*',
      },
      { database: config },
    )
    sql = config.kind === 'sqlite' ? openSqlite(config) : await openPostgres(config)
  })

  afterAll(async () => {
    await sql.close()
    await site.close()
  })

  async function answerOf(each: Case): Promise<Answer> {
    if (!isFresh) await fill(sql, NOON)
    if (each.setup) await send({ ...each.setup, headers: { ...KEY, ...each.setup.headers } })
    const answer = await send(each)
    isFresh =
      each.setup === undefined && (['GET', 'HEAD', 'OPTIONS'].includes(each.method) || answer.status >= 300)
    return answer
  }

  function send({ method, endpoint, headers = {}, payload, raw_payload }: Case): Promise<Answer> {
    const body = raw_payload ?? (payload === undefined ? undefined : JSON.stringify(payload))
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
    const options = { method, headers: { 'Content-Type': 'application/json', ...length, ...headers } }
    return new Promise((resolve, reject) => {
      const sent = request(site.url + root + endpoint, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
          }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  it.each(cases.filter((each) => !isRedirect(each)))('$id', async (each) => {
    const answer = await answerOf(each)
    const json = documentOf(answer)
    expect(answer.status).toBe(each.expected_status)
    if (each.expected_error !== undefined) expect(json?.['error'] ?? null).toBe(each.expected_error)
    if (each.expected_fields) expect(json).toMatchObject(each.expected_fields)
    for (const field of each.absent_fields ?? []) expect(json).not.toHaveProperty(field)
    if (each.expected_text !== undefined) expect(answer.bytes.toString('utf8')).toBe(each.expected_text)
    if (each.expected_empty_body) expect(answer.bytes).toHaveLength(0)
    if (each.expected_list_length !== undefined) {
      expect(Object.values(json ?? {})[0]).toHaveLength(each.expected_list_length)
    }
    for (const [name, value] of Object.entries(each.expected_headers ?? {})) {
      const sent = String(answer.headers[name.toLowerCase()])
      if (name === 'Access-Control-Allow-Methods') expect(membersOf(sent)).toEqual(membersOf(value))
      else expect(sent).toBe(value)
    }
  })

  it.each(cases.filter(isRedirect))('$id: without a final slash as with it', async (each) => {
    const answer = await answerOf(each)
    isFresh = false
    const [path, query] = each.endpoint.split('?')
    const other = await answerOf({ ...each, endpoint: `${path}/${query === undefined ? '' : `?${query}`}` })
    expect(answer.status).toBe(other.status)
    const refusal = REFUSED[each.id]
    if (refusal === undefined) expect(answer.status).toBeLessThan(300)
    else expect(answer.status).toBe(refusal)
    expect(Object.keys(documentOf(answer) ?? {})).toEqual(Object.keys(documentOf(other) ?? {}))
  })
})

/** Cases without the key they need are refused, with a final slash or without. */
const REFUSED: Record<string, number> = { 'prometheus-017': 401, 'service-009': 403 }

const KEY = { 'X-Api-Key': vectors.fixture.projects[0]?.api_key ?? '' }

function documentOf({ bytes, headers }: Answer): Record<string, unknown> | null {
  const isJson = headers['content-type']?.startsWith('application/json')
  return isJson ? (JSON.parse(bytes.toString('utf8')) as Record<string, unknown>) : null
}

function membersOf(list: string): string[] {
  return list.split(', ').toSorted()
}
