import { SECOND } from '../core/time'
import { line } from './health-line'
import type { HealthLine, HealthSource } from './health-line'
import { alertLines } from './health-of-alerts'
import { dataLines } from './health-of-data'
import { wayLines } from './health-of-ways'
import { inZone, lasting, size } from './show'

/** Past the first something may be wrong, past the second it is. */
const MEMORY_BYTES = [64_000_000, 16_000_000] as const

export function healthLines(source: HealthSource): HealthLine[] {
  return [...alertLines(source), ...dataLines(source), ...wayLines(source), ...processLines(source)]
}

/** The worst of all. */
export function worstOf(lines: readonly HealthLine[]): 'ready' | 'waiting' | 'problem' {
  if (lines.some(({ state }) => state === 'problem')) return 'problem'
  return lines.some(({ state }) => state === 'waiting') ? 'waiting' : 'ready'
}

function processLines({
  app,
  process: { memoryBytes, availableBytes, upMs, node },
  tz,
  nowAt,
}: HealthSource): HealthLine[] {
  const memory =
    availableBytes < MEMORY_BYTES[1] ? 'problem' : availableBytes < MEMORY_BYTES[0] ? 'waiting' : 'ready'
  return [
    line('process', 'memory', 'Memory', {
      state: memory,
      value: `${size(memoryBytes)} used, ${size(availableBytes)} left`,
      note: memory === 'ready' ? '' : 'Give the machine or the container more.',
      limits: { look: `less than ${size(MEMORY_BYTES[0])} left`, bad: `less than ${size(MEMORY_BYTES[1])}` },
      figures: { used_bytes: memoryBytes, left_bytes: availableBytes },
    }),
    line('process', 'uptime', 'Running for', {
      value: lasting(upMs),
      note: `Since ${inZone(nowAt - upMs, tz)}.`,
      figures: { seconds: Math.round(upMs / SECOND) },
    }),
    line('process', 'version', 'Version', {
      value: app.version,
      note: `On Node.js ${node}. Roles: ${app.config.roles.join(', ')}.`,
      figures: { version: app.version, node, roles: app.config.roles.join(',') },
    }),
  ]
}
