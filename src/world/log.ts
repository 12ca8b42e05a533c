import { inspect } from 'node:util'
import type { Clock } from './clock'

export type LogFields = Record<string, string | number | boolean | null>

/** Where the program says what it does: one line an event, in the words of spec/operations.md §8. */
export interface Log {
  /** `cause` is what was thrown; it is followed to its roots. */
  error(message: string, fields?: { cause?: unknown; [field: string]: unknown }): void
  warn(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  debug(message: string, fields?: LogFields): void
  /** The same log, with the name of the part that speaks. */
  named(logger: string): Log
}

export interface LogOptions {
  level: Level
  format: 'text' | 'json'
  clock: Clock
  /** Takes one line with its end, or says no when it has no room. Standard output, if not given. */
  write?: Write
}

export type Write = (line: string) => boolean

type Level = 'error' | 'warn' | 'info' | 'debug'

interface Event {
  time: string
  level: Level
  logger: string
  msg: string
  fields: LogFields
}

/** How much may wait for a reader of standard output that does not read; past this, lines are dropped. */
const MOST_WAITING_BYTES = 1_048_576

/** How far an error is followed into its causes. */
const MOST_CAUSES = 5

const LEVELS: Level[] = ['error', 'warn', 'info', 'debug']

/** Fields by these names never show their value ([O27] of spec/operations.md). */
const SECRET_FIELD = /password|secret|token|api_?key|ping_?key|session|cookie|authorization|^body$/i

const UUID = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi
const SECRET_PARAMETER = /([?&](?:token|api_key|rid)=)[^&#\s"]*/gi

/** The log of the program. A reader that does not keep up costs lines, never time: they are counted instead. */
export function openLog({ level, format, clock, write = standardOutput() }: LogOptions): Log {
  const most = LEVELS.indexOf(level)
  const line = format === 'json' ? jsonLine : textLine
  let lost = 0

  function put(event: Event): void {
    const lines = lost === 0 ? '' : line(lossOf(lost, event.time))
    if (write(lines + line(event))) lost = 0
    else lost += 1
  }

  function speak(logger: string): Log {
    const say =
      (at: Level) =>
      (message: string, { cause, ...fields }: LogFields & { cause?: unknown } = {}): void => {
        if (LEVELS.indexOf(at) > most) return
        const time = new Date(clock()).toISOString()
        const told = cause === undefined ? fields : { ...fields, cause: inWords(cause) }
        put({ time, level: at, logger, msg: discreet(message), fields: withoutSecrets(told) })
      }
    return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), named: speak }
  }

  return speak('rollcall')
}

/** Node queues what a pipe does not take yet, without a bound; this puts one. */
export function standardOutput(stream: NodeJS.WriteStream = process.stdout): Write {
  // Nobody reads any more, or the disk behind is full: without a listener that would end the program.
  stream.on('error', () => {})
  return (line) => {
    if (!stream.writable || stream.writableLength > MOST_WAITING_BYTES) return false
    stream.write(line)
    return true
  }
}

function lossOf(lost: number, time: string): Event {
  const msg = 'lines were lost because nobody read them in time'
  return { time, level: 'warn', logger: 'log', msg, fields: { lost } }
}

function textLine({ time, level, logger, msg, fields }: Event): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`)
  const said = [`${time} ${level.padEnd(5)} ${logger}`, onOneLine(msg), words.join(' ')]
  return `${said.filter((part) => part !== '').join('  ')}\n`
}

function jsonLine({ time, level, logger, msg, fields }: Event): string {
  return `${JSON.stringify({ ...fields, time, level, logger, msg })}\n`
}

function plain(value: string | number | boolean | null): string {
  return typeof value === 'string' && /^$|[\s"\p{Cc}]/u.test(value) ? JSON.stringify(value) : String(value)
}

/** A message may repeat what somebody sent: it must not look like a line of ours. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1))
}

function withoutSecrets(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (SECRET_FIELD.test(name)) return [name, '***']
      return [name, typeof value === 'string' ? discreet(value) : value]
    }),
  )
}

/** Whoever knows the whole code of a check can ping it, so only its first digits are told. */
function discreet(text: string): string {
  return text.replace(UUID, '$1').replace(SECRET_PARAMETER, '$1***')
}

function inWords(cause: unknown): string {
  const told: string[] = []
  let next = cause
  while (next instanceof Error && told.length < MOST_CAUSES) {
    told.push(next.stack ?? next.message)
    next = next.cause
  }
  // Whatever else was thrown has no stack and no cause of its own.
  if (!(next instanceof Error) && next !== undefined) told.push(inspect(next, { depth: 2 }))
  return told.join('\ncaused by: ')
}
