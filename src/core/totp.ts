import { createHmac } from 'node:crypto'
import { fromBase32 } from './base32'
import { SECOND } from './time'
import type { Instant } from './time'

/** Codes of authenticator apps: RFC 6238 with SHA-1, 30 seconds and six digits, which is what all apps know. */

const STEP_MS = 30 * SECOND
const DIGITS = 6

/** Clocks differ, and typing takes time: the code before and the one after are good, too. */
const WINDOW = [0, -1, 1]

/** The code of a time step. `secret` in base32. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

export function totpStep(at: Instant): number {
  return Math.floor(at / STEP_MS)
}

/** The time step that a typed code belongs to, or null when it is not right. */
export function matchTotp(secret: string, typed: string, at: Instant): number | null {
  const code = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(code)) return null
  const now = totpStep(at)
  // All are looked at, so that the time it takes tells nothing.
  const found = WINDOW.map((away) => now + away).filter((step) => sameDigits(totpCode(secret, step), code))
  return found[0] ?? null
}

/** What the picture for the app says: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function totpAddress(about: { secret: string; siteName: string; email: string }): string {
  const issuer = about.siteName.replaceAll(':', ' ')
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(about.email)}`
  return `otpauth://totp/${label}?secret=${about.secret}&issuer=${encodeURIComponent(issuer)}`
}

function sameDigits(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i)
  return difference === 0
}
