import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort, startVictim } from '../test/torture/appliance'
import { startBaseline } from './support/baseline'
import { median } from './support/figures'
import { get, measure, post } from './support/load'
import type { Measured } from './support/load'
import { seed } from './support/seed'

/**
 * What a ping costs beside nothing at all: an empty node:http server, our ping by GET, and by POST with
 * 1 kB, in turns within one run, on SQLite with DB_SYNCHRONOUS=FULL; to one check, as load tools do, and
 * spread over as many as there are connections, which costs more: each check has its own place in the
 * index of pings. Ratios are medians over the rounds; turns are short, because a shared machine is not as
 * fast in one second as in the next.
 *
 *   npm run bench:pings [-- --rounds 20 --seconds 0.75 --connections 50 --checks 50]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '0.75' },
    connections: { type: 'string', default: '50' },
    checks: { type: 'string', default: '50' },
  },
})
const connections = Number(values.connections)
const seconds = Number(values.seconds)

/** What the engine needs until it has compiled what is asked of it. */
const WARM_UP_SECONDS = 2

const BODY = Buffer.alloc(1000, 'x')

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const checks = await seed(join(folder, 'rollcall.sqlite'), { checks: Number(values.checks) })
  const empty = await startBaseline('empty-server.ts')
  const port = await freePort()
  const ours = await startVictim({ DATA_DIR: folder, HOME: folder, LOG_LEVEL: 'warn' }, port)

  let turn = 0
  const inTurn = (requests: Buffer[]) => () => requests[turn++ % requests.length]!
  const paths = checks.map(({ code }) => `/ping/${code}`)
  const [first = ''] = paths
  const gets = paths.map((path) => get(path))
  const posts = paths.map((path) => post(path, BODY))
  const loads: Record<string, { port: number; request: () => Buffer }> = {
    'empty GET': { port: empty.port, request: inTurn(gets) },
    'GET, one check': { port, request: inTurn([get(first)]) },
    [`GET, ${paths.length} checks`]: { port, request: inTurn(gets) },
    'empty POST': { port: empty.port, request: inTurn(posts) },
    'POST 1 kB, one check': { port, request: inTurn([post(first, BODY)]) },
    [`POST 1 kB, ${paths.length} checks`]: { port, request: inTurn(posts) },
  }
  for (const load of Object.values(loads)) await measure({ ...load, connections, seconds: WARM_UP_SECONDS })
  const results = new Map<string, Measured[]>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, load] of Object.entries(loads)) {
      const measured = await measure({ ...load, connections, seconds })
      results.set(name, [...(results.get(name) ?? []), measured])
    }
  }
  report(results)
  empty.stop()
  await ours.kill()
  rmSync(folder, { recursive: true, force: true })
}

function report(results: Map<string, Measured[]>): void {
  for (const [name, rounds] of results) {
    const of = (what: keyof Measured) => median(rounds.map((one) => one[what]))
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    console.log(
      `${name.padEnd(28)} ${of('requestsPerSecond').toFixed(0).padStart(7)}/s` +
        `   p50 ${of('p50Ms').toFixed(2)} ms   p99 ${of('p99Ms').toFixed(2)} ms   not 200: ${others}`,
    )
  }
  for (const [name, rounds] of results) {
    if (name.startsWith('empty')) continue
    const empty = results.get(name.startsWith('GET') ? 'empty GET' : 'empty POST') ?? []
    const ratios = rounds.map((one, i) => one.requestsPerSecond / (empty[i]?.requestsPerSecond ?? NaN))
    const sorted = ratios.toSorted((a, b) => a - b).map((ratio) => ratio.toFixed(2))
    console.log(`ratio of ${name}: ${median(ratios).toFixed(2)} (${sorted[0]} to ${sorted.at(-1)})`)
  }
}

void main()
