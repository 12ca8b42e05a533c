import { version } from '../version'
import { stopwatch } from '../world/clock'
import { withPatience } from '../world/patience'
import { sendPing } from '../world/ping-client'
import type { PingReply } from '../world/ping-client'
import { systemRandom } from '../world/random'
import { command, EXIT } from './command'
import type { Call } from './command'
import { insist } from './insist'
import { runJob } from './job'
import { secondsOf } from './ping'
import { ADDRESS_HELP, addressOptions, pingAddress } from './ping-address'
import type { PingAddress } from './ping-address'
import { Tail } from './tail'

/** How long the start ping may hold up the job; then it is tried on while the job runs. */
const HOLD_MS = 2000

/** How long one attempt may take. */
const ATTEMPT_MS = 10_000

/** How long the start is told, at most; it is given up when the job ends. */
const START_PATIENCE_MS = 300_000

/** How long the end is told, unless told otherwise. */
const PATIENCE_S = 60

/** What servers keep of a body if they do not say (decisions.md, D2), and the most that is kept here. */
const USUAL_LIMIT_BYTES = 100_000
const MOST_KEPT_BYTES = 2_621_440

/** The client side: a job, and the pings around it. */
export const run = command({
  name: 'run',
  help: `Usage: rollcall run [options] -- COMMAND [ARGUMENTS]

Runs a job and tells a server that it starts, how it ends, how long it took, and the end
of what it wrote. Its output goes through, and its exit status is ours: a server that is
away never makes a job fail, and holds up its start by 2 seconds at most. Signals go to
the job. Needs no settings.

${ADDRESS_HELP}

What else:
  --no-start         does not tell that the job starts
  --no-output        does not send what the job writes
  --patience SECONDS how long to try to tell how it ended, ${PATIENCE_S} seconds if not given
  --quiet            says nothing when the server could not be told
  --help             this text

A process that the job leaves running in the background should write elsewhere.`,
  options: {
    ...addressOptions,
    'no-start': { type: 'boolean' },
    'no-output': { type: 'boolean' },
    patience: { type: 'string' },
    quiet: { type: 'boolean' },
  },
  takesArguments: true,
  withoutSettings: true,
  async run(options, call) {
    const problem = (sentence: string): number => {
      call.terminal.err(`${sentence}. See: rollcall run --help`)
      return EXIT.usage
    }
    const [job, ...args] = call.args
    if (job === undefined) return problem('Which command? It stands behind --')
    const address = pingAddress(options, call.env)
    if ('problem' in address) return problem(address.problem)
    const patienceMs = secondsOf(options.patience, PATIENCE_S)
    if (patienceMs === null) return problem('--patience is a number of seconds, at most 86400')
    return watched([job, ...args], call, {
      address,
      patienceMs,
      tellsStart: !options['no-start'],
      keepsOutput: !options['no-output'],
      complain: (reply, what) => {
        if (!reply.ok && !options.quiet)
          call.terminal.err(`rollcall: could not tell that ${what}: ${reply.reason}`)
      },
    })
  },
})

interface Watching {
  address: PingAddress
  patienceMs: number
  tellsStart: boolean
  keepsOutput: boolean
  complain(reply: PingReply, what: string): void
}

/** Runs the job between two pings; its exit status. */
async function watched([job = '', ...args]: string[], call: Call, watching: Watching): Promise<number> {
  const { address, complain } = watching
  const { env, cwd, terminal } = call
  const runId = systemRandom.uuid()
  const tail = new Tail(watching.keepsOutput ? USUAL_LIMIT_BYTES : 0)
  const pings = pinging(env)

  const started = watching.tellsStart ? pings.start(address('start', runId)) : null
  const told = started?.then((reply) => {
    if (reply.ok && reply.bodyLimitBytes !== null && watching.keepsOutput)
      tail.setLimit(Math.min(reply.bodyLimitBytes, MOST_KEPT_BYTES))
    return reply
  })
  if (told) await withPatience(told, HOLD_MS)

  const end = await runJob({ command: job, args, env, cwd, terminal, onOutput: (bytes) => tail.add(bytes) })
  if (end.problem !== null) {
    terminal.err(`rollcall: ${end.problem}`)
    if (watching.keepsOutput) tail.add(Buffer.from(`rollcall: ${end.problem}\n`))
  }

  // A start that the server hears of after the end would be a run that never ends.
  pings.giveUpStart()
  if (told) complain(await told, `'${job}' started`)
  const reply = await pings.finish(address(end.exitStatus, runId), tail.bytes(), watching.patienceMs)
  complain(reply, `'${job}' ended with ${end.exitStatus}`)
  return end.exitStatus
}

/** The two pings, with their patience. */
function pinging(proxyEnv: Call['env']) {
  const userAgent = `rollcall/${version}`
  const attempt = (url: URL, body: Buffer | null) => () =>
    sendPing({ url, body, userAgent, patienceMs: ATTEMPT_MS, proxyEnv })
  const over = Promise.withResolvers<true>()
  return {
    start(url: URL): Promise<PingReply> {
      const pause = (ms: number) => Promise.race([sleep(ms), over.promise])
      return insist(attempt(url, null), { patienceMs: START_PATIENCE_MS, stopwatch, pause })
    },
    /** No further attempt; the one that is under way comes to its end. */
    giveUpStart: () => over.resolve(true),
    finish(url: URL, body: Buffer | null, patienceMs: number): Promise<PingReply> {
      return insist(attempt(url, body), { patienceMs, stopwatch, pause: sleep })
    },
  }
}

/** Ends with false: nothing cut it short. */
function sleep(ms: number): Promise<boolean> {
  return new Promise((resolve) => setTimeout(resolve, ms, false))
}
