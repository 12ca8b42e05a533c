import { readFileSync } from 'node:fs'

/** How often the memory of the program is looked at. */
const EVERY_MS = 250

export interface MemoryWatch {
  /** Mean of resident memory in each quarter of the work, in MB. */
  quartersMb(): number[]
  nowMb(): number
  peakMb(): number
  stop(): void
}

/** Watches a process. `progress`: how much of the work is done, 0 to 1. */
export function watchMemory(pid: number, progress: () => number): MemoryWatch {
  const seen: { quarter: number; mb: number }[] = []
  const timer = setInterval(() => {
    const quarter = Math.min(3, Math.floor(progress() * 4))
    seen.push({ quarter, mb: statusMb(pid, 'VmRSS') })
  }, EVERY_MS)
  return {
    quartersMb: () =>
      [0, 1, 2, 3].map((wanted) => {
        const own = seen.filter(({ quarter }) => quarter === wanted)
        return own.reduce((sum, { mb }) => sum + mb, 0) / own.length
      }),
    nowMb: () => statusMb(pid, 'VmRSS'),
    peakMb: () => statusMb(pid, 'VmHWM'),
    stop: () => clearInterval(timer),
  }
}

/** proc_pid_status(5); not a number once the process has ended. */
function statusMb(pid: number, name: string): number {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
