import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort, startVictim } from '../test/torture/appliance'
import { lowerQuarter, median } from './support/figures'
import { get, measure, post } from './support/load'
import type { Measured } from './support/load'
import { PING_KEY, seed } from './support/seed'

/**
 * What the other kinds of ping cost beside the plain one: by slug, with a run id, as start and end of a run,
 * and by POST with 100 kB beside 1 kB. In short turns within one run, on SQLite with DB_SYNCHRONOUS=FULL,
 * spread over many checks. A second plain GET tells how far a ratio can be trusted.
 *
 *   npm run bench:ping-kinds [-- --rounds 25 --seconds 0.4 --connections 50 --checks 50]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '0.4' },
    connections: { type: 'string', default: '50' },
    checks: { type: 'string', default: '50' },
  },
})
const connections = Number(values.connections)

/** What the engine needs until it has compiled what is asked of it. */
const WARM_UP_SECONDS = 2

/** Between two turns, for what the last one left behind. */
const SETTLE_MS = 200

interface Kind {
  name: string
  /** The kind that this one is compared with; none: it is one itself. */
  beside?: string
  request: () => Buffer
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const kinds = kindsOf(await seed(join(folder, 'rollcall.sqlite'), { checks: Number(values.checks) }))
  const port = await freePort()
  const ours = await startVictim({ DATA_DIR: folder, HOME: folder, LOG_LEVEL: 'warn' }, port)
  for (const { request } of kinds) await measure({ port, request, connections, seconds: WARM_UP_SECONDS })
  const results = new Map<string, Measured[]>(kinds.map(({ name }) => [name, []]))
  // What a large body leaves behind for the disk and for pruning is none of a GET's business.
  for (const group of [kinds.filter(({ name }) => !isPost(name)), kinds.filter(({ name }) => isPost(name))]) {
    for (let round = 0; round < Number(values.rounds); round++) {
      // There and back, so that nobody always follows the same neighbour.
      for (const { name, request } of round % 2 === 0 ? group : group.toReversed()) {
        const measured = await measure({ port, request, connections, seconds: Number(values.seconds) })
        results.get(name)!.push(measured)
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      }
    }
  }
  await ours.kill()
  rmSync(folder, { recursive: true, force: true })
  report(kinds, results)
}

const isPost = (name: string) => name.startsWith('POST')

function kindsOf(checks: Awaited<ReturnType<typeof seed>>): Kind[] {
  const paths = checks.map(({ code }) => `/ping/${code}`)
  const plain = inTurn(paths.map((path) => get(path)))
  const bodies = (bytes: number) => inTurn(paths.map((path) => post(path, Buffer.alloc(bytes, 'x'))))
  return [
    { name: 'GET by UUID', request: plain },
    { name: 'GET by UUID, again', beside: 'GET by UUID', request: plain },
    {
      name: 'GET by slug',
      beside: 'GET by UUID',
      request: inTurn(checks.map(({ slug }) => get(`/ping/${PING_KEY}/${slug}`))),
    },
    {
      name: 'GET with rid',
      beside: 'GET by UUID',
      request: inTurn(paths.map((path) => () => get(`${path}?rid=${randomUUID()}`))),
    },
    { name: 'start and end with rid', beside: 'GET by UUID', request: inTurn(paths.flatMap(runOf)) },
    { name: 'POST 1 kB', request: bodies(1000) },
    { name: 'POST 100 kB', beside: 'POST 1 kB', request: bodies(100_000) },
  ]
}

/** The start of a run, and its end. */
function runOf(path: string): (() => Buffer)[] {
  let rid = ''
  return [
    () => get(`${path}/start?rid=${(rid = randomUUID())}`),
    () => get(`${path}?rid=${rid === '' ? randomUUID() : rid}`),
  ]
}

function inTurn(requests: (Buffer | (() => Buffer))[]): () => Buffer {
  let turn = 0
  return () => {
    const request = requests[turn++ % requests.length]!
    return typeof request === 'function' ? request() : request
  }
}

/** Ratios are of what a ping costs: more than 1 is dearer than what it is compared with. */
function report(kinds: Kind[], results: Map<string, Measured[]>): void {
  const costs = (name: string) => (results.get(name) ?? []).map((one) => 1000 / one.requestsPerSecond)
  for (const { name, beside } of kinds) {
    const rounds = results.get(name) ?? []
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    console.log(
      `${name.padEnd(24)} ${lowerQuarter(costs(name)).toFixed(3)} ms a ping` +
        `   p50 ${lowerQuarter(rounds.map((one) => one.p50Ms)).toFixed(2)} ms` +
        `   p99 ${lowerQuarter(rounds.map((one) => one.p99Ms)).toFixed(2)} ms   not 200: ${others}`,
    )
    if (beside === undefined) continue
    const base = costs(beside)
    const ratios = costs(name).map((cost, round) => cost / (base[round] ?? NaN))
    console.log(
      `${''.padEnd(24)} costs ${(lowerQuarter(costs(name)) / lowerQuarter(base)).toFixed(2)} × ${beside}` +
        ` (median of the rounds' own ratios ${median(ratios).toFixed(2)})`,
    )
  }
}

void main()
