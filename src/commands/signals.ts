/** The wishes of the operator or the supervisor that the server ends. */
export interface Signals {
  /** Resolves when the next one comes, or at once if it came already. */
  next(): Promise<string>
}

export function processSignals(): Signals {
  const waiting: ((signal: string) => void)[] = []
  const come: string[] = []
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      const first = waiting.shift()
      if (first) first(name)
      else come.push(name)
    })
  }
  // Without a listener Node answers this one by opening its debugger to the network ([O19]).
  process.on('SIGUSR1', () => {})
  return {
    next() {
      const signal = come.shift()
      return signal === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(signal)
    },
  }
}
