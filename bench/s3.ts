import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort, startVictim } from '../test/torture/appliance'
import { lowerQuarter } from './support/figures'
import { measure, post } from './support/load'
import type { Measured } from './support/load'
import { seed } from './support/seed'

/**
 * What object storage costs a ping: POST with a body that is to be moved, without a bucket, with one
 * that stalls, with one that fails at once and with one that takes everything, in short turns within one run,
 * on SQLite with synchronous=FULL.
 *
 *   npm run bench:s3 [-- --rounds 60 --seconds 0.3 --connections 8 --bytes 1000]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '0.3' },
    connections: { type: 'string', default: '8' },
    bytes: { type: 'string', default: '1000' },
  },
})

const CHECKS = 50

const KINDS: Record<string, RequestListener | null> = {
  'no bucket': null,
  'no bucket, again': null,
  'a bucket that stalls': (request) => void request.resume(),
  'a bucket that fails': (request, response) => {
    request.resume()
    response.writeHead(500).end('<Error><Code>InternalError</Code></Error>')
  },
  'a bucket that takes all': (request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200, { ETag: '"x"' }).end())
  },
}

interface Site {
  name: string
  port: number
  request: () => Buffer
  stop(): Promise<void>
}

async function main(): Promise<void> {
  const sites: Site[] = []
  for (const [name, storage] of Object.entries(KINDS)) sites.push(await start(name, storage))
  const results = new Map<string, Measured[]>(sites.map(({ name }) => [name, []]))
  for (let round = 0; round < Number(values.rounds); round++) {
    // The order changes, so that nobody always follows the same neighbour.
    for (let i = 0; i < sites.length; i++) {
      const site = sites[(i + round) % sites.length]!
      const load = { connections: Number(values.connections), seconds: Number(values.seconds) }
      results.get(site.name)!.push(await measure({ ...site, ...load }))
    }
  }
  report(results)
  for (const site of sites) await site.stop()
}

/** Each figure is the lower quarter of the rounds. */
function report(results: Map<string, Measured[]>): void {
  const base = results.get('no bucket') ?? []
  for (const [name, rounds] of results) {
    const figures = (['p50Ms', 'p99Ms'] as const).map((what) => {
      const ours = lowerQuarter(rounds.map((one) => one[what]))
      const ratio = ours / lowerQuarter(base.map((one) => one[what]))
      return `${what.slice(0, 3)} ${ours.toFixed(2)} ms, ratio ${ratio.toFixed(2)}`
    })
    const best = -lowerQuarter(rounds.map((one) => -one.requestsPerSecond))
    const others = rounds.reduce((sum, one) => sum + one.others, 0)
    console.log(
      `${name.padEnd(24)} ${best.toFixed(0).padStart(6)}/s  ${figures.join('  ')}  not 200: ${others}`,
    )
  }
}

async function start(name: string, listener: RequestListener | null): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  const checks = await seed(join(folder, 'rollcall.sqlite'), { checks: CHECKS })
  const storage = listener === null ? null : createServer(listener)
  if (storage) await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve))
  const settings =
    storage === null
      ? {}
      : {
          S3_BUCKET: 'bodies',
          S3_ENDPOINT: `http://127.0.0.1:${(storage.address() as AddressInfo).port}`,
          S3_ACCESS_KEY: 'me',
          S3_SECRET_KEY: 'hush',
          S3_REGION: 'us-east-1',
          S3_TIMEOUT: '5',
        }
  const port = await freePort()
  const ours = await startVictim({ DATA_DIR: folder, HOME: folder, LOG_LEVEL: 'error', ...settings }, port)
  const body = Buffer.alloc(Number(values.bytes), 'x')
  const requests = checks.map(({ code }) => post(`/ping/${code}`, body))
  let turn = 0
  return {
    name,
    port,
    request: () => requests[turn++ % requests.length]!,
    async stop() {
      await ours.kill()
      storage?.closeAllConnections()
      storage?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

void main()
