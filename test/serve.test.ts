import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundled } from './support/bundled'

let dataDir: string
const children: ChildProcess[] = []
beforeEach(() => (dataDir = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'data')))
afterEach(async () => {
  for (const child of children.splice(0)) await ended(child, 'SIGKILL')
  rmSync(join(dataDir, '..'), { recursive: true })
})

/** The program in a process of its own, with nothing in its environment but what is given. */
function rollcall(args: string[], env: Record<string, string> = {}) {
  const all = { DATA_DIR: dataDir, LISTEN: '127.0.0.1:0', ...env }
  const child = spawn(process.execPath, [bundled('src/main.ts'), ...args], { env: all, cwd: tmpdir() })
  children.push(child)
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part))
  return { child, lines: createInterface({ input: child.stdout }), err: () => err }
}

/** A server that is ready, and its address. */
async function aServer(env: Record<string, string> = {}) {
  const { child, lines, err } = rollcall(['serve'], env)
  for await (const line of lines) {
    const [, url] = / {2}ready {2}.*\blisten=(\S+)/.exec(line) ?? []
    if (url === undefined) continue
    // A log that nobody reads would fill up.
    lines.on('line', () => {})
    child.stdout.resume()
    return { child, url, err }
  }
  throw new Error(`The server ended before it was ready: ${err()}`)
}

async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  if (signal) child.kill(signal)
  await once(child, 'close')
  return child.exitCode
}

describe('the command serve', () => {
  it('serves until it is asked to stop', async () => {
    const { child, url } = await aServer()
    expect((await fetch(`${url}/api/v3/status/`)).status).toBe(200)
    expect(await ended(child, 'SIGTERM')).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it('tells a service manager that it is ready, that it lives, and that it stops', async () => {
    const folder = join(dataDir, '..')
    const heard = join(folder, 'heard')
    writeFileSync(join(folder, 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${heard}\n`, {
      mode: 0o755,
    })
    const said = () => (existsSync(heard) ? readFileSync(heard, 'utf8') : '')
    const { child } = await aServer({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '200000', PATH: folder })
    await expect.poll(said).toMatch(/^\/run\/x READY=1 STATUS=Serving http.*\n\/run\/x WATCHDOG=1\n/)
    expect(await ended(child, 'SIGTERM')).toBe(0)
    await expect.poll(said).toMatch(/\n\/run\/x STOPPING=1 STATUS=Stopping\n$/)
  })

  it('refuses to be the second on the same data, and is the first again after a kill', async () => {
    const first = await aServer()
    const second = rollcall([])
    expect(await ended(second.child)).toBe(75)
    expect(second.err()).toBe(`another server (pid ${first.child.pid} on ${hostname()}) uses ${dataDir}\n`)

    await ended(first.child, 'SIGKILL')
    const third = await aServer()
    expect(await ended(third.child, 'SIGINT')).toBe(0)
  })

  it('does not open a debugger for whoever can send a signal', async () => {
    const { child, url, err } = await aServer()
    child.kill('SIGUSR1')
    // It answers after the signal came, so whatever that does is done.
    expect((await fetch(`${url}/api/v3/status/`)).status).toBe(200)
    expect(await ended(child, 'SIGTERM')).toBe(0)
    expect(err()).toBe('')
  })

  it('changes nothing when a setting is wrong', async () => {
    const { child, err } = rollcall([], { DEBUG: 'maybe', DB: 'mysql' })
    expect(await ended(child)).toBe(78)
    expect(err().trimEnd().split('\n')).toHaveLength(2)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('says when it cannot listen', async () => {
    const { url } = await aServer()
    const other = rollcall([], { LISTEN: url.replace('http://', ''), DATA_DIR: `${dataDir}-2` })
    expect(await ended(other.child)).toBe(69)
    expect(other.err()).toContain(`Cannot listen on ${url}: another program listens there`)
  })
})

describe('the command createsuperuser', () => {
  const args = ['createsuperuser', '--email', 'me@example.org', '--password-stdin']

  async function create(password: string) {
    const { child, err } = rollcall(args)
    child.stdin?.end(password)
    return { code: await ended(child), err: err() }
  }

  it('makes one account for an address, beside a running server too', async () => {
    await aServer()
    expect(await create('correct horse battery\n')).toEqual({ code: 0, err: '' })
    expect(await create('correct horse battery\n')).toEqual({
      code: 1,
      err: 'Error: email me@example.org is already taken\n',
    })
  })
})
