import type { Response } from 'express'
import type { Project } from '../core/project'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Listed } from './board'
import { csvLine } from './csv'
import type { Cell } from './csv'

/** The list of checks as a file: web-ui.md §6.1. */

const COLUMNS = [
  'name',
  'slug',
  'tags',
  'description',
  'uuid',
  'project',
  'status',
  'running',
  'schedule',
  'time_zone',
  'grace_s',
  'next_due',
  'last_ping',
  'last_duration_s',
  'pings',
  'created',
]

/** Lines that are made before others get their turn. */
const AT_ONCE = 500

/** Sends what a list finds, with room for others in between. */
export async function sendList(
  response: Response,
  { rows, projects, name }: { rows: readonly Listed[]; projects: ReadonlyMap<number, Project>; name: string },
): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8')
  response.setHeader('Content-Disposition', `attachment; filename="${name}.csv"`)
  response.setHeader('Cache-Control', 'private, no-store')
  response.write(csvLine(COLUMNS))
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE)
    response.write(some.map((row) => csvLine(cellsOf(row, projects))).join(''))
    await new Promise((resolve) => setImmediate(resolve))
  }
  response.end()
}

function cellsOf({ check, status, dueAt }: Listed, projects: ReadonlyMap<number, Project>): Cell[] {
  const { schedule } = check
  const isPeriod = schedule.kind === 'period'
  const isWatched = check.status !== 'new' && check.status !== 'paused'
  return [
    check.name,
    check.slug,
    check.tags,
    check.description,
    check.code,
    projects.get(check.projectId)?.name ?? '',
    status,
    check.openRun === null ? 0 : 1,
    isPeriod ? `${schedule.periodMs / SECOND} s` : schedule.expression,
    isPeriod ? '' : schedule.tz,
    check.graceMs / SECOND,
    isWatched ? instant(dueAt) : '',
    instant(check.lastPingAt),
    check.lastDurationMs === null ? null : check.lastDurationMs / SECOND,
    check.pingCount,
    instant(check.createdAt),
  ]
}

function instant(at: Instant | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
