import type { Config } from '../config'
import { StoreUnavailable, StoreUnusable } from '../store/problems'
import { CountriesUnusable } from '../world/countries'
import { EXIT } from './command'
import { addressOf } from './health'

export interface Fault {
  code: number
  /** What is wrong and what to do; null when only the log can tell, because it is our mistake. */
  sentence: string | null
}

/** What an error means for the person who started the program (spec/operations.md §1.3, §4.2). */
export function faultOf(
  cause: unknown,
  { listen, database, smtpd }: Pick<Config, 'listen' | 'database' | 'smtpd'>,
): Fault {
  if (cause instanceof StoreUnusable || cause instanceof CountriesUnusable)
    return { code: EXIT.configuration, sentence: cause.message }
  if (cause instanceof StoreUnavailable) {
    const code = cause.why === 'busy' ? EXIT.tryAgain : EXIT.unavailable
    const reason = cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
    return { code, sentence: `${cause.message}: ${nameOf(database)}${reason}` }
  }
  if (!(cause instanceof Error && 'syscall' in cause && cause.syscall === 'listen' && 'code' in cause))
    return { code: EXIT.failed, sentence: null }
  if (smtpd !== null && 'port' in cause && cause.port === smtpd.port) {
    const where = `port ${smtpd.port} for mails (SMTPD_PORT, SMTPD_HOST)`
    return { code: EXIT.unavailable, sentence: `Cannot listen on ${where}: ${cannotListen(cause.code)}` }
  }
  return {
    code: EXIT.unavailable,
    sentence: `Cannot listen on ${addressOf(listen)}: ${cannotListen(cause.code)}`,
  }
}

/** The database as it may be shown: without user and password. */
export function nameOf(database: Config['database']): string {
  if (database.kind === 'sqlite') return `sqlite:${database.file}`
  const hosts = database.hosts.map(({ host, port }) => (host === '' ? 'local socket' : `${host}:${port}`))
  return `postgres:${hosts.join(',')}/${database.name}`
}

function cannotListen(code: unknown): string {
  switch (code) {
    case 'EADDRINUSE':
      return 'another program listens there. Stop it, or choose something else in the settings'
    case 'EACCES':
      return 'this user may not. Ports below 1024 need the capability CAP_NET_BIND_SERVICE'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address'
    default:
      return String(code)
  }
}
