import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'

/** Hands out tokens that only this instance can have made, and knows its own. */
export interface Signer {
  /** A lasting token for one purpose: 64 hex digits. A purpose has no colon in it. */
  sign(purpose: string, value: string): string
  /** Whether `token` is ours for this; takes the same time whatever is wrong with it. */
  matches(purpose: string, value: string, token: string): boolean
  /** A token that tells when it was made, to the second. */
  stamp(purpose: string, value: string, at: Instant): string
  /** When this instance made the stamp for just this, or null if it did not. */
  stampedAt(purpose: string, value: string, stamp: string): Instant | null
  /**
   * What a mail's envelope sender carries so that a bounce can be traced: about a notification (`n`,
   * its code) or a report (`r`). With a UUID it is 64 characters, the most that a mail address allows.
   */
  bounceId(about: BounceId['about'], id: string, at: Instant): string
  /** Null when it is not ours. Upper and lower case are the same: relays change them. */
  readBounceId(text: string): BounceId | null
  /** What the address of a badge proves itself with, in the way of Healthchecks: management-api.md [M48]. */
  badge(badgeKey: string, tag: string): string
}

export interface BounceId {
  about: 'n' | 'r'
  id: string
  at: Instant
}

/** Sixteen hex digits: all that fits, and it only has to last for 48 hours. */
const BOUNCE_MAC_LENGTH = 16

const BADGE_SIGNATURE_LENGTH = 8

export function signer(secretKey: string): Signer {
  const sign = (purpose: string, value: string): string =>
    createHmac('sha256', secretKey).update(`${purpose}:${value}`).digest('hex')

  const matches = (purpose: string, value: string, token: string): boolean =>
    same(sign(purpose, value), token)

  const bounceMac = (about: string, id: string, time: string): string =>
    sign('bounce', `${about}:${id}:${time}`).slice(0, BOUNCE_MAC_LENGTH)

  return {
    sign,
    matches,

    stamp(purpose, value, at) {
      const time = hexSeconds(at)
      return `${time}.${sign(purpose, `${value}:${time}`)}`
    },

    stampedAt(purpose, value, stamp) {
      const [, time, token] = /^([0-9a-f]{1,10})\.([0-9a-f]{64})$/.exec(stamp) ?? []
      if (time === undefined || token === undefined) return null
      return matches(purpose, `${value}:${time}`, token) ? toInstant(time) : null
    },

    bounceId(about, id, at) {
      const time = hexSeconds(at)
      return `${about}.${id}.${time}.${bounceMac(about, id, time)}`
    },

    readBounceId(text) {
      const read = /^([nr])\.(.+)\.([0-9a-f]{1,10})\.([0-9a-f]{16})$/.exec(text.toLowerCase())
      const [, about, id, time, mac] = read ?? []
      if (about === undefined || id === undefined || time === undefined || mac === undefined) return null
      if (!same(bounceMac(about, id, time), mac)) return null
      return { about: about === 'n' ? 'n' : 'r', id, at: toInstant(time) }
    },

    badge(badgeKey, tag) {
      const key = createHash('sha1')
        .update(badgeKey + secretKey)
        .digest()
      return createHmac('sha1', key).update(tag).digest('base64url').slice(0, BADGE_SIGNATURE_LENGTH)
    },
  }
}

function same(ours: string, theirs: string): boolean {
  const [a, b] = [Buffer.from(ours), Buffer.from(theirs)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function hexSeconds(at: Instant): string {
  return Math.floor(at / SECOND).toString(16)
}

function toInstant(time: string): Instant {
  return Number.parseInt(time, 16) * SECOND
}
