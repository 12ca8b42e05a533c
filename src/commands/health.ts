import { request, type RequestOptions } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Config } from '../config'
import { command, EXIT, settingsFor } from './command'

/** Container health checks give up later than this; a server that needs longer is not well. */
const MOST_MS = 5000

/** Asks the server that runs with the same settings, so that an image needs no curl for its health check. */
export const health = command({
  name: 'health',
  help: `Usage: rollcall health [options]

Asks the running server whether it is well: exit 0 if it is, else 1. Takes 5 seconds at most.
`,
  options: {},
  async run(_, call) {
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    const { problem, loops } = await ask(read.config)
    if (problem === null) call.terminal.out('Status OK')
    else call.terminal.err(`Status check failed: ${problem}`)
    // For whoever looks into what a container engine keeps of its health checks.
    for (const { name, last_turn } of loops)
      call.terminal.out(`${name}: last turn ${last_turn ?? 'not yet over'}`)
    return problem === null ? EXIT.done : EXIT.failed
  },
})

interface Answer {
  /** Null: the server is well. */
  problem: string | null
  loops: { name: string; last_turn: string | null }[]
}

/** More than a well server ever says about itself. */
const MOST_CHARACTERS = 10_000

/** What the server says about itself, or why it does not. */
async function ask(config: Config): Promise<Answer> {
  const { code, text } = await fetchStatus(config)
  if (code === null) return { problem: text, loops: [] }
  const { status, loops } = parsed(text)
  return { problem: code === 200 && status === 'OK' ? null : `${code} ${status}`.trim(), loops }
}

/** Whoever answers on that port may be somebody else altogether. */
function parsed(text: string): { status: string; loops: Answer['loops'] } {
  try {
    const { status, loops } = JSON.parse(text) as { status?: unknown; loops?: unknown }
    if (typeof status === 'string' && Array.isArray(loops)) return { status, loops: loops.filter(isLoop) }
  } catch {
    // Said below.
  }
  return { status: text.slice(0, MOST_SHOWN), loops: [] }
}

function isLoop(given: unknown): given is Answer['loops'][number] {
  if (typeof given !== 'object' || given === null || !('name' in given) || !('last_turn' in given))
    return false
  return typeof given.name === 'string' && (given.last_turn === null || typeof given.last_turn === 'string')
}

const MOST_SHOWN = 100

/** `code` is null when there is no answer; then the text is why. */
function fetchStatus({ listen, siteRoot }: Config): Promise<{ code: number | null; text: string }> {
  const site = new URL(siteRoot)
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; text: string }>()
  const give = (text: string): void => resolve({ code: null, text })
  const asked = request(
    {
      ...target(listen),
      path: `${site.pathname.replace(/\/$/, '')}/api/v3/status/`,
      headers: { host: site.host, accept: 'application/json' },
      signal: AbortSignal.timeout(MOST_MS),
    },
    (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body = `${body}${part}`.slice(0, MOST_CHARACTERS)))
      response.on('error', (cause) => give(cause.message))
      response.on('end', () => resolve({ code: response.statusCode ?? 0, text: body }))
    },
  )
  asked.on('error', (cause) => give(reasonOf(cause, listen)))
  asked.end()
  return promise
}

/** Where to reach from here what listens there. */
function target(listen: Config['listen']): RequestOptions {
  if ('path' in listen) return { socketPath: listen.path }
  const everywhere = ['::', '0.0.0.0'].includes(listen.host)
  return { host: everywhere ? '127.0.0.1' : listen.host, port: listen.port }
}

function reasonOf(cause: Error, listen: Config['listen']): string {
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError') return 'no answer within 5 seconds'
  return `no server answers on ${addressOf(listen)} (${cause.message})`
}

/** A listening address as people write it. */
export function addressOf(listen: Config['listen']): string {
  if ('path' in listen) return `unix:${listen.path}`
  return `http://${isIPv6(listen.host) ? `[${listen.host}]` : listen.host}:${listen.port}`
}
