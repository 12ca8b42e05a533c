import type { LoggedEvent } from '../store/event-log'
import { csvLine } from './csv'

/** The log as a file: web-ui.md C09. */

export type ExportFormat = 'csv' | 'ndjson'

const COLUMNS = [
  'n',
  'time',
  'type',
  'kind',
  'exit_status',
  'duration_s',
  'run_id',
  'scheme',
  'method',
  'remote_address',
  'user_agent',
  'body_bytes',
  'old_status',
  'new_status',
  'reason',
  'integration',
  'error',
] as const

type Line = Record<(typeof COLUMNS)[number], string | number | null>

export const FORMATS: Record<ExportFormat, { type: string; head(withBodies: boolean): string }> = {
  csv: {
    type: 'text/csv; charset=utf-8',
    head: (withBodies) => csvLine(withBodies ? [...COLUMNS, 'body'] : COLUMNS),
  },
  ndjson: { type: 'application/x-ndjson; charset=utf-8', head: () => '' },
}

export interface ExportContext {
  tookMs: ReadonlyMap<number, number>
  /** Null: without them. */
  bodies: ReadonlyMap<number, Buffer> | null
  channelName(event: Extract<LoggedEvent, { type: 'notification' }>): string
}

export function exportLine(event: LoggedEvent, format: ExportFormat, context: ExportContext): string {
  const line = lineOf(event, context)
  const body =
    context.bodies === null
      ? null
      : event.type === 'ping'
        ? (context.bodies.get(event.ping.n)?.toString('utf8') ?? null)
        : null
  if (format === 'csv') {
    const cells = COLUMNS.map((column) => line[column])
    return csvLine(context.bodies === null ? cells : [...cells, body])
  }
  return `${JSON.stringify(context.bodies === null ? line : { ...line, body })}\n`
}

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as Line

function lineOf(event: LoggedEvent, { tookMs, channelName }: ExportContext): Line {
  const known = { ...EMPTY, time: new Date(event.at).toISOString(), type: event.type }
  switch (event.type) {
    case 'ping': {
      const { ping } = event
      const took = tookMs.get(ping.n)
      return {
        ...known,
        n: ping.n,
        kind: ping.kind,
        exit_status: ping.exitStatus,
        duration_s: took === undefined ? null : took / 1000,
        run_id: ping.runId,
        scheme: ping.scheme,
        method: ping.method,
        remote_address: ping.remoteAddress,
        user_agent: ping.userAgent,
        body_bytes: ping.bodyBytes,
      }
    }
    case 'flip': {
      const { from, to, reason, silent } = event.flip
      return { ...known, old_status: from, new_status: to, reason: silent ? 'schedule changed' : reason }
    }
    case 'notification': {
      const { status, state, error } = event.told
      return { ...known, kind: state, new_status: status, integration: channelName(event), error }
    }
  }
}
