import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SqliteConfig } from '../../src/config'
import { freePort, startVictim } from '../torture/appliance'
import { openLedger } from '../torture/ledger'
import { diceOf } from './dice'
import { watchMemory } from './memory'
import type { MemoryWatch } from './memory'
import { conversationOf } from './requests'
import type { Conversation } from './requests'
import { talk } from './talk'
import type { Heard } from './talk'
import { seedWorld } from './world'
import type { World } from './targets'

/**
 * Throws random requests at the real program, and checks that none of them makes it stumble:
 *
 *   npm run --silent build && node scripts/run.mjs test/fuzz/pings.ts [--requests 200000] [--seed 1] [--only 17]
 *
 * The same seed brings the same requests; `--only` one conversation of them, by its number.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const requests = Number(values.requests)
const seed = Number(values.seed)

const CLIENTS = 50

/** What the program may take of memory, and by how much of it more in the last quarter than in the one before. */
const MOST_MB = 400
const MOST_GROWTH = 0.2

/** Shorter runs end before the memory has settled. */
const TELLING_REQUESTS = 50_000

/** After so many faults the rest would only repeat them. */
const MOST_FAULTS = 3

/** Of each request of a faulty conversation; the rest is had by `--only`. */
const MOST_SHOWN_BYTES = 600

const SECRET_KEY = 'a key for the fuzz test that is long enough to be taken for one'

interface Tally {
  sent: number
  conversations: number
  hangUps: number
  statuses: Map<string, number>
  /** Answers that acknowledge a ping. */
  acknowledged: number
  faults: string[]
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-fuzz-'))
  const config: SqliteConfig = { kind: 'sqlite', file: join(folder, 'rollcall.sqlite'), synchronous: 'FULL' }
  const world = await seedWorld(config, diceOf(seed), SECRET_KEY)
  const port = await freePort()
  const victim = await startVictim(
    {
      DATA_DIR: folder,
      HOME: folder,
      SECRET_KEY,
      SITE_ROOT: 'http://localhost',
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'error',
      API_RATE_LIMIT: '0',
    },
    port,
  )
  const tally: Tally = {
    sent: 0,
    conversations: 0,
    hangUps: 0,
    statuses: new Map(),
    acknowledged: 0,
    faults: [],
  }
  const memory = watchMemory(victim.pid, () => tally.sent / requests)
  const startedAt = performance.now()
  await everybodyTalks(port, world, tally)
  const seconds = (performance.now() - startedAt) / 1000

