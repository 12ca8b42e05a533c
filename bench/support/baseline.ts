import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Starts a server of `bench/support`, which prints its port, in a process of its own. */
export async function startBaseline(program: string): Promise<{ port: number; stop(): void }> {
  const child = spawn(process.execPath, ['scripts/run.mjs', `bench/support/${program}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(/port (\d+)/.exec(line.toString())?.[1]),
    // The whole group: the server runs below the script that started it.
    stop: () => void process.kill(-(child.pid ?? 0)),
  }
}
