import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import type { PostgresConfig, SqliteConfig } from '../../src/config'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR } from '../../src/core/time'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import type { CodeArrival as Arrival } from '../../src/store/checks'
import { watch } from '../../src/tasks/watch'
import type { Log } from '../../src/world/log'
import { aBeginning, aNewCheck, aPing } from '../support/build'
import { aJob, changesIn } from './jobs'
import type { Job, JobPing, Seasons } from './jobs'
import { turnsOf } from './oracle'
import type { Turn } from './oracle'
import { dice } from './random'
import { MINUTE, wallClock } from './wall-clock'
import type { WallClock } from './wall-clock'

/** North and south of the equator, by half an hour, by two, at midnight, at odd minutes, never. */
const ZONES = [
  'Europe/Riga',
  'Europe/Dublin',
  'America/New_York',
  'America/Havana',
  'America/Santiago',
  'Africa/Cairo',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Antarctica/Troll',
  'Asia/Kolkata',
  'UTC',
]

const YEAR_BEGINS = Date.UTC(2026, 0, 1)
const YEAR_ENDS = Date.UTC(2027, 0, 1)

/** Pings kept in one transaction, as the intake would after a busy moment. */
const MAX_BATCH = 200

export interface Simulation {
  checks: number
  pings: number
  turns: number
  /** Checks whose flips are not those of the oracle: what was wanted, what came. */
  differing: { job: Omit<Job, 'due' | 'pings'>; wanted: Turn[]; came: Turn[] }[]
  /** What the watch task complained about. */
  complaints: string[]
}

/** Made once: they take longer than all the rest of a small simulation. */
const clocks = new Map<string, WallClock>()

/** A year of checks with everything that can happen to them: what came, beside what an oracle says. */
export async function simulate(
  database: SqliteConfig | PostgresConfig,
  { checks, seed, seasons = aroundChanges }: { checks: number; seed: number; seasons?: Seasons },
): Promise<Simulation> {
  const chance = dice(seed)
  const jobs = Array.from({ length: checks }, (_, i) => {
    const tz = ZONES[i % ZONES.length]!
    const clock = clocks.get(tz) ?? wallClock(tz, YEAR_BEGINS, YEAR_ENDS)
    clocks.set(tz, clock)
    return aJob(chance, tz, clock, seasons)
  })
  const store = await openStore(database, { newCode: randomUUID })
  try {
    return await lived(jobs, store, database)
  } finally {
    await store.close()
  }
}

async function lived(
  jobs: readonly Job[],
  store: Store,
  database: SqliteConfig | PostgresConfig,
): Promise<Simulation> {
  const { project } = (await store.users.addFirst(aBeginning()))!
  const added: Check[] = []
  for (const { tz, timing, graceMs } of jobs) {
    const schedule = timing.kind === 'period' ? timing : { kind: timing.kind, expression: timing.text, tz }
    added.push(await store.checks.add(aNewCheck(project.id, { schedule, graceMs })))
  }
  const arrivals = jobs
    .flatMap(({ pings }, i) => pings.map((ping) => arrivalOf(added[i]!.code, ping)))
    .filter(({ ping }) => ping.at < YEAR_ENDS)
    .toSorted((a, b) => a.ping.at - b.ping.at)

  const complaints: string[] = []
  await passYear(arrivals, store, await alarmOf(database), complaints)

  const differing: Simulation['differing'] = []
  let turns = 0
  for (const [i, { tz, timing, graceMs, ...job }] of jobs.entries()) {
    const wanted = turnsOf({ tz, timing, graceMs, ...job }, YEAR_ENDS)
    const kept = await store.flips.between(added[i]!.id, { fromAt: 0, untilAt: YEAR_ENDS + DAY })
    const came = kept.toReversed().map(({ at, from, to, reason }) => ({ at, from, to, reason }) as Turn)
    turns += wanted.length
    if (JSON.stringify(came) !== JSON.stringify(wanted)) {
      differing.push({ job: { tz, timing, graceMs }, wanted, came })
    }
  }
  return { checks: jobs.length, pings: arrivals.length, turns, differing, complaints }
}

/**
 * Lets the clock jump to whatever comes next: a ping, or the alarm that is set first. Pings that come before
 * that alarm are kept together, unless one of them could set an alarm that rings before the last.
 */
