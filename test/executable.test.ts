import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'

/** Made by `npm run package`. */
const EXECUTABLE = join(__dirname, `../build/rollcall-linux-${process.arch}`)

/** "nobody" on every Linux, and the user of the image. */
const NOBODY = 65534

/** What may be found in the data directory of a server that runs. */
const DATA = /^(rollcall\.sqlite(-wal|-shm)?|rollcall\.lock(-journal)?|secret_key)$/

const EMAIL = 'ada@example.org'
const PASSWORD = 'a long enough passphrase'

const folders: string[] = []
const running = new Set<Running>()

interface Running {
  url: string
  /** All that it has written so far. */
  said(): string
  /** Its exit code, after SIGTERM. */
  stop(): Promise<number | null>
  child: ChildProcess
}

interface Place {
  dataDir: string
  env: Record<string, string>
  /** What stands before the name of the program. */
  around: string[]
  program: string
}

afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL')
  running.clear()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

it('has been made', () => {
  expect(existsSync(EXECUTABLE), 'run `npm run package` first').toBe(true)
})

describe('the executable, in an empty environment', () => {
  it('says its version and its help without any settings', () => {
    const { env } = aPlace()
    expect(once(['version'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('rollcall 0.'),
    })
    expect(once(['--help'], env)).toMatchObject({ status: 0 })
    expect(once(['bash'], env)).toMatchObject({ status: 2 })
  })

  it('is set up, takes a ping, shows it, and stops when it is asked to', async () => {
    await walkThrough(aPlace())
  })

  it('refuses data that another server uses, and says so', async () => {
    const place = aPlace()
    const first = await start(place)
    const second = once(['serve'], { ...place.env, PORT: String(await freePort()) })

    expect(second).toMatchObject({ status: 75, stderr: expect.stringContaining('another server') })
    expect(await first.stop()).toBe(0)
  })

  it('keeps what it answered OK through a kill', async () => {
    const place = aPlace()
    const first = await start(place)
    const { pingUrl, cookie } = await setUp(first)
    expect(await (await fetch(pingUrl)).text()).toBe('OK')
    first.child.kill('SIGKILL')
    await new Promise((resolve) => first.child.once('close', resolve))

    const second = await start(place)
    expect(await page(second, '/', cookie)).toContain('up')
    expect(await second.stop()).toBe(0)
  })

  it('ignores NODE_OPTIONS, which are meant for other programs', () => {
    const { env } = aPlace()
    expect(once(['version'], { ...env, NODE_OPTIONS: '--no-such-option' })).toMatchObject({ status: 0 })
  })
})

describe.runIf(canMount())('the executable alone in a read-only root, as nobody', () => {
  it('is set up, takes a ping, shows it, and stops when it is asked to', async () => {
    await walkThrough(aJail())
  })
})

/** All that a first evening with it needs. */
async function walkThrough(place: Place): Promise<void> {
  const server = await start(place)
  const health = () => once(['health'], place.env)

  const { pingUrl, cookie } = await setUp(server)
  const ping = await fetch(pingUrl, { method: 'POST', body: 'all good' })
  expect([ping.status, await ping.text()]).toEqual([200, 'OK'])

  const checks = await page(server, '/', cookie)
  expect(checks).toContain('<!doctype html>')
  expect(checks).toContain(pingUrl.slice(-36))
  await allServed(server, checks)
  expect(health()).toMatchObject({ status: 0, stdout: expect.stringContaining('OK') })
  expect(readdirSync(place.dataDir).filter((name) => !DATA.test(name))).toEqual([])

  expect(await server.stop()).toBe(0)
  expect(health()).toMatchObject({ status: 1 })
  expect(readdirSync(place.dataDir).filter((name) => !DATA.test(name))).toEqual([])
}

/** Creates the first account as a person would: with the code from the log and the form of the page. */
async function setUp(server: Running): Promise<{ pingUrl: string; cookie: string }> {
  const code = await eventually(
    () => /first start: open \S+\/setup\/\s+code ([0-9A-Z-]+)/.exec(server.said())?.[1],
  )
  const form = await fetch(`${server.url}/setup/`)
  const cookies = cookiesOf(form)
  const token = /name="(\w*csrf\w*)" value="([^"]+)"/i.exec(await form.text())
  const body = new URLSearchParams({
    code,
    email: EMAIL,
    password: PASSWORD,
    repeat: PASSWORD,
    tz: 'Etc/UTC',
  })
  if (token) body.set(token[1] ?? '', token[2] ?? '')

  const made = await fetch(`${server.url}/setup/`, {
    method: 'POST',
    body,
    headers: { cookie: cookies, origin: server.url },
    redirect: 'manual',
  })
  expect([302, 303], await made.clone().text()).toContain(made.status)
  const cookie = [cookiesOf(made), cookies].filter(Boolean).join('; ')
  const found = await eventually(async () => PING.exec(await page(server, '/', cookie))?.[0])
  return { pingUrl: `${server.url}/ping/${found.slice(-36)}`, cookie }
}

