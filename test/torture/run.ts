import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { PostgresConfig, SqliteConfig } from '../../src/config'
import { SECOND } from '../../src/core/time'
import { openStore } from '../../src/store'
import { aBeginning, aNewChannel, aNewCheck } from '../support/build'
import { freePort, startVictim } from './appliance'
import type { Victim } from './appliance'
import { openLedger } from './ledger'
import type { Ledger } from './ledger'
import { startLoad } from './load'
import { openSink } from './sink'
import type { Sink } from './sink'
import { postgresTarget, sqliteTarget } from './target'
import type { Target } from './target'

/**
 * Kills the program at random moments under load, again and again, and checks its promises each time:
 * every ping answered OK is there, numbers have no gap and no double, every alert that is due arrives,
 * and one that arrives twice carries the same id.
 *
 *   npm run torture [-- --rounds 200] [--database sqlite|postgres]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    database: { type: 'string', default: 'both' },
    short: { type: 'boolean', default: false },
  },
})
const rounds = values.short ? 20 : Number(values.rounds)

const CHECKS = 40

/** How long the program may live in one round. */
const LIVES_MS = [100, 1200] as const

/** How long nothing may move before all that is due has arrived. */
const PATIENCE_MS = 90 * SECOND

async function main(): Promise<void> {
  const names = values.database === 'both' ? ['sqlite', 'postgres'] : [values.database]
  for (const name of names) await torture(name, name === 'sqlite' ? sqliteTarget() : await postgresTarget())
  console.log(`${names.length} passed, 0 failed`)
}

async function torture(name: string, { config, settings, end }: Target): Promise<void> {
  const sink = await openSink()
  const codes = await seed(config, sink.url)
  const ledger = await openLedger(config)
  const port = await freePort()
  const seen = { pings: 0 }
  for (let round = 1; round <= rounds; round++) {
    const beganAt = Date.now()
    const victim = await startVictim(settings, port)
    const load = startLoad(port, codes)
    await sleep(LIVES_MS[0] + Math.random() * (LIVES_MS[1] - LIVES_MS[0]))
    await victim.kill()
    const acknowledged = await load.stop()
    await pingsAreThere(
      ledger,
      beganAt,
      acknowledged.map(({ mark }) => mark),
    )
    await numbersHaveNoGap(ledger)
    seen.pings += acknowledged.length
    if (round % 10 === 0) console.log(`${name}: round ${round} of ${rounds}, ${seen.pings} pings answered OK`)
  }
  const victim = await startVictim(settings, port)
  const alerts = await alertsArrive(ledger, sink, victim)
  await victim.kill()
  await ledger.close()
  await sink.close()
  await end()
  console.log(
    `${name}: ${rounds} kills, ${seen.pings} pings answered OK and all there, ` +
      `${alerts.news} alerts due and all arrived, ${alerts.twice} of them more than once`,
  )
}

/** Checks that go down by themselves after a second or two, and one place that is told. */
async function seed(config: SqliteConfig | PostgresConfig, url: string): Promise<string[]> {
  const store = await openStore(config, { newCode: randomUUID })
  const beginning = aBeginning()
  // Every ping must still be there to be counted.
  beginning.user.pingLogLimit = 1_000_000_000
  const begun = await store.users.addFirst(beginning)
  const projectId = begun!.project.id
  await store.channels.remove(begun!.channel.id)
  const told = { method_down: 'POST', url_down: url, body_down: '$NAME', method_up: 'POST', url_up: url }
  await store.channels.add(aNewChannel(projectId, { value: JSON.stringify(told) }))
  const codes: string[] = []
  for (let i = 0; i < CHECKS; i++) {
    const schedule = { kind: 'period', periodMs: i % 2 ? SECOND : 3600 * SECOND } as const
    codes.push((await store.checks.add(aNewCheck(projectId, { schedule, graceMs: SECOND }))).code)
  }
  await store.close()
  return codes
}

async function pingsAreThere(ledger: Ledger, sinceAt: number, marks: string[]): Promise<void> {
  const rows = await ledger.query<{ body: Buffer }>(
    `SELECT body FROM pings WHERE at >= ${sinceAt} AND body IS NOT NULL`,
  )
  const kept = new Map<string, number>()
  for (const { body } of rows) kept.set(body.toString(), (kept.get(body.toString()) ?? 0) + 1)
  const lost = marks.filter((mark) => !kept.has(mark))
  const twice = marks.filter((mark) => (kept.get(mark) ?? 0) > 1)
  if (lost.length > 0) throw new Error(`${lost.length} pings were answered OK and are lost`)
  if (twice.length > 0) throw new Error(`${twice.length} pings are there twice`)
}

async function numbersHaveNoGap(ledger: Ledger): Promise<void> {
  const bad = await ledger.query(
    `SELECT checks.id FROM checks LEFT JOIN pings ON check_id = checks.id
     GROUP BY checks.id, ping_count
     HAVING COUNT(n) <> ping_count OR COALESCE(MAX(n), 0) <> ping_count OR COUNT(DISTINCT n) <> ping_count`,
  )
  if (bad.length > 0) throw new Error(`The pings of ${bad.length} checks have a gap or a double`)
}

/** Waits until all alarms have rung and all is told, then compares what was due with what arrived. */
async function alertsArrive(
  ledger: Ledger,
  sink: Sink,
  victim: Victim,
): Promise<{ news: number; twice: number }> {
  const open = async () =>
    ledger.query(
      `SELECT id FROM notifications WHERE due_at IS NOT NULL
       UNION ALL SELECT id FROM checks WHERE status <> 'down' AND alert_after_at < ${Date.now() + SECOND}`,
    )
  let left = (await open()).length
  let until = Date.now() + PATIENCE_MS
  while (left > 0) {
    await sleep(500)
    const now = (await open()).length
    if (now < left) until = Date.now() + PATIENCE_MS
    if (Date.now() > until) throw new Error(`${now} alerts do not come to rest: ${victim.said()}`)
    left = now
  }
  const untold = await ledger.query(
    `SELECT flips.id FROM flips LEFT JOIN notifications ON flip_id = flips.id
     WHERE silent = 0 AND (to_status = 'down' OR (to_status = 'up' AND from_status = 'down'))
       AND (notifications.id IS NULL OR state <> 'sent')`,
  )
  if (untold.length > 0) throw new Error(`${untold.length} flips that are news were not told`)
  const rows = await ledger.query<{ code: string }>('SELECT code FROM notifications')
  const missing = rows.filter(({ code }) => !sink.received.has(code))
  if (missing.length > 0) throw new Error(`${missing.length} alerts are marked as told and never arrived`)
  const known = new Set(rows.map(({ code }) => code))
  const strange = [...sink.received.keys()].filter((code) => !known.has(code))
  if (strange.length > 0) throw new Error(`${strange.length} alerts arrived that nobody should have sent`)
  return { news: rows.length, twice: [...sink.received.values()].filter((times) => times > 1).length }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
