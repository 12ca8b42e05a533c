import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Pace } from './paced'

/** A pace that another process can keep: paths instead of a function. */
export interface ApartPace extends Omit<Pace, 'request'> {
  paths: readonly string[]
}

export interface Pacer {
  /** Begins to send; what it returns ends that and gives the waits. */
  start(pace: ApartPace): Promise<() => Promise<number[]>>
  end(): void
}

/** `startPaced` in a process of its own, which does nothing else. */
export async function startPacer(): Promise<Pacer> {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'bench/support/pacer.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`)
    return String((await lines.next()).value)
  }
  await lines.next()
  return {
    async start(pace) {
      await ask(JSON.stringify(pace))
      return async () => JSON.parse(await ask('stop')) as number[]
    },
    end: () => void child.kill(),
  }
}
