import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from './metrics'

/** How finely delays of the event loop are seen, in milliseconds. */
const RESOLUTION_MS = 20

const NANOSECONDS = 1e9

/** What the operating system and the runtime tell of this process. */
export function measureProcess(metrics: Metrics): void {
  const { gauge } = metrics
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()

  gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory that the process occupies.',
    read: () => process.memoryUsage.rss(),
  })
  gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'Memory that objects of the program occupy.',
    read: () => process.memoryUsage().heapUsed,
  })
  gauge({
    name: 'nodejs_external_memory_bytes',
    help: 'Memory that buffers of the program occupy.',
    read: () => process.memoryUsage().external,
  })
  gauge({
    name: 'process_cpu_seconds_total',
    help: 'Processor time used since the start.',
    grows: true,
    read: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    },
  })
  gauge({
    name: 'process_uptime_seconds',
    help: 'How long the process has been running.',
    read: () => process.uptime(),
  })
  // How much longer than its resolution a timer took; each look begins a new measurement.
  gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How late the event loop was since the last look: median, 99th percentile and longest.',
    label: 'quantile',
    read: () => {
      const late = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1000)
      const seen = delay.count > 0
      const reading = {
        '0.5': seen ? late(delay.percentile(50)) : 0,
        '0.99': seen ? late(delay.percentile(99)) : 0,
        '1': seen ? late(delay.max) : 0,
      }
      delay.reset()
      return reading
    },
  })
}
