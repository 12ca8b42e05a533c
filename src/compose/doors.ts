import type { Server } from 'node:http'
import type { App } from '../app'
import { keptBytes } from '../pings/body'
import { bounceIds } from '../pings/bounces'
import type { PingCounts } from '../pings/counts'
import { pingDoors } from '../pings/doors'
import { mailDoor } from '../pings/email'
import type { MailDoor } from '../pings/email'
import type { PingIntake } from '../pings/intake'
import { rateLimit } from '../pings/rate-limit'
import { pingHandler } from '../pings/receive'
import type { Store } from '../store'
import { createSite } from '../web/server'
import type { Countries } from '../world/countries'
import type { Log } from '../world/log'
import { trustBy } from '../world/peer'

export interface DoorParts {
  app: App
  store: Store
  /** Where pings are taken. */
  intake: Pick<PingIntake, 'submit' | 'submitTogether'>
  counts: PingCounts
  countries: Countries | null
  log: Log
}

/** The web site with the door of pings before it. */
export function siteOf({ app, store, intake, counts, countries, log }: DoorParts): Server {
  const { config, clock } = app
  const limit =
    config.pingsPerMinute === null ? null : rateLimit({ perMinute: config.pingsPerMinute, ...store, clock })
  const pings = pingHandler({
    doors: pingDoors(config),
    get bodyLimitBytes() {
      return config.pingBodyLimitBytes
    },
    trust: trustBy(config),
    intake,
    ...store,
    countries,
    limit,
    counts,
    clock,
    log: log.named('pings'),
  })
  return createSite({ app, pings })
}

/** The door for pings by mail; null where this instance has none. */
export function mailsOf({ app, store, intake, counts, countries, log }: DoorParts): MailDoor | null {
  const { config, clock } = app
  if (config.smtpd === null || !config.roles.includes('smtpd')) return null
  const bounces =
    config.mailFromTemplate === null
      ? null
      : {
          idIn: bounceIds(config.mailFromTemplate),
          take: async (id: string, raw: Buffer) => void (await app.actions.callbacks.bounce(id, raw)),
        }
  return mailDoor({
    domain: config.pingEmailDomain,
    maxBytes: config.smtpd.maxBytes,
    get bodyLimitBytes() {
      return keptBytes(config.pingBodyLimitBytes)
    },
    intake,
    ...store,
    countries,
    counts,
    bounces,
    clock,
    log: log.named('smtpd'),
  })
}
