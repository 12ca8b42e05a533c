import type { Request } from 'express'
import type { App, Health } from '../app'
import type { Config } from '../config'
import { DAY } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import { PAUSED_FACT, pausedIn } from '../store/sending'
import type { Paused } from '../store/sending'
import { contextOf } from './context'
import { inZone } from './show'
import type { Banner } from './views'

/** What the instance has to say at the top of every page: spec/web-ui.md §2.2. */
export async function bannersFor(request: Request): Promise<Banner[]> {
  const { site, peer, visitor } = contextOf(request)
  const { config, health } = site.app
  const usedAt = `${peer.scheme}://${request.get('host') ?? ''}`
  const user = visitor?.user ?? null
  const about = { config, health, user, usedAt }
  // Asked only where there is something to be silent about.
  const isMute = mute(config, user).length > 0 && (await isDismissed(site.app, user))
  const paused = user?.isAdmin ? pausedIn(await known(site.app, PAUSED_FACT)) : null
  return banners({ ...about, isMute, paused })
}

/** Makes the banner about mail go away for this person, for a month. */
export async function dismissMailBanner(
  { store, clock }: Pick<App, 'store' | 'clock'>,
  user: User,
): Promise<void> {
  await store.facts.set(factOf(user), String(clock() + DISMISSED_MS))
}

async function isDismissed(
  { store, clock }: Pick<App, 'store' | 'clock'>,
  user: User | null,
): Promise<boolean> {
  return user !== null && Number((await known({ store }, factOf(user))) ?? 0) > clock()
}

/** Without a database there is still a page, which says so: nothing at its top may keep it back. */
function known({ store }: Pick<App, 'store'>, fact: string): Promise<string | null> {
  return store.facts.get(fact).catch(() => null)
}

const factOf = ({ id }: Pick<User, 'id'>): string => `no mail banner for user ${id} until`

const DISMISSED_MS = 30 * DAY

export function banners(about: {
  config: Pick<Config, 'debug' | 'siteRoot' | 'mail'>
  health: Pick<Health, 'alertsLateSince' | 'diskFull'>
  user: Pick<User, 'isAdmin' | 'tz' | 'closeAt'> | null
  /** Scheme and host of the address that the browser used. */
  usedAt: string
  /** The person has seen the banner about mail. */
  isMute?: boolean
  /** Alerts are held back, which only those hear who run the instance. */
  paused?: Paused | null
}): Banner[] {
  const { config, health, user, usedAt, isMute = false, paused = null } = about
  return [
    ...late(health.alertsLateSince(), user?.tz ?? 'UTC'),
    ...(user?.isAdmin ? heldBack(paused, user.tz) : []),
    ...full(health.diskFull()),
    ...leaving(user),
    ...insecure(config, user, usedAt),
    ...(isMute ? [] : mute(config, user)),
  ]
}

function late(since: Instant | null, tz: string): Banner[] {
  if (since === null) return []
  const time = inZone(since, tz)
  return [{ tone: 'error', text: `Alerts may be delayed: the scheduler has not run since ${time}.` }]
}

function heldBack(paused: Paused | null, tz: string): Banner[] {
  if (paused === null) return []
  const text = `No alert goes out: ${paused.by} paused all sending at ${inZone(paused.at, tz)}. What is due waits; resume it under Administration, Deliveries.`
  return [{ tone: 'error', text }]
}

function full(diskFull: boolean): Banner[] {
  const text =
    'The disk of the server is full: pings are answered “try again later” and nothing can be saved until there is room again.'
  return diskFull ? [{ tone: 'error', text }] : []
}

/** Somebody runs out of time to save what is theirs. */
function leaving(user: Pick<User, 'closeAt' | 'tz'> | null): Banner[] {
  if (user === null || user.closeAt === null) return []
  const date = inZone(user.closeAt, user.tz).slice(0, 10)
  const text = `Your account is scheduled for deletion on ${date}. If this is a mistake, ask an administrator to cancel it.`
  return [{ tone: 'warning', text }]
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
  return [
    {
      tone: 'warning',
      text: 'No mail server is configured, so no mail can be sent: enter one under Administration, Configuration.',
      dismissPath: '/banners/mail/dismiss/',
    },
  ]
}

/** Whoever sits at the machine itself, or tunnels to it, may well use another name for it. */
function isElsewhere(usedAt: string, siteRoot: string): boolean {
  if (!URL.canParse(usedAt)) return false
  const used = new URL(usedAt)
  return !isLoopback(used.hostname) && used.host !== new URL(siteRoot).host
}

/** Whether a name or address (without port, IPv6 in brackets) is that of the machine itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}
