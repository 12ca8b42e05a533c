import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** The real program, in a process of its own. */
export interface Victim {
  pid: number
  /** Ends it without warning, and waits until it is gone. */
  kill(): Promise<void>
  /** What it said, for when something went wrong. */
  said(): string
}

/** How long the program may take until it answers. */
const PATIENCE_MS = 30_000

/** Starts `dist/main.js` with nothing but these settings, and waits until it answers. */
export async function startVictim(settings: Record<string, string>, port: number): Promise<Victim> {
  const child = spawn(process.execPath, ['dist/main.js', 'serve'], {
    env: { ...settings, PORT: String(port), PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-20_000))
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await answers(child, port, () => said)
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    said: () => said,
  }
}

async function answers(child: ChildProcess, port: number, said: () => string): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until && child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/api/v3/status/`).catch(() => null)
    if (response?.status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The program does not answer (exit code ${child.exitCode}): ${said()}`)
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
