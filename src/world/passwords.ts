import { argon2, timingSafeEqual } from 'node:crypto'
import { totalmem } from 'node:os'
import { importedCheck } from './imported-passwords'
import type { Random } from './random'

/** How much work a guess costs: spec/web-ui.md §16.3. */
export interface PasswordCost {
  memoryKib: number
  passes: number
}

/** `weak`: right, but hashed with less work than we ask for today, or by another program: hash it again. */
export type Verdict = 'right' | 'weak' | 'wrong' | 'busy'

/** Hashes of passwords, in PHC string form. `busy`: too many are at it; ask again later. */
export interface Passwords {
  hash(password: string): Promise<string | 'busy'>
  /** A hash of null is never matched, but takes as long as one that might be. */
  verify(password: string, hash: string | null): Promise<Verdict>
}

/** Each takes a core and its memory for some tens of milliseconds. */
const AT_ONCE = 2

/** Most that wait for their turn; past this we are overloaded and say so. */
const MOST_WAITING = 16

const SALT_BYTES = 16
const TAG_BYTES = 32

const GIB_KIB = 1024 * 1024

/** What this machine can spend on a password. */
export function affordableCost(): PasswordCost {
  return { memoryKib: totalmem() / 1024 >= 2 * GIB_KIB ? 65_536 : 19_456, passes: 2 }
}

export function argon2Passwords({
  random,
  cost = affordableCost(),
}: {
  random: Pick<Random, 'bytes'>
  cost?: PasswordCost
}): Passwords {
  const turns = new Turns()
  const nobody: Kept = {
    ...cost,
    parallelism: 1,
    salt: random.bytes(SALT_BYTES),
    tag: random.bytes(TAG_BYTES),
  }

  function verify(password: string, hash: string | null): Promise<Verdict> {
    const imported = hash === null ? null : importedCheck(hash)
    if (imported !== null) return turns.take(async () => ((await imported(password)) ? 'weak' : 'wrong'))
    const isDjangos = hash?.startsWith(DJANGO_ARGON2) ?? false
    const known = hash === null ? null : fromPhc(isDjangos ? hash.slice(DJANGO_ARGON2.length - 1) : hash)
    const kept = known ?? nobody
    return turns.take(async () => {
      const tag = await derive(password, kept, kept.tag.length)
      if (!timingSafeEqual(tag, kept.tag) || known === null) return 'wrong'
      const isWeak = isDjangos || kept.memoryKib < cost.memoryKib || kept.passes < cost.passes
      return isWeak ? 'weak' : 'right'
    })
  }

  return {
    hash(password) {
      const parameters = { ...cost, parallelism: 1, salt: random.bytes(SALT_BYTES) }
      return turns.take(async () =>
        toPhc({ ...parameters, tag: await derive(password, parameters, TAG_BYTES) }),
      )
    },

    verify,
  }
}

/** What Django writes before an argon2 hash. */
const DJANGO_ARGON2 = 'argon2$'

/** Lets a few work at once, in the order in which they came. */
class Turns {
  #working = 0
  readonly #waiting: (() => void)[] = []

  async take<T>(work: () => Promise<T>): Promise<T | 'busy'> {
    if (this.#working >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) return 'busy'
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#working++
    }
    try {
      return await work()
    } finally {
      // The place is handed on, so that nobody can slip in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#working--
    }
  }
}

interface Kept extends PasswordCost {
  parallelism: number
  salt: Buffer
  tag: Buffer
}

/** https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,86})$/

function toPhc({ memoryKib, passes, parallelism, salt, tag }: Kept): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

function fromPhc(text: string): Kept | null {
  const [, m, t, p, salt, tag] = PHC.exec(text) ?? []
  if (salt === undefined || tag === undefined) return null
  return {
    memoryKib: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

function derive(password: string, kept: Omit<Kept, 'tag'>, tagLength: number): Promise<Buffer> {
  const { memoryKib: memory, passes, parallelism, salt: nonce } = kept
  const message = Buffer.from(password.normalize('NFKC'), 'utf8')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, parallelism, tagLength, memory, passes }, (error, tag) => {
      if (error) reject(error)
      else resolve(Buffer.from(tag))
    })
  })
}
