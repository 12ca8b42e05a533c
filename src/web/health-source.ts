import { dirname } from 'node:path'
import type { App } from '../app'
import { DAY, HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { PAUSED_FACT, pausedIn } from '../store/sending'
import { MAIL_FAILED_FACT, MAIL_SENT_FACT, OBJECTS_FAILED, PINGS, TOLD, UNTOLD } from '../store/tallies'
import { diskSpace } from '../world/disk'
import type { HealthSource } from './health-line'

/** Pings by the minute, the oldest first; minutes without any are left out. */
export type PingMinutes = { at: Instant; count: number }[]

/** All that is known of the instance just now, and its pings of the last day. No query looks at each ping. */
export async function healthSource(
  app: App,
  tz: string,
): Promise<{ source: HealthSource; minutes: PingMinutes }> {
  const { store, config, actions, clock } = app
  const nowAt = clock()
  const dayAgo = nowAt - DAY
  const folder = config.database.kind === 'sqlite' ? dirname(config.database.file) : config.dataDir
  const [figures, outbox, sums, hour, minutes, sizes, rows, purges, disk, integrity, paused, sent, failed] =
    await Promise.all([
      store.figures.of(nowAt),
      store.undelivered.state(dayAgo),
      store.tallies.sums(dayAgo),
      store.tallies.sums(nowAt - HOUR),
      store.tallies.series(PINGS, dayAgo),
      store.upkeep.sizes(),
      store.upkeep.rows(),
      store.purges.waiting(),
      diskSpace(folder),
      actions.jobs.last('integrity check'),
      store.facts.get(PAUSED_FACT),
      store.facts.get(MAIL_SENT_FACT),
      store.facts.get(MAIL_FAILED_FACT),
    ])
  const lastMinuteAt = (Math.floor(nowAt / MINUTE) - 1) * MINUTE
  const source: HealthSource = {
    app,
    nowAt,
    tz,
    figures,
    outbox,
    paused: pausedIn(paused),
    told: toldByKind(sums),
    pings: {
      lastMinute: minutes.find(({ at }) => at === lastMinuteAt)?.count ?? 0,
      lastDay: sums.get(PINGS) ?? 0,
    },
    sizes,
    rows,
    integrity,
    trouble: store.trouble(),
    disk,
    purges,
    objectErrors: hour.get(OBJECTS_FAILED) ?? 0,
    mail: {
      sentAt: sent === null ? null : Number(sent),
      failed: failed === null ? null : (JSON.parse(failed) as { at: Instant; reason: string }),
    },
    process: {
      memoryBytes: process.memoryUsage.rss(),
      availableBytes: process.availableMemory(),
      upMs: process.uptime() * 1000,
      node: process.version,
    },
  }
  return { source, minutes }
}

function toldByKind(sums: ReadonlyMap<string, number>): HealthSource['told'] {
  const kinds = [...sums.keys()].flatMap((name) =>
    name.startsWith(TOLD)
      ? [name.slice(TOLD.length)]
      : name.startsWith(UNTOLD)
        ? [name.slice(UNTOLD.length)]
        : [],
  )
  return [...new Set(kinds)].toSorted().map((kind) => ({
    kind,
    delivered: sums.get(TOLD + kind) ?? 0,
    failed: sums.get(UNTOLD + kind) ?? 0,
  }))
}
