import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../src/store'
import { aBeginning, aNewCheck } from '../test/support/build'
import { freePort, startVictim } from '../test/torture/appliance'
import { get, measure, post } from './support/load'
import type { Measured } from './support/load'

/**
 * What a ping costs beside nothing at all: an empty node:http server, our ping by GET, and by POST with
 * 1 kB, in turns within one run, on SQLite with synchronous=FULL. Ratios are medians over the rounds.
 *
 *   npm run bench:pings [-- --rounds 5 --seconds 3 --connections 50 --checks 50]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
    checks: { type: 'string', default: '50' },
  },
})
const connections = Number(values.connections)
const seconds = Number(values.seconds)

const BODY = Buffer.alloc(1000, 'x')

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const codes = await seed(join(folder, 'rollcall.sqlite'))
  const empty = await startEmpty()
  const port = await freePort()
  const ours = await startVictim({ DATA_DIR: folder, HOME: folder, LOG_LEVEL: 'warn' }, port)

  let turn = 0
  const inTurn = (requests: Buffer[]) => () => requests[turn++ % requests.length]!
  const paths = codes.map((code) => `/ping/${code}`)
  const loads = {
    'empty node:http, GET': { port: empty.port, request: inTurn(paths.map((path) => get(path))) },
    'ping, GET': { port, request: inTurn(paths.map((path) => get(path))) },
    'empty node:http, POST 1 kB': {
      port: empty.port,
      request: inTurn(paths.map((path) => post(path, BODY))),
    },
    'ping, POST 1 kB': { port, request: inTurn(paths.map((path) => post(path, BODY))) },
  }
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
  const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
  for (const [name, rounds] of results) {
    const of = (what: keyof Measured) => median(rounds.map((one) => one[what]))
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    console.log(
      `${name.padEnd(28)} ${of('requestsPerSecond').toFixed(0).padStart(7)}/s` +
        `   p50 ${of('p50Ms').toFixed(2)} ms   p99 ${of('p99Ms').toFixed(2)} ms   not 200: ${others}`,
    )
  }
  for (const how of ['GET', 'POST 1 kB']) {
    const empty = results.get(`empty node:http, ${how}`) ?? []
    const ours = results.get(`ping, ${how}`) ?? []
    const ratios = ours.map((one, i) => one.requestsPerSecond / (empty[i]?.requestsPerSecond ?? NaN))
    const sorted = ratios.toSorted((a, b) => a - b).map((ratio) => ratio.toFixed(2))
    console.log(`ratio of ${how}: ${median(ratios).toFixed(2)} (${sorted[0]} to ${sorted.at(-1)})`)
  }
}

async function seed(file: string): Promise<string[]> {
  const store = await openStore({ kind: 'sqlite', file, synchronous: 'FULL' }, { newCode: randomUUID })
  const begun = await store.users.addFirst(aBeginning())
  const codes = [begun!.check.code]
  while (codes.length < Number(values.checks)) {
    codes.push((await store.checks.add(aNewCheck(begun!.project.id))).code)
  }
  await store.close()
  return codes
}

async function startEmpty(): Promise<{ port: number; stop(): void }> {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'bench/support/empty-server.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(/port (\d+)/.exec(line.toString())?.[1]),
    // The whole group: the server runs below the script that started it.
    stop: () => void process.kill(-(child.pid ?? 0)),
  }
}

void main()
