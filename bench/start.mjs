/**
 * What the executable costs before it does anything: time from its start to the first page, and its
 * resident memory, idle and after 100,000 pings.
 *
 *   npm run package && npm run bench:start
 */
import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGED = fileURLToPath(new URL(`../build/rollcall-linux-${process.arch}`, import.meta.url))
const STARTS = 9
const PINGS = 100_000
const CONNECTIONS = 50
const IDLE_MS = 5000

console.log(`size                        ${(statSync(PACKAGED).size / 1e6).toFixed(0)} MB`)

const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
// As a download or a restart of the machine leaves it. What the packager has just written lies in the page
// cache in larger pieces, of which the kernel counts 20 MB more as resident.
const executable = join(folder, 'rollcall')
copyFileSync(PACKAGED, executable)
const dataDir = join(folder, 'data')
try {
  const first = await start(dataDir)
  console.log(`first page, first account   ${first.tookMs.toFixed(0)} ms`)
  await first.stop()

  const times = []
  for (let i = 0; i < STARTS; i++) {
    const server = await start(dataDir)
    times.push(server.tookMs)
    await server.stop()
  }
  times.sort((a, b) => a - b)
  const [least, middle, most] = [times[0], times[(STARTS - 1) / 2], times[STARTS - 1]]
  console.log(
    `first page, then            ${middle.toFixed(0)} ms (${least.toFixed(0)} to ${most.toFixed(0)}, ${STARTS} starts)`,
  )

  const server = await start(dataDir)
  await pause(IDLE_MS)
  console.log(`memory, idle                ${memory(server.pid)}`)
  const path = `/ping/${codeOfAnyCheck(dataDir)}`
  const startedAt = performance.now()
  await pings(server.port, path)
  const seconds = (performance.now() - startedAt) / 1000
  console.log(
    `memory, after ${PINGS} pings  ${memory(server.pid)}  (${(PINGS / seconds).toFixed(0)} pings/s)`,
  )
  await pause(IDLE_MS)
  console.log(`memory, 5 s later           ${memory(server.pid)}`)
  await server.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Measured from before the process is made until a page has been read to its end. */
async function start(dataDir) {
  const port = await freePort()
  const env = {
    HOME: dataDir,
    DATA_DIR: dataDir,
    PORT: String(port),
    SITE_ROOT: `http://127.0.0.1:${port}`,
    SUPERUSER_EMAIL: 'ada@example.org',
    SUPERUSER_PASSWORD: 'a long enough passphrase',
  }
  const startedAt = performance.now()
  const child = spawn(executable, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`)
    const status = await ask(port, '/accounts/login/').catch(() => 0)
    if (status === 200) break
    if (status !== 0) throw new Error(`The sign-in page answered ${status}`)
    await pause(2)
  }
  return {
    port,
    pid: child.pid,
    tookMs: performance.now() - startedAt,
    async stop() {
      child.kill('SIGTERM')
      const code = await ended
      if (code !== 0) throw new Error(`It stopped with ${code}`)
    },
  }
}

async function pings(port, path) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  let left = PINGS
  const one = async () => {
    while (left-- > 0) {
      const status = await ask(port, path, agent)
      if (status !== 200) throw new Error(`A ping was answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, one))
  agent.destroy()
}

function ask(port, path, agent) {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })
}

function codeOfAnyCheck(dataDir) {
  const db = new Database(join(dataDir, 'rollcall.sqlite'), { readonly: true })
  const { code } = db.prepare('SELECT code FROM checks LIMIT 1').get()
  db.close()
  return code
}

/** All that is resident, and the part that is ours alone rather than a view of the file. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name) => (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(0)
  return `${megabytes('VmRSS')} MB (${megabytes('RssAnon')} MB of it our own)`
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