async function passYear(
  arrivals: readonly Arrival[],
  store: Store,
  alarm: { next(): Promise<number | null>; close(): Promise<void> },
  complaints: string[],
): Promise<void> {
  let nowAt = YEAR_BEGINS
  // A watch that did not look for weeks would take that for an outage of its own, and hold back. So each look is
  // the first of a watch, as if nothing but looks without a find had happened since the last.
  const looking = () =>
    watch({
      checks: store.checks,
      holdUntilAt: 0,
      onFlips: () => {},
      clock: () => nowAt,
      elapsed: () => nowAt - YEAR_BEGINS,
      log: complaining(complaints),
    })
  let done = 0
  for (;;) {
    const alarmAt = (await alarm.next()) ?? Infinity
    const batch = batchFrom(arrivals, done, alarmAt)
    if (batch.length > 0) {
      await store.checks.recordPings(batch)
      done += batch.length
      nowAt = batch.at(-1)!.ping.at
    } else if (alarmAt <= YEAR_ENDS) {
      nowAt = Math.max(nowAt, alarmAt)
      const task = looking()
      while (await task.run()) continue
      if ((await alarm.next()) === alarmAt) throw new Error(`The alarm of ${alarmAt} rings and rings`)
    } else {
      break
    }
  }
  await alarm.close()
}

function batchFrom(arrivals: readonly Arrival[], first: number, alarmAt: number): Arrival[] {
  const batch: Arrival[] = []
  const before = new Map<string, ArrivingPing>()
  for (let i = first; i < arrivals.length && batch.length < MAX_BATCH; i += 1) {
    const arrival = arrivals[i]!
    const { at } = arrival.ping
    const earlier = before.get(arrival.code)
    if (at >= alarmAt || (earlier && !isSoonAfterStart(at, earlier))) break
    before.set(arrival.code, arrival.ping)
    batch.push(arrival)
  }
  return batch
}

/** Then no alarm can have rung in between: that takes the shortest grace time. */
function isSoonAfterStart(at: number, { signal, at: startedAt }: ArrivingPing): boolean {
  return signal === 'start' && at < startedAt + MINUTE
}

function arrivalOf(code: string, { at, kind, runId }: JobPing): Arrival {
  return { code, ping: aPing({ at, signal: kind, runId }) }
}

/** Looks past the program for the first alarm that is set, so that the clock can jump to it. */
async function alarmOf(database: SqliteConfig | PostgresConfig) {
  const question = `SELECT alert_after_at AS at FROM checks
    WHERE alert_after_at IS NOT NULL AND status <> 'down' ORDER BY alert_after_at LIMIT 1`
  if (database.kind === 'sqlite') {
    const file = new Database(database.file, { readonly: true })
    const ask = file.prepare<[], { at: number }>(question)
    return {
      next: () => Promise.resolve(ask.get()?.at ?? null),
      close: () => Promise.resolve(void file.close()),
    }
  }
  const [host] = database.hosts
  const client = new Client({
    host: host!.host,
    port: host!.port,
    database: database.name,
    user: database.user,
    password: database.password,
    options: `-c search_path=${database.schema}`,
  })
  await client.connect()
  return {
    async next() {
      const { rows } = await client.query<{ at: string }>(question)
      const [first] = rows
      return first === undefined ? null : Number(first.at)
    },
    close: () => client.end(),
  }
}

function complaining(complaints: string[]): Log {
  const say = (message: string, fields?: object): void => {
    complaints.push(`${message} ${JSON.stringify(fields)}`)
  }
  const log: Log = { error: say, warn: say, info: () => {}, debug: () => {}, named: () => log }
  return log
}

/** Two days around each change of clocks, and of other days as many; jobs are idle in between. */
export const aroundChanges: Seasons = (clock, chance) => {
  const middles = [...changesIn(clock)]
  while (middles.length < 3) middles.push(YEAR_BEGINS + chance.roll() * (YEAR_ENDS - YEAR_BEGINS))
  return middles.map((at) => ({ from: at - DAY, until: at + chance.between(12, 36) * HOUR }))
}

/** The jobs never rest. */
export const allYear: Seasons = () => [{ from: YEAR_BEGINS, until: YEAR_ENDS }]
