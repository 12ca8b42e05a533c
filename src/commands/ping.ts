import { version } from '../version'
import { stopwatch } from '../world/clock'
import { sendPing } from '../world/ping-client'
import { command, EXIT } from './command'
import { insist } from './insist'
import { ADDRESS_HELP, addressOptions, pingAddress } from './ping-address'
import type { Action } from './ping-address'

/** How long one attempt may take. */
const ATTEMPT_MS = 10_000

/** How long it is tried, unless told otherwise. */
const PATIENCE_S = 60

/** One signal, for scripts that have no curl or want its retries done for them. */
export const ping = command({
  name: 'ping',
  help: `Usage: rollcall ping [options] [ACTION]

Tells a server one thing about a job: success (if nothing else is said), start, fail,
log, or an exit status from 0 to 255. Exit 0 when the server has taken it. Tries again
while the server is away. Needs no settings.

${ADDRESS_HELP}

What else:
  --run-id UUID      which run it is about, when several overlap
  --message TEXT     kept with the ping
  --stdin            the same, from standard input
  --patience SECONDS how long to try, ${PATIENCE_S} seconds if not given
  --help             this text`,
  options: {
    ...addressOptions,
    'run-id': { type: 'string' },
    message: { type: 'string' },
    stdin: { type: 'boolean' },
    patience: { type: 'string' },
  },
  takesArguments: true,
  withoutSettings: true,
  async run(options, { args, env, terminal }) {
    const problem = (sentence: string): number => {
      terminal.err(`${sentence}. See: rollcall ping --help`)
      return EXIT.usage
    }
    const action = actionOf(args)
    if (action === null) return problem('Say one of success, start, fail, log, or a number from 0 to 255')
    const address = pingAddress(options, env)
    if ('problem' in address) return problem(address.problem)
    const patienceMs = secondsOf(options.patience, PATIENCE_S)
    if (patienceMs === null) return problem('--patience is a number of seconds, at most 86400')
    const runId = options['run-id'] ?? null
    if (runId !== null && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(runId))
      return problem('--run-id is a UUID')
    if (options.stdin && options.message !== undefined) return problem('Use --message or --stdin, not both')

    const message = options.stdin ? await terminal.input() : (options.message ?? '')
    const body = message === '' ? null : Buffer.from(message)
    const url = address(action, runId)
    const userAgent = `rollcall/${version}`
    const reply = await insist(
      () => sendPing({ url, body, userAgent, patienceMs: ATTEMPT_MS, proxyEnv: env }),
      { patienceMs, stopwatch, pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms, false)) },
    )
    if (reply.ok) return EXIT.done
    terminal.err(`The ping was not taken: ${reply.reason}`)
    return EXIT.failed
  },
})

function actionOf([word = 'success', more]: string[]): Action | null {
  if (more !== undefined) return null
  if (word === 'success' || word === 'start' || word === 'fail' || word === 'log') return word
  return /^\d{1,3}$/.test(word) && Number(word) <= 255 ? Number(word) : null
}

/** Seconds as milliseconds; null when it is none, or more than a day. */
export function secondsOf(given: string | undefined, byDefault: number): number | null {
  if (given === undefined) return byDefault * 1000
  return /^\d{1,5}$/.test(given) && Number(given) <= 86_400 ? Number(given) * 1000 : null
}
