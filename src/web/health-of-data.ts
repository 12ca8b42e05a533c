import type { Job } from '../actions/jobs'
import { MOST_COUNTED } from '../store/upkeep'
import type { DiskSpace } from '../world/disk'
import { grouped, iso, line } from './health-line'
import type { HealthLine, HealthSource } from './health-line'
import { inZone, size } from './show'

/** Past the first something may be wrong, past the second it is. */
const DISK_BYTES = [500_000_000, 100_000_000] as const
const DISK_SHARE = 0.1
const LOG_BYTES = [64_000_000, 512_000_000] as const

/** What the database and its disk hold. */
export function dataLines(source: HealthSource): HealthLine[] {
  const { app, sizes, rows, integrity, trouble, disk, figures, pings, tz } = source
  const isFile = app.config.database.kind === 'sqlite'
  const { checks } = figures
  const all = checks.new + checks.up + checks.down + checks.paused
  const atMost = (n: number): string => (n >= MOST_COUNTED ? `over ${grouped(MOST_COUNTED - 1)}` : grouped(n))
  return [
    line('data', 'database', isFile ? 'Database (SQLite)' : 'Database (PostgreSQL)', {
      state: trouble === null ? 'ready' : 'problem',
      value: trouble === null ? `takes what comes, ${size(sizes.bytes)}` : trouble,
      note:
        trouble === 'disk full'
          ? 'Nothing can be saved until there is room again.'
          : trouble === null
            ? ''
            : 'It is tried again every few seconds.',
      limits: { look: '', bad: 'the last write failed' },
      figures: { bytes: sizes.bytes, trouble },
    }),
    ...(disk === null ? [] : [diskLine(disk)]),
    ...(sizes.freeBytes === null
      ? []
      : [
          line('data', 'free_inside', 'Free pages in the file', {
            value: size(sizes.freeBytes),
            note: 'They are used first.',
            figures: { bytes: sizes.freeBytes },
          }),
        ]),
    ...(sizes.logBytes === null ? [] : [logLine(sizes.logBytes)]),
    ...(isFile ? [integrityLine(integrity, tz)] : []),
    line('data', 'checks', 'Checks', {
      value: `${all}: ${checks.up} up, ${checks.down} down, ${checks.new} new, ${checks.paused} paused`,
      figures: { count: all, ...checks },
    }),
    line('data', 'pings', 'Pings', {
      value: `${grouped(pings.lastMinute)} in the last minute, ${grouped(pings.lastDay)} in 24 hours`,
      note: `About ${grouped(rows.pings)} are kept, of ${grouped(figures.pings)} that came.`,
      figures: {
        last_minute: pings.lastMinute,
        last_day: pings.lastDay,
        kept: rows.pings,
        received: figures.pings,
      },
    }),
    line('data', 'history', 'Status changes and alerts kept', {
      value: `${atMost(rows.flips)} and ${atMost(rows.notifications)}`,
      figures: { flips: rows.flips, notifications: rows.notifications },
    }),
  ]
}

function diskLine({ freeBytes, totalBytes }: DiskSpace): HealthLine {
  const isScarce = freeBytes < DISK_BYTES[0] && freeBytes < DISK_SHARE * totalBytes
  const state = freeBytes < DISK_BYTES[1] ? 'problem' : isScarce ? 'waiting' : 'ready'
  return line('data', 'disk', 'Free on the disk of the data', {
    state,
    value: `${size(freeBytes)} of ${size(totalBytes)}`,
    note: state === 'ready' ? '' : 'Make room: when it is full, pings cannot be kept.',
    limits: {
      look: `less than ${size(DISK_BYTES[0])} and ${DISK_SHARE * 100} %`,
      bad: `less than ${size(DISK_BYTES[1])}`,
    },
    figures: { free_bytes: freeBytes, total_bytes: totalBytes },
  })
}

function logLine(bytes: number): HealthLine {
  const state = bytes >= LOG_BYTES[1] ? 'problem' : bytes >= LOG_BYTES[0] ? 'waiting' : 'ready'
  return line('data', 'log', 'Write-ahead log', {
    state,
    value: size(bytes),
    note:
      state === 'ready' ? '' : 'Another program holds the file open for reading. Move the log on Storage.',
    limits: { look: size(LOG_BYTES[0]), bad: size(LOG_BYTES[1]) },
    figures: { bytes },
  })
}

function integrityLine(job: Job | null, tz: string): HealthLine {
  const endedAt = job?.endedAt ?? null
  return line('data', 'integrity', 'Integrity', {
    state: job?.ok === false ? 'problem' : job?.ok === true ? 'ready' : null,
    value:
      job === null || endedAt === null ? 'never checked' : `${job.text} Checked at ${inZone(endedAt, tz)}.`,
    note: job?.ok === false ? 'Stop the server, keep a copy of the file, and go back to a backup.' : '',
    limits: { look: '', bad: 'the last check found something' },
    figures: { checked_at: iso(endedAt), ok: job?.ok === null || job === null ? null : String(job.ok) },
  })
}
