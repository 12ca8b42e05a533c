import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 in hex: what is kept of a secret that only its owner needs to know. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Takes the same time wherever the two differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one), 'hex'), Buffer.from(digest(other), 'hex'))
}
