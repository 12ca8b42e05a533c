import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Terminal } from './terminal'

/** How a job ended, as shells tell it: its exit status, or 128 and the number of the signal that ended it. */
export interface JobEnd {
  exitStatus: number
  /** Why it could not even start; null when it did. */
  problem: string | null
}

/** What shells say when there is no such command, and when it is there but cannot be run. */
const NOT_FOUND = 127
const NOT_RUNNABLE = 126

/** Signals that are meant for the job when we get them. */
const FORWARDED = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const

/** How long what the job left running may still write before we stop listening to it. */
const QUIET_MS = 1000
const LONGEST_MS = 10_000

export interface JobOptions {
  command: string
  args: string[]
  env: Record<string, string | undefined>
  cwd: string
  terminal: Pick<Terminal, 'pass' | 'interactive'>
  /** Shown every byte that the job writes, before it is passed on. */
  onOutput: (bytes: Buffer) => void
  /** Where signals to us are heard. */
  signals?: Pick<NodeJS.Process, 'on' | 'off'>
}

/** Runs a job with our standard input; its output and our signals go through. Never rejects. */
export function runJob(options: JobOptions): Promise<JobEnd> {
  const { command, args, env, cwd, terminal, onOutput, signals = process } = options
  const { promise, resolve } = Promise.withResolvers<JobEnd>()
  const child = spawn(command, args, { stdio: ['inherit', 'pipe', 'pipe'], env, cwd })
  let passing = 0
  let lastAt = 0
  const pass = (from: NodeJS.ReadableStream, to: 'out' | 'err'): void => {
    from.on('data', (bytes: Buffer) => {
      onOutput(bytes)
      passing++
      lastAt++
      // The job waits for a slow reader just as it would without us.
      from.pause()
      void terminal.pass(to, bytes).then(() => {
        passing--
        from.resume()
      })
    })
    from.on('error', () => undefined)
  }
  pass(child.stdout, 'out')
  pass(child.stderr, 'err')

  const forward = FORWARDED.map((name) => {
    const send = (): void => {
      // At a terminal Ctrl-C goes to the job as well as to us: once is enough.
      if (!(terminal.interactive && (name === 'SIGINT' || name === 'SIGQUIT'))) child.kill(name)
    }
    signals.on(name, send)
    return () => void signals.off(name, send)
  })
  const end = (how: JobEnd): void => {
    for (const stop of forward) stop()
    child.stdout.destroy()
    child.stderr.destroy()
    resolve(how)
  }

  child.on('error', (cause: NodeJS.ErrnoException) => {
    // Also told when a signal could not be sent; the job runs on then.
    if (child.pid !== undefined) return
    const isMissing = cause.code === 'ENOENT'
    const problem = isMissing
      ? `there is no command '${command}'`
      : `'${command}' cannot be run (${cause.code})`
    end({ exitStatus: isMissing ? NOT_FOUND : NOT_RUNNABLE, problem })
  })
  child.on('exit', (status, signal) => {
    const exitStatus = status ?? 128 + (signal === null ? 0 : constants.signals[signal])
    child.on('close', () => end({ exitStatus, problem: null }))
    // A process that the job left behind keeps its output open, perhaps for ever.
    let seen = lastAt
    let waitedMs = 0
    const timer = setInterval(() => {
      if (passing > 0) return
      waitedMs += QUIET_MS
      if (seen !== lastAt && waitedMs < LONGEST_MS) seen = lastAt
      else end({ exitStatus, problem: null })
    }, QUIET_MS)
    void promise.then(() => clearInterval(timer))
  })
  return promise
}
