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
    const answer = await ask(read.config)
    if (answer === 'OK') {
      call.terminal.out('Status OK')
      return EXIT.done
    }
    call.terminal.err(`Status check failed: ${answer}`)
    return EXIT.failed
  },
})

/** What the server says about itself, or why it does not. */
function ask({ listen, siteRoot }: Config): Promise<string> {
  const site = new URL(siteRoot)
  const { promise, resolve } = Promise.withResolvers<string>()
  const asked = request(
    {
      ...target(listen),
      path: `${site.pathname.replace(/\/$/, '')}/api/v3/status/`,
      headers: { host: site.host },
      signal: AbortSignal.timeout(MOST_MS),
    },
    (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body = `${body}${part}`.slice(0, 100)))
      response.on('error', (cause) => resolve(cause.message))
      response.on('end', () => resolve(response.statusCode === 200 ? 'OK' : `${response.statusCode} ${body}`))
    },
  )
  asked.on('error', (cause) => resolve(reasonOf(cause, listen)))
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
