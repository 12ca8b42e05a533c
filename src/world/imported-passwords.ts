import { createHash, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/**
 * Hashes of passwords that were made by Healthchecks, in the format of Django:
 * https://docs.djangoproject.com/en/stable/topics/auth/passwords/. They are verified once, and then hashed anew.
 */
export type Check = (password: string) => Promise<boolean>

/** More work than this is asked for by no version of Django, but would keep the server busy. */
const MOST_ITERATIONS = 5_000_000
const MOST_SCRYPT_BYTES = 512 * 1024 * 1024
const MOST_BCRYPT_COST = 15

/** All that bcrypt looks at. */
const BCRYPT_BYTES = 72

const pbkdf2Of = promisify(pbkdf2)

/** How to verify a hash of another program; null when it is none that we know. */
export function importedCheck(hash: string): Check | null {
  const [kind = '', ...parts] = hash.split('$')
  switch (kind) {
    case 'pbkdf2_sha256':
      return pbkdf2Check(parts)
    case 'scrypt':
      return scryptCheck(parts)
    case 'bcrypt':
      return bcryptCheck(hash.slice('bcrypt$'.length), (password) => password)
    case 'bcrypt_sha256':
      return bcryptCheck(hash.slice('bcrypt_sha256$'.length), (password) =>
        createHash('sha256').update(password).digest('hex'),
      )
    default:
      return null
  }
}

function pbkdf2Check([iterations = '', salt = '', text = '']: string[]): Check | null {
  const count = Number(iterations)
  const tag = Buffer.from(text, 'base64')
  if (!(count >= 1 && count <= MOST_ITERATIONS) || tag.length === 0) return null
  return async (password) => timingSafeEqual(await pbkdf2Of(password, salt, count, tag.length, 'sha256'), tag)
}

function scryptCheck([n = '', salt = '', r = '', p = '', text = '']: string[]): Check | null {
  const [N, blockSize, parallelization] = [Number(n), Number(r), Number(p)]
  const tag = Buffer.from(text, 'base64')
  const maxmem = 2 * 128 * N * blockSize + 128 * blockSize * parallelization
  if (!(N > 1 && blockSize >= 1 && parallelization >= 1) || maxmem > MOST_SCRYPT_BYTES || tag.length === 0)
    return null
  return (password) =>
    new Promise((resolve, reject) => {
      scrypt(password, salt, tag.length, { N, r: blockSize, p: parallelization, maxmem }, (error, made) => {
        if (error) reject(error)
        else resolve(timingSafeEqual(made, tag))
      })
    })
}

function bcryptCheck(hash: string, prepare: (password: string) => string): Check | null {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1])
  if (!(cost >= 4 && cost <= MOST_BCRYPT_COST)) return null
  return async (password) => {
    // Not everybody has such a hash, and a start must not wait for it.
    const { bcryptVerify } = await import('hash-wasm')
    const bytes = Buffer.from(prepare(password), 'utf8').subarray(0, BCRYPT_BYTES)
    return bytes.length > 0 && bcryptVerify({ password: new Uint8Array(bytes), hash })
  }
}