  tally.faults.push(...(await isWell(port, world)))
  tally.faults.push(...(await areCounted(config, tally.acknowledged + 1)))
  tally.faults.push(...isBounded(memory, tally))
  // Of errors only: LOG_LEVEL. What Node says about itself is not one.
  const complaints = victim.said().replace(/^\((node:|Use `node).*\n/gm, '')
  if (complaints !== '') tally.faults.push(`It complained:\n${complaints}`)
  memory.stop()
  report(tally, memory, seconds)
  await victim.kill()
  rmSync(folder, { recursive: true, force: true })
  console.log(tally.faults.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed')
  if (tally.faults.length > 0) process.exitCode = 1
}

async function everybodyTalks(port: number, world: World, tally: Tally): Promise<void> {
  async function client(): Promise<void> {
    while (tally.sent < requests && tally.faults.length < MOST_FAULTS) {
      await one(port, world, tally, tally.conversations++)
      if (values.only !== undefined) return
    }
  }
  if (values.only === undefined) await Promise.all(Array.from({ length: CLIENTS }, client))
  else await one(port, world, tally, Number(values.only))
}

async function one(port: number, world: World, tally: Tally, number: number): Promise<void> {
  const conversation = conversationOf(diceOf(Math.imul(seed, 0x9e3779b1) + number), world)
  const heard = await talk(port, conversation)
  tally.sent += conversation.requests.length
  if (conversation.hangUpAfterBytes !== null) tally.hangUps++
  for (const { status, headers } of heard.answers) {
    tally.statuses.set(String(status), (tally.statuses.get(String(status)) ?? 0) + 1)
    // Only pings that were taken are told how much of a body is kept.
    if (headers.has('ping-body-limit')) tally.acknowledged++
  }
  const fault = faultIn(conversation, heard)
  if (fault !== null) tally.faults.push(`${fault}\n${told(conversation, number)}`)
}

/** What is wrong with what the program answered, or null. */
function faultIn(
  { requests: said, hangUpAfterBytes }: Conversation,
  { answers, ended }: Heard,
): string | null {
  for (const [i, { status, headers }] of answers.entries()) {
    const isDeliberate = status === 503 && headers.has('retry-after')
    if (status >= 500 && !isDeliberate) return `Request ${i + 1} was answered ${status}`
  }
  if (ended?.startsWith('Error')) return ended
  if (hangUpAfterBytes !== null || said.some(({ sound }) => !sound)) return null
  // It may answer and hang up before all of the last body is there; the answer can then be lost on the way.
  const isCutShort = ended !== null && /EPIPE|ECONNRESET/.test(ended) && answers.length === said.length - 1
  if (answers.length !== said.length && !isCutShort) {
    return `${answers.length} of ${said.length} requests were answered (${ended ?? 'more than there were'})`
  }
  const wrong = said.findIndex(
    ({ expected }, i) =>
      answers[i] !== undefined && expected !== null && ![expected, 503].includes(answers[i].status),
  )
  if (wrong === -1) return null
  return `Request ${wrong + 1} was answered ${answers[wrong]?.status}, not ${said[wrong]?.expected}`
}

function told({ requests: said, hangUpAfterBytes }: Conversation, number: number): string {
  const texts = said.map(({ bytes, sound }, i) => {
    const text = JSON.stringify(bytes.toString('latin1', 0, MOST_SHOWN_BYTES))
    return `  request ${i + 1} (${sound ? 'sound' : 'broken'}, ${bytes.length} bytes): ${text}`
  })
  const end = hangUpAfterBytes === null ? [] : [`  hung up after ${hangUpAfterBytes} bytes`]
  return [`  again with: --seed ${seed} --only ${number}`, ...texts, ...end].join('\n')
}

/** It answers as on the first day. */
async function isWell(port: number, { plainCodes }: World): Promise<string[]> {
  const status = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null))?.status
  const [ping, ready] = [await status(`/ping/${plainCodes[0]}`), await status('/api/v3/status/')]
  return ping === 200 && ready === 200
    ? []
    : [`In the end a ping is answered ${ping}, the status page ${ready}`]
}

async function areCounted(config: SqliteConfig, acknowledged: number): Promise<string[]> {
  const ledger = await openLedger(config)
  const [sum] = await ledger.query<{ pings: number }>('SELECT SUM(ping_count) AS pings FROM checks')
  await ledger.close()
  const pings = sum?.pings ?? 0
  console.log(
    `${acknowledged} pings acknowledged, ${pings} counted (those of clients that hung up are among them)`,
  )
  return pings >= acknowledged ? [] : [`${acknowledged} pings were acknowledged, ${pings} are counted`]
}

function isBounded(memory: MemoryWatch, { sent }: Tally): string[] {
  const faults: string[] = []
  if (!(memory.nowMb() < MOST_MB)) faults.push(`It takes ${memory.nowMb()} MB in the end`)
  const [, , third = 0, fourth = 0] = memory.quartersMb()
  if (sent >= TELLING_REQUESTS && !(fourth <= third * (1 + MOST_GROWTH))) {
    faults.push(`Its memory grows: ${third} MB in the third quarter, ${fourth} MB in the last`)
  }
  return faults
}

function report(tally: Tally, memory: MemoryWatch, seconds: number): void {
  const { sent, conversations, hangUps, statuses, faults } = tally
  console.log(
    `seed ${seed}: ${sent} requests on ${conversations} connections (${hangUps} hung up early) ` +
      `in ${seconds.toFixed(0)} s, ${Math.round(sent / seconds)} a second`,
  )
  const counts = [...statuses].toSorted(([a], [b]) => a.localeCompare(b))
  console.log(`answers: ${counts.map(([status, count]) => `${status}: ${count}`).join(', ')}`)
  const quarters = memory.quartersMb().map((mb) => mb.toFixed(0))
  console.log(
    `resident memory by quarter: ${quarters.join(', ')} MB; at most ${memory.peakMb().toFixed(0)} MB, ` +
      `in the end ${memory.nowMb().toFixed(0)} MB`,
  )
  for (const fault of faults) console.log(`FAULT: ${fault}`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