const PING = /\/ping\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** A page as a signed-in person sees it, wherever it redirects to. */
async function page(server: Running, path: string, cookie: string): Promise<string> {
  const response = await fetch(server.url + path, { headers: { cookie } })
  expect(response.status).toBe(200)
  return response.text()
}

/** Every style, script and picture that a page names is in the executable. */
async function allServed(server: Running, html: string): Promise<void> {
  const names = [...html.matchAll(/(?:src|href)="(\/[^"#?]+\.(?:css|js|svg|png|ico))/g)].map(
    (found) => found[1] ?? '',
  )
  expect(names.length).toBeGreaterThan(0)
  for (const name of new Set(names)) {
    const { status } = await fetch(server.url + name)
    expect([name, status]).toEqual([name, 200])
  }
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** A folder of its own, and nothing else in the environment than where that is. */
function aPlace(): Place {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-executable-'))
  folders.push(dataDir)
  return { dataDir, env: { HOME: dataDir, DATA_DIR: dataDir }, around: [], program: EXECUTABLE }
}

/** A root folder that holds the executable, the libraries it names and a data folder, and that cannot be written. */
function aJail(): Place {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-jail-'))
  chmodSync(root, 0o755)
  folders.push(root)
  const dataDir = join(root, 'data')
  mkdirSync(dataDir)
  chownSync(dataDir, NOBODY, NOBODY)
  for (const library of libraries()) {
    mkdirSync(join(root, dirname(library)), { recursive: true })
    copyFileSync(library, join(root, library))
  }
  copyFileSync(EXECUTABLE, join(root, 'rollcall'))
  const script =
    'mount --bind "$0" "$0" && mount --bind "$0/data" "$0/data" && mount -o remount,bind,ro "$0" && ' +
    `exec /usr/sbin/chroot --userspec=${NOBODY}:${NOBODY} "$0" "$@"`
  return {
    dataDir,
    env: { HOME: '/data', DATA_DIR: '/data' },
    around: ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', script, root],
    program: '/rollcall',
  }
}

function libraries(): string[] {
  const { stdout } = spawnSync('ldd', [EXECUTABLE], { encoding: 'utf8' })
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((found) => found[1] ?? '')
}

/** Root may, outside of most containers. */
function canMount(): boolean {
  const probe = ['--mount', '/bin/sh', '-c', 'mount --bind /tmp /tmp']
  return process.getuid?.() === 0 && spawnSync('/usr/bin/unshare', probe).status === 0
}

async function start(place: Place): Promise<Running> {
  const port = await freePort()
  Object.assign(place.env, { PORT: String(port), SITE_ROOT: `http://127.0.0.1:${port}` })
  const [command, ...args] = [...place.around, place.program, 'serve']
  const child = spawn(command, args, { env: place.env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  child.stderr.on('data', (chunk) => (text += String(chunk)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const server: Running = {
    url: `http://127.0.0.1:${port}`,
    child,
    said: () => text,
    stop() {
      child.kill('SIGTERM')
      running.delete(server)
      return ended
    },
  }
  running.add(server)
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${text}`)
    const answer = await fetch(`${server.url}/api/v3/status/`).catch(() => null)
    return answer?.status === 200 ? answer : null
  })
  return server
}

function once(
  args: string[],
  env: Record<string, string>,
): { status: number | null; stdout: string; stderr: string } {
  // Outside of the jail even for a server in it: they share the network, and that is all `health` needs.
  const own = env['HOME'] === '/data' ? { ...env, HOME: tmpdir(), DATA_DIR: tmpdir() } : env
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, args, {
    env: own,
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
  })
  return { status, stdout, stderr }
}

async function eventually<T>(look: () => T | null | undefined | Promise<T | null | undefined>): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined) return found
    if (Date.now() > deadline) throw new Error('It did not happen within 10 seconds')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address && typeof address === 'object' ? address.port : 0))
    })
  })
}
