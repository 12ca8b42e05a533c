import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/store/sqlite'
import { DAY } from '../src/core/time'
import { freePort, startVictim } from '../test/torture/appliance'
import { lowerQuarter, median } from './support/figures'
import { get, measure } from './support/load'
import type { Measured } from './support/load'
import { seed } from './support/seed'

/**
 * How the cost of a ping grows with what is stored: 1 thousand pings against 5 million, over the same number
 * of checks, with logs that are never cut. Two real processes on two SQLite files with
 * DB_SYNCHRONOUS=FULL, in short turns; after each turn its pings are taken away again, so that few stay few.
 *
 *   npm run bench:ping-growth [-- --few 1000 --many 5000000 --rounds 60 --seconds 0.3 --connections 50 --checks 200]
 */
const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '0.3' },
    connections: { type: 'string', default: '50' },
    checks: { type: 'string', default: '200' },
  },
})
const connections = Number(values.connections)
const checks = Number(values.checks)

/** What the engine needs until it has compiled what is asked of it. */
const WARM_UP_SECONDS = 3

/** What we want to stay within. */
const TARGET = 1.2

/** Each check keeps more than anybody sends it. */
const NEVER_REACHED = 1_000_000_000

interface Site {
  name: string
  turn(seconds: number): Promise<Measured>
  stop(): Promise<void>
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const few = await start(join(folder, 'few'), Number(values.few))
  const many = await start(join(folder, 'many'), Number(values.many))
  const results = new Map<Site, Measured[]>([few, many].map((site) => [site, []]))
  for (const site of [few, many]) await site.turn(WARM_UP_SECONDS)
  for (let round = 0; round < Number(values.rounds); round++) {
    // The order changes, so that nobody always comes second.
    for (const site of round % 2 === 0 ? [few, many] : [many, few]) {
      results.get(site)!.push(await site.turn(Number(values.seconds)))
    }
  }
  for (const site of [few, many]) await site.stop()
  rmSync(folder, { recursive: true, force: true })
  report(results, few, many)
}

function report(results: Map<Site, Measured[]>, few: Site, many: Site): void {
  const costs = (site: Site) => (results.get(site) ?? []).map((one) => 1000 / one.requestsPerSecond)
  for (const [site, rounds] of results) {
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    console.log(
      `${site.name.padEnd(24)} ${lowerQuarter(costs(site)).toFixed(3)} ms a ping` +
        `   p50 ${lowerQuarter(rounds.map((one) => one.p50Ms)).toFixed(2)} ms` +
        `   p99 ${lowerQuarter(rounds.map((one) => one.p99Ms)).toFixed(2)} ms   not 200: ${others}`,
    )
  }
  const before = costs(few)
  const ratios = costs(many).map((cost, round) => cost / (before[round] ?? NaN))
  const ratio = lowerQuarter(costs(many)) / lowerQuarter(before)
  console.log(
    `a ping costs ${ratio.toFixed(2)} × as much (median of the rounds' own ratios ${median(ratios).toFixed(2)});` +
      ` ${ratio <= TARGET ? 'within' : 'beyond'} ${TARGET}`,
  )
}

async function start(folder: string, stored: number): Promise<Site> {
  const file = join(mkdtempSync(`${folder}-`), 'rollcall.sqlite')
  const seeded = await seed(file, { checks, pingLogLimit: NEVER_REACHED })
  const began = performance.now()
  fill(file, stored)
  const tookSeconds = (performance.now() - began) / 1000
  const megabytes = statSync(file).size / 1e6
  const name = `${stored} pings`
  console.log(`${name}: filled in ${tookSeconds.toFixed(1)} s, ${megabytes.toFixed(1)} MB`)

  const port = await freePort()
  const dataDir = join(file, '..')
  const ours = await startVictim({ DATA_DIR: dataDir, HOME: dataDir, LOG_LEVEL: 'warn' }, port)
  const beside = openDatabase(file)
  // What the log holds is moved into the file by the process that is measured, and by nobody else.
  beside.pragma('wal_autocheckpoint = 0')
  beside.pragma('busy_timeout = 5000')
  const takeBack = beside.prepare('DELETE FROM pings WHERE rowid > ?')
  const requests = seeded.map(({ code }) => get(`/ping/${code}`))
  let next = 0
  return {
    name,
    async turn(seconds) {
      const request = () => requests[next++ % requests.length]!
      const measured = await measure({ port, connections, seconds, request })
      takeBack.run(stored)
      return measured
    },
    async stop() {
      await ours.kill()
      beside.close()
    },
  }
}

/**
 * Pings as a year would have brought them: the checks in turn, every second one the end of a run whose
 * start came before it, every tenth with some output.
 */
function fill(file: string, stored: number): void {
  const db = openDatabase(file)
  db.pragma('synchronous = OFF')
  db.pragma('cache_size = -262144')
  db.exec(`
    BEGIN;
    WITH RECURSIVE
      arrivals (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM arrivals WHERE i + 1 < ${stored}),
      theirs (place, id) AS (SELECT row_number() OVER (ORDER BY id) - 1, id FROM checks),
      places (place, id) AS MATERIALIZED (SELECT place, id FROM theirs)
    INSERT INTO pings (check_id, n, at, kind, scheme, method, user_agent, remote_address, run_id, body_bytes, body)
    SELECT
      (SELECT id FROM places WHERE place = i % ${checks}),
      i / ${checks} + 1,
      ${Date.now() - 365 * DAY} + CAST(i * ${(365 * DAY) / stored} AS INTEGER),
      iif(i / ${checks} % 2 = 0, 'start', 'success'),
      'https',
      iif(i % 10 = 0, 'POST', 'GET'),
      'curl/8.5.0',
      '192.0.2.' || (i % 200),
      printf('%08x-0000-4000-8000-%012x', i / ${checks} / 2, i % ${checks}),
      iif(i % 10 = 0, 200, 0),
      iif(i % 10 = 0, zeroblob(200), NULL)
    FROM arrivals;
    UPDATE checks SET status = 'up', (ping_count, last_ping_at) =
      (SELECT MAX(n), MAX(at) FROM pings WHERE check_id = checks.id);
    UPDATE checks SET pruned_count = ping_count, alert_after_at = last_ping_at + period_ms + grace_ms;
    COMMIT;
  `)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

void main()
