import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hex: what is kept of a secret that only its owner needs to know. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Takes the same time wherever the two differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one), 'hex'), Buffer.from(digest(other), 'hex'))
}

/** HMAC-SHA-256 in hex: what is kept of a secret so that the database alone is no way to guess it. */
export function keyedDigest(secretKey: string, secret: string): string {
  return createHmac('sha256', secretKey).update(secret).digest('hex')
}
