import type { OrphanActions } from '../actions/orphans'
import { MIN_AGE_MS } from '../actions/orphans'
import { DAY, HOUR, MINUTE } from '../core/time'
import { command, EXIT, settingsFor } from './command'
import { withOwnAppliance } from './own-appliance'
import type { Terminal } from './terminal'

/** Works beside a running server: what it removes, no server knows any more. */
export const pruneObjects = command({
  name: 'pruneobjects',
  help: `Usage: rollcall pruneobjects [options]

Removes from the bucket what belongs to checks that do not exist any more.

  --dry-run          only says how many checks that would be
  --min-age AGE      leaves checks alone whose newest body is younger: 24h, 90m, 7d (default 24h)
  --force            goes on even if the database has no checks at all`,
  options: {
    'dry-run': { type: 'boolean' },
    'min-age': { type: 'string' },
    force: { type: 'boolean' },
  },
  async run(options, call) {
    const minAgeMs = options['min-age'] === undefined ? MIN_AGE_MS : ageIn(options['min-age'])
    if (minAgeMs === null) {
      call.terminal.err(`Unexpected value --min-age=${options['min-age']}, use a number with m, h or d: 24h`)
      return EXIT.usage
    }
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    if (read.config.objects === null) {
      call.terminal.out('Object storage is not configured')
      return EXIT.done
    }
    const wish = { dryRun: options['dry-run'] ?? false, minAgeMs, force: options.force ?? false }
    return withOwnAppliance(read, call, ({ app }) => prune(app.actions.orphans, wish, call.terminal))
  },
})

async function prune(
  orphans: OrphanActions,
  wish: { dryRun: boolean; minAgeMs: number; force: boolean },
  terminal: Terminal,
): Promise<number> {
  const result = await orphans.sweep({ ...wish, say: (line) => terminal.out(line) })
  switch (result?.kind) {
    case undefined:
      terminal.out('Object storage is not configured')
      return EXIT.done
    case 'no checks':
      terminal.err('This database has no checks at all. If it is the right one, use --force.')
      return EXIT.failed
    case 'failed':
      terminal.err(
        `Object storage failed: ${result.failure.reason}. What is left over is found the next time.`,
      )
      return result.failure.kind === 'refused' ? EXIT.failed : EXIT.unavailable
    case 'done':
      for (const { key, reason } of result.refused) terminal.err(`Could not delete ${key}: ${reason}`)
      terminal.out('Done!')
      return result.refused.length === 0 ? EXIT.done : EXIT.failed
  }
}

/** `24h`, `90m`, `7d`; null when it is none of these. */
function ageIn(text: string): number | null {
  const [, digits, unit] = /^(\d{1,6})([mhd])$/.exec(text.trim()) ?? []
  if (digits === undefined) return null
  return Number(digits) * (unit === 'd' ? DAY : unit === 'h' ? HOUR : MINUTE)
}
