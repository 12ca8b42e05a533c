import type { Call } from './command'

/** The options that name a check, for the commands that ping one. */
export const addressOptions = {
  url: { type: 'string' },
  endpoint: { type: 'string' },
  key: { type: 'string' },
  slug: { type: 'string' },
  create: { type: 'boolean' },
} as const

export const ADDRESS_HELP = `Which check:
  --url URL          its ping address; or the variable ROLLCALL_URL
  --endpoint URL     what ping addresses begin with, https://hc.example.org/ping/ for
                     instance, together with key and slug; or ROLLCALL_ENDPOINT
  --key KEY          the ping key of its project; or ROLLCALL_KEY
  --slug SLUG        its slug; or ROLLCALL_SLUG
  --create           makes the check if there is none with this slug`

/** What a ping says, as the end of an address has it. */
export type Action = 'success' | 'start' | 'fail' | 'log' | number

/** Where the pings of a check go, by what they say and the run they are of. */
export type PingAddress = (action: Action, runId: string | null) => URL

interface Given {
  url?: string | undefined
  endpoint?: string | undefined
  key?: string | undefined
  slug?: string | undefined
  create?: boolean | undefined
}

/** The address that the options name, else the environment; or a sentence about what is missing or wrong. */
export function pingAddress(given: Given, env: Call['env']): PingAddress | { problem: string } {
  const isByName = [given.key, given.slug, given.endpoint].some((option) => option !== undefined)
  if (given.url !== undefined && isByName)
    return { problem: 'Use --url alone, or --endpoint with --key and --slug' }
  const url = given.url ?? (isByName ? undefined : env['ROLLCALL_URL'] || undefined)
  if (url !== undefined) return byUrl(url, given.create ?? false)

  const {
    endpoint = env['ROLLCALL_ENDPOINT'],
    key = env['ROLLCALL_KEY'],
    slug = env['ROLLCALL_SLUG'],
  } = given
  if (!key || !slug) return { problem: 'Which check? Use --url, or --endpoint with --key and --slug' }
  if (!endpoint) return { problem: 'Which server? Use --endpoint, https://hc.example.org/ping/ for instance' }
  if (!/^[\w-]+$/.test(key)) return { problem: 'A ping key has letters, digits, _ and - only' }
  if (!/^[a-z0-9_-]+$/.test(slug)) return { problem: 'A slug has a-z, 0-9, _ and - only' }
  return byUrl(`${endpoint.replace(/\/*$/, '/')}${key}/${slug}`, given.create ?? false)
}

function byUrl(text: string, create: boolean): PingAddress | { problem: string } {
  const url = URL.parse(text.trim())
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.pathname === '/') {
    return { problem: `'${text}' is no ping address: those begin with http:// or https://` }
  }
  return (action, runId) => {
    const target = new URL(url)
    if (action !== 'success') target.pathname = `${target.pathname.replace(/\/+$/, '')}/${action}`
    if (runId !== null) target.searchParams.set('rid', runId)
    if (create) target.searchParams.set('create', '1')
    return target
  }
}
