import type { Request } from 'express'
import type { Health } from '../app'
import type { Config } from '../config'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { contextOf } from './context'
import { inZone } from './show'
import type { Banner } from './views'

/** What the instance has to say at the top of every page: spec/web-ui.md §2.2. */
export function bannersFor(request: Request): Banner[] {
  const { site, peer, visitor } = contextOf(request)
  const { config, health } = site.app
  const usedAt = `${peer.scheme}://${request.get('host') ?? ''}`
  return banners({ config, health, user: visitor?.user ?? null, usedAt })
}

export function banners(about: {
  config: Pick<Config, 'debug' | 'siteRoot' | 'mail'>
  health: Pick<Health, 'alertsLateSince' | 'diskFull'>
  user: Pick<User, 'isAdmin' | 'tz'> | null
  /** Scheme and host of the address that the browser used. */
  usedAt: string
}): Banner[] {
  const { config, health, user, usedAt } = about
  return [
    ...late(health.alertsLateSince(), user?.tz ?? 'UTC'),
    ...full(health.diskFull()),
    ...insecure(config, user, usedAt),
    ...mute(config, user),
  ]
}

function late(since: Instant | null, tz: string): Banner[] {
  if (since === null) return []
  const time = inZone(since, tz)
  return [{ tone: 'error', text: `Alerts may be delayed: the scheduler has not run since ${time}.` }]
}

function full(diskFull: boolean): Banner[] {
  const text =
    'The disk of the server is full: pings are answered “try again later” and nothing can be saved until there is room again.'
  return diskFull ? [{ tone: 'error', text }] : []
}

function insecure(
  { debug, siteRoot }: Pick<Config, 'debug' | 'siteRoot'>,
  user: Pick<User, 'isAdmin'> | null,
  usedAt: string,
): Banner[] {
  const problems = [
    ...(debug ? ['Debug mode is on: set DEBUG=False.'] : []),
    ...(isElsewhere(usedAt, siteRoot)
      ? [
          `This page was opened at ${usedAt}, but links in mails and ping addresses begin with ${siteRoot}: set SITE_ROOT to the address in use.`,
        ]
      : []),
  ]
  if (user === null || problems.length === 0) return []
  if (!user.isAdmin) {
    return [{ tone: 'warning', text: 'This instance needs its administrator’s attention.' }]
  }
  return problems.map((text) => ({ tone: 'warning' as const, text }))
}

function mute({ mail }: Pick<Config, 'mail'>, user: Pick<User, 'isAdmin'> | null): Banner[] {
  if (mail !== null || user?.isAdmin !== true) return []
  return [{ tone: 'warning', text: 'No mail server is configured, so no mail can be sent: set EMAIL_HOST.' }]
}

/** Whoever sits at the machine itself, or tunnels to it, may well use another name for it. */
function isElsewhere(usedAt: string, siteRoot: string): boolean {
  if (!URL.canParse(usedAt)) return false
  const used = new URL(usedAt)
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(used.hostname)
  return !isLoopback && used.host !== new URL(siteRoot).host
}
