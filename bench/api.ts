import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../src/store'
import type { Store } from '../src/store'
import type { NewApiKey } from '../src/store/api-keys'
import { keyedDigest } from '../src/world/secrets'
import { signer } from '../src/world/signer'
import { aBeginning, aNewChannel, aNewCheck, aPing } from '../test/support/build'
import { freePort, startVictim } from '../test/torture/appliance'
import { startBaseline } from './support/baseline'
import { median } from './support/figures'
import { get, measure, post } from './support/load'
import type { Load, Measured } from './support/load'

/**
 * What the management API costs beside an empty route of Express in the same run: the list of 1,000 checks,
 * one check, making one, the pings of one, and the badge and the metrics over all. On SQLite with
 * DB_SYNCHRONOUS=FULL, in turns. Ratios are medians over the rounds.
 *
 *   npm run bench:api [-- --rounds 6 --seconds 1 --connections 8 --checks 1000]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '8' },
    checks: { type: 'string', default: '1000' },
  },
})
const connections = Number(values.connections)
const seconds = Number(values.seconds)
const count = Number(values.checks)

const WARM_UP_SECONDS = 1.5
const SECRET_KEY = 'a-key-for-benches-'.repeat(4)
const WRITER = 'hcw_BenchBench1111Bench2222Bench'
const READER = 'hcr_BenchBench1111Bench2222Bench'
/** Of another project, so that what is made does not lengthen the lists. */
const MAKER = 'hcw_MakerMaker1111Maker2222Maker'
const CHANNELS = 4
const PINGS = 100

/** Every third check has a cron expression, in a zone with changes of the clock. */
const SCHEDULES = [
  { kind: 'period' as const, periodMs: 86_400_000 },
  { kind: 'period' as const, periodMs: 3_600_000 },
  { kind: 'cron' as const, expression: '*/15 3-5 * * 1-5', tz: 'Europe/Berlin' },
]

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const seeded = await seed(join(folder, 'rollcall.sqlite'))
  const empty = await startBaseline('empty-express.ts')
  const port = await freePort()
  const ours = await startVictim({ DATA_DIR: folder, HOME: folder, LOG_LEVEL: 'warn', SECRET_KEY }, port)

  const list = '/api/v3/checks/'
  const one = `${list}${seeded.code}`
  const tag = await tagOf(port, list)
  const badge = `/badge/${seeded.badgeKey}/${signer(SECRET_KEY).badge(seeded.badgeKey, 'prod')}/prod.svg`
  let made = 0
  const create = (): Buffer =>
    post(list, Buffer.from(JSON.stringify({ name: `made ${made++}`, timeout: 3600 })), {
      'X-Api-Key': MAKER,
    })
  const ask = (path: string, headers = writer): Partial<Load> => ({ request: () => get(path, headers) })
  const loads: Record<string, Load> = {}
  const add = (name: string, load: Partial<Load>): void => {
    loads[name] = { port, connections, seconds, request: () => get(list), ...load }
  }
  add('empty Express route', { ...ask(list), port: empty.port })
  add(`list of ${count}`, ask(list))
  add(`list of ${count}, read-only key`, ask(list, { 'X-Api-Key': READER }))
  add(`list of ${count}, unchanged`, { ...ask(list, { ...writer, 'If-None-Match': tag }), status: 304 })
  add('one check', ask(one))
  add(`pings of a check (${PINGS})`, ask(`${one}/pings/`))
  add(`badge over ${count}`, ask(badge))
  add(`metrics of ${count}`, ask(`/projects/${seeded.projectCode}/metrics/${READER}`))
  add('create', { request: create, status: 201 })

  for (const load of Object.values(loads)) await measure({ ...load, seconds: WARM_UP_SECONDS })
  const results = new Map<string, Measured[]>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, load] of Object.entries(loads)) {
      results.set(name, [...(results.get(name) ?? []), await measure(load)])
    }
  }
  report(results)
  empty.stop()
  await ours.kill()
  rmSync(folder, { recursive: true, force: true })
}

const writer: Record<string, string> = { 'X-Api-Key': WRITER }

function report(results: Map<string, Measured[]>): void {
  const [baseline = []] = results.values()
  for (const [name, rounds] of results) {
    const of = (what: keyof Measured) => median(rounds.map((one) => one[what]))
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    const ratios = rounds.map((one, i) => one.requestsPerSecond / (baseline[i]?.requestsPerSecond ?? NaN))
    console.log(
      `${name.padEnd(30)} ${of('requestsPerSecond').toFixed(0).padStart(7)}/s` +
        `   p50 ${of('p50Ms').toFixed(2).padStart(7)} ms   p99 ${of('p99Ms').toFixed(2).padStart(7)} ms` +
        `   ratio ${median(ratios).toFixed(3)}   other answers: ${others}`,
    )
  }
}

async function tagOf(port: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: writer })
  await answer.arrayBuffer()
  return answer.headers.get('etag') ?? ''
}

interface Seeded {
  projectCode: string
  badgeKey: string
  /** Of a check with a full log. */
  code: string
}

async function seed(file: string): Promise<Seeded> {
  const store = await openStore({ kind: 'sqlite', file, synchronous: 'NORMAL' }, { newCode: randomUUID })
  const beginning = aBeginning()
  const user = { ...beginning.user, checkLimit: 1_000_000 }
  const { project, check } = (await store.users.addFirst({ ...beginning, user }))!
  for (let i = 0; i < CHANNELS; i++) await store.channels.add(aNewChannel(project.id, { name: `Ops ${i}` }))
  const codes = [check.code]
  for (let i = 1; i < count; i++) {
    const facts = { name: `Job ${i}`, slug: `job-${i}`, tags: 'prod db nightly', schedule: SCHEDULES[i % 3]! }
    codes.push((await store.checks.add(aNewCheck(project.id, facts))).code)
  }
  const at = Date.now() - 60_000
  await store.checks.recordPings(codes.map((code) => ({ code, ping: aPing({ at }) })))
  for (let i = 1; i < PINGS; i++) {
    const signal = i % 2 ? ('start' as const) : ('success' as const)
    await store.checks.recordPings([{ code: check.code, ping: aPing({ at: at + i, signal }) }])
  }
  const other = aBeginning('grace@example.org')
  const second = (await store.users.add({ ...other, user: { ...other.user, checkLimit: 1_000_000 } }))!
  await addKeys(store, [
    { projectId: project.id, access: 'read-write', secret: WRITER },
    { projectId: project.id, access: 'read-only', secret: READER },
    { projectId: second.project.id, access: 'read-write', secret: MAKER },
  ])
  await store.close()
  return { projectCode: project.code, badgeKey: project.badgeKey, code: check.code }
}

interface SeededKey extends Pick<NewApiKey, 'projectId' | 'access'> {
  secret: string
}

async function addKeys(store: Store, keys: readonly SeededKey[]): Promise<void> {
  for (const { secret, ...key } of keys) {
    const about = { name: key.access, createdBy: 'ada@example.org', createdAt: Date.now(), expiresAt: null }
    const found = { prefix: secret.slice(0, 4), lookUp: secret.slice(4, 12) }
    await store.apiKeys.add({ ...key, ...about, ...found, digest: keyedDigest(SECRET_KEY, secret) }, 10)
  }
}

void main()
