import { readFileSync } from 'node:fs'
import { Refused } from '../apply/site'
import type { Api } from '../apply/site'
import { version } from '../version'
import { apiClient, Unreachable } from '../world/api-client'
import { EXIT, settingsFor } from './command'
import type { Call } from './command'
import { withOwnAppliance } from './own-appliance'

export const SITE_OPTIONS = { url: { type: 'string' } } as const

export const SITE_HELP = `  --url ADDRESS      works on the site at this address instead of on the own database, with
                     the access token in ROLLCALL_TOKEN, or in the file ROLLCALL_TOKEN_FILE`

/** A request has failed after this. */
const PATIENCE_MS = 60_000

/**
 * Lets `work` use the management API of a site: of another by its token, or of the own database, beside a
 * running server or without one. Says what went wrong, and gives the exit code.
 */
export async function onSite(
  call: Call,
  url: string | undefined,
  work: (api: Api, about: { isRemote: boolean }) => Promise<number>,
): Promise<number> {
  try {
    return await (url === undefined ? onOwn(call, work) : onOther(call, url, work))
  } catch (cause) {
    if (cause instanceof Refused) {
      call.terminal.err(cause.message)
      return EXIT.failed
    }
    if (!(cause instanceof Unreachable)) throw cause
    call.terminal.err(cause.message)
    return EXIT.unavailable
  }
}

async function onOther(
  { env, terminal }: Call,
  address: string,
  work: (api: Api, about: { isRemote: boolean }) => Promise<number>,
): Promise<number> {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    terminal.err(`--url has to be an address such as https://rollcall.example.org, not '${address}'.`)
    return EXIT.usage
  }
  const token = tokenIn(env)
  if (!token.ok) {
    terminal.err(token.sentence)
    return EXIT.configuration
  }
  const api = apiClient({
    url,
    token: token.value,
    userAgent: `rollcall/${version}`,
    patienceMs: PATIENCE_MS,
    proxyEnv: env,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
  return work(api, { isRemote: true })
}

function tokenIn(env: Call['env']): { ok: true; value: string } | { ok: false; sentence: string } {
  const file = env['ROLLCALL_TOKEN_FILE']
  const fromFile = file === undefined || file === '' ? null : contentOf(file)
  if (fromFile !== null && !fromFile.ok) return fromFile
  const value = fromFile?.value ?? (env['ROLLCALL_TOKEN'] ?? '').trim()
  if (value !== '') return { ok: true, value }
  const sentence =
    'ROLLCALL_TOKEN is not set. Make an access token on the site, under your account, and put it there.'
  return { ok: false, sentence }
}

function contentOf(file: string): { ok: true; value: string } | { ok: false; sentence: string } {
  try {
    return { ok: true, value: readFileSync(file, 'utf8').trim() }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, sentence: `Error reading ROLLCALL_TOKEN_FILE (${file}): ${reason}` }
  }
}

async function onOwn(
  call: Call,
  work: (api: Api, about: { isRemote: boolean }) => Promise<number>,
): Promise<number> {
  const read = settingsFor(call)
  if (read === null) return EXIT.configuration
  return withOwnAppliance(read, call, ({ manage }) => work(manage, { isRemote: false }), {
    whenBusy: 'If a server is running, apply to it by --url and a token.',
  })
}
