import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from './random'

/** What must be read again is kept under a key that is not in the database: AES-256-GCM, the key by HKDF-SHA-256. */
export interface Seal {
  close(text: string, random: Pick<Random, 'bytes'>): string
  /** Null when it was closed with another secret key, for something else, or was changed since. */
  open(sealed: string): string | null
}

/** What sealed texts begin with, so that they are told from those that are not. */
const MARK = 'sealed.1.'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'

/** `about` is what is kept and whose it is: something sealed for one cannot be put in the place of another. */
export function sealFor(secretKey: string, about: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'rollcall: secrets at rest', 32))
  return {
    close(text, random) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(about),
      )
      const closed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return MARK + closed.toString('base64url')
    },

    open(sealed) {
      const closed = Buffer.from(sealed.slice(MARK.length), 'base64url')
      if (!isSealed(sealed) || closed.length < NONCE_BYTES + TAG_BYTES) return null
      const [nonce, tag] = [closed.subarray(0, NONCE_BYTES), closed.subarray(-TAG_BYTES)]
      const cipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(about)).setAuthTag(tag)
      try {
        const text = cipher.update(closed.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([text, cipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

export function isSealed(text: string): boolean {
  return text.startsWith(MARK)
}
