import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DAY, HOUR, SECOND } from '../src/core/time'
import { openStore } from '../src/store'
import type { Store } from '../src/store'
import { aBeginning, aNewChannel, aPing } from '../test/support/build'
import { freePort, startVictim } from '../test/torture/appliance'
import type { Victim } from '../test/torture/appliance'
import { openLedger } from '../test/torture/ledger'
import { postgresTarget, sqliteTarget } from '../test/torture/target'
import type { Target } from '../test/torture/target'
import { startBaseline } from './support/baseline'
import { median, quantile } from './support/figures'
import { get } from './support/load'
import { startPaced } from './support/paced'
import { startPacer } from './support/paced-apart'
import { PING_KEY } from './support/seed'

/**
 * What a storm of missed deadlines costs: many checks due in the same second, one webhook receiver on
 * loopback, and jobs that go on pinging at a steady pace. Then how soon a fail ping is told, and what the
 * program costs while many checks wait and nothing is due.
 *
 *   npm run bench:alerts [-- --db sqlite|postgres --checks 10000 --idle-checks 100000 --pings 100 --apart]
 *
 * The pings are sent and timed by this very process, which asks for flips and messages in between and is held
 * up by the answers, so that they look slower than they are. With `--apart` a process of its own sends them.
 */
const { values } = parseArgs({
  options: {
    db: { type: 'string', default: 'sqlite' },
    checks: { type: 'string', default: '10000' },
    'idle-checks': { type: 'string', default: '100000' },
    /** Per second. */
    pings: { type: 'string', default: '100' },
    apart: { type: 'boolean', default: false },
  },
})
const count = Number(values.checks)
const idleCount = Number(values['idle-checks'])
const perSecond = Number(values.pings)

/** Jobs that go on while the others miss their deadline. */
const ALIVE = 50
const CONNECTIONS = 8
/** For start-up and for the pings while nothing is due. */
const IDLE_MS = 20 * SECOND
const LEAD_MS = 35 * SECOND
const FAILS = 41
const PATIENCE_MS = 300 * SECOND
const CPU_MS = 30 * SECOND
/** Checks made in one transaction. */
const BATCH = 500

interface Heard {
  at: number
  code: string
  status: string
}

async function main(): Promise<void> {
  await storm(values.db === 'postgres' ? await postgresTarget() : sqliteTarget())
  if (idleCount > 0) await idle(values.db === 'postgres' ? await postgresTarget() : sqliteTarget())
}

async function storm({ config, settings, end }: Target): Promise<void> {
  const receiver = await startBaseline('webhook-sink.ts')
  const heard = async () => (await (await fetch(`http://127.0.0.1:${receiver.port}/heard`)).json()) as Heard[]
  const store = await openStore(config, { newCode: randomUUID })
  await begin(store, `http://127.0.0.1:${receiver.port}/$CODE/$STATUS`)
  const alive = await addChecks(store, 'alive', ALIVE, Date.now())
  const late = await addChecks(store, 'late', count, Date.now())
  const dueAt = Date.now() + LEAD_MS
  await pingAll(store, late, dueAt - DAY - HOUR)
  await store.close()
  const { port, program } = await start(settings)
  const ledger = await openLedger(config)
  const flipsOf = async () => Number((await ledger.query<{ n: number }>(FLIPS_DOWN))[0]?.n)

  const pacer = await openPacer(port, alive)
  await sleep(SECOND)
  await (
    await pacer.start()
  )()
  const stopIdle = await pacer.start()
  await sleep(Math.min(IDLE_MS, dueAt - Date.now() - SECOND))
  const idleMs = await stopIdle()
  await sleep(dueAt - Date.now())

  const stopBusy = await pacer.start()
  const flippedMs = await until(async () => (await flipsOf()) >= count, 20, dueAt)
  const untilFlippedMs = await stopBusy()
  const stopTold = await pacer.start()
  await until(async () => (await heard()).length >= count, 250, dueAt)
  const untilToldMs = await stopTold()
  pacer.end()
  const told = (await heard()).map(({ at }) => at - dueAt).toSorted((a, b) => a - b)
  const inTime = new Set((await heard()).map(({ code }) => code)).size

  console.log(
    `${values.db}, ${count} checks due in the same second, one webhook, ${perSecond} pings/s ${values.apart ? 'from elsewhere' : 'from here'} meanwhile`,
  )
  console.log(`all flips recorded    ${seconds(flippedMs)} after the deadline`)
  console.log(
    `all delivered         ${seconds(told.at(-1) ?? NaN)} (${told.length} messages of ${inTime} checks)`,
  )
  console.log(`deadline to hand-over p50 ${seconds(median(told))}   p99 ${seconds(quantile(told, 0.99))}`)
  pings('pings, nothing due', idleMs, idleMs)
  pings('pings, until flipped', untilFlippedMs, idleMs)
  pings('pings, until told', untilToldMs, idleMs)
  await failPings(port, alive, heard)
  await program.kill()
  await ledger.close()
  receiver.stop()
  await end()
}

