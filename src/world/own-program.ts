import { execFile } from 'node:child_process'
import { isSea } from 'node:sea'

export interface Ended {
  code: number
  out: string
  err: string
}

/**
 * Runs a command of this program in a process of its own, for what would have this one stand still. It gets
 * nothing of our environment but what is given; `signal` ends it. Never rejects.
 */
export function runOwnProgram(
  args: readonly string[],
  { env, signal }: { env: Record<string, string>; signal: AbortSignal },
): Promise<Ended> {
  // In the executable the program is the executable itself; in a checkout Node has to be told.
  const all = isSea() ? [...args] : [process.argv[1] ?? '', ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, all, { env, signal }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, out: out.trim(), err: err.trim() })
    })
  })
}