/** Pings of these checks, at the pace that was asked for. */
async function openPacer(port: number, codes: readonly string[]) {
  const pace = { port, perSecond, connections: CONNECTIONS }
  const paths = codes.map((code) => `/ping/${code}`)
  if (values.apart) {
    const pacer = await startPacer()
    return { start: () => pacer.start({ ...pace, paths }), end: () => pacer.end() }
  }
  let turn = 0
  const request = () => get(paths[turn++ % paths.length]!)
  return {
    start: async () => {
      const stop = await startPaced({ ...pace, request })
      return () => Promise.resolve(stop())
    },
    end: () => undefined,
  }
}

const FLIPS_DOWN = `SELECT COUNT(*) AS n FROM flips WHERE to_status = 'down'`

/** From the fail ping that is sent to the webhook that arrives. */
async function failPings(
  port: number,
  codes: readonly string[],
  heard: () => Promise<Heard[]>,
): Promise<void> {
  const tookMs: number[] = []
  for (let i = 0; i < FAILS; i++) {
    const code = codes[i % codes.length]!
    await sleep(100)
    const sentAt = Date.now()
    await fetch(`http://127.0.0.1:${port}/ping/${code}/fail`)
    let arrived: Heard | undefined
    await until(
      async () => {
        arrived = (await heard()).find((one) => one.code === code && one.status === 'down')
        return arrived !== undefined
      },
      50,
      sentAt,
    )
    tookMs.push((arrived?.at ?? NaN) - sentAt)
  }
  console.log(
    `fail ping to webhook  median ${median(tookMs).toFixed(0)} ms, p90 ${quantile(tookMs, 0.9).toFixed(0)} ms (${FAILS} pings)`,
  )
}

/** What the whole program takes of a core while nobody pings and nothing is due. */
async function idle({ config, settings, end }: Target): Promise<void> {
  const store = await openStore(config, { newCode: randomUUID })
  await begin(store, 'http://127.0.0.1:9/')
  await addChecks(store, 'idle', idleCount, Date.now())
  await store.close()
  const { program } = await start(settings)
  await sleep(5 * SECOND)
  const before = cpuSeconds(program.pid)
  await sleep(CPU_MS)
  const share = ((cpuSeconds(program.pid) - before) * SECOND) / CPU_MS
  console.log(`${idleCount} checks idle: the whole process takes ${(share * 100).toFixed(1)} % of a core`)
  await program.kill()
  await end()
}

async function start(settings: Record<string, string>): Promise<{ port: number; program: Victim }> {
  const port = await freePort()
  return { port, program: await startVictim({ ...settings, INTEGRATIONS_ALLOW_PRIVATE_IPS: 'True' }, port) }
}

/** One account, and one webhook for all checks that follow. */
async function begin(store: Store, url: string): Promise<void> {
  const beginning = aBeginning()
  const user = { ...beginning.user, checkLimit: 1_000_000 }
  const { project, channel } = (await store.users.addFirst({ ...beginning, user }))!
  await store.channels.remove(channel.id)
  await store.projects.setPingKey(project.id, PING_KEY)
  await store.channels.add(aNewChannel(project.id, { value: JSON.stringify({ url_down: url, url_up: url }) }))
}

/** Daily checks with an hour of grace, by pings that add them. */
async function addChecks(store: Store, name: string, many: number, at: number): Promise<string[]> {
  const codes: string[] = []
  for (let done = 0; done < many; done += BATCH) {
    const arrivals = Array.from({ length: Math.min(BATCH, many - done) }, (_, i) => ({
      pingKey: PING_KEY,
      slug: `${name}-${done + i}`,
      createAt: at,
      ping: aPing({ at }),
    }))
    for (const receipt of await store.checks.recordPings(arrivals)) {
      if (typeof receipt === 'object' && receipt) codes.push(receipt.code)
    }
  }
  return codes
}

async function pingAll(store: Store, codes: readonly string[], at: number): Promise<void> {
  for (let done = 0; done < codes.length; done += BATCH) {
    await store.checks.recordPings(
      codes.slice(done, done + BATCH).map((code) => ({ code, ping: aPing({ at }) })),
    )
  }
}

function pings(what: string, waitsMs: readonly number[], idleMs: readonly number[]): void {
  const [p99, ofIdle] = [quantile(waitsMs, 0.99), quantile(idleMs, 0.99)]
  console.log(
    `${what.padEnd(21)} p50 ${median(waitsMs).toFixed(1)} ms   p99 ${p99.toFixed(1)} ms (${(p99 / ofIdle).toFixed(2)} x idle, ${waitsMs.length} pings)`,
  )
}

/** How long after `since` it came true. */
async function until(isTrue: () => Promise<boolean>, everyMs: number, since: number): Promise<number> {
  while (!(await isTrue())) {
    if (Date.now() - since > PATIENCE_MS) throw new Error('It takes too long')
    await sleep(everyMs)
  }
  return Date.now() - since
}

/** Processor time that a process has had, in seconds; the kernel counts hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const seconds = (ms: number) => `${(ms / SECOND).toFixed(2)} s`
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
