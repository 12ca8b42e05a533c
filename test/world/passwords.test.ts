import { describe, expect, it } from 'vitest'
import { argon2Passwords } from '../../src/world/passwords'
import { systemRandom as random } from '../../src/world/random'

const cost = { memoryKib: 64, passes: 2 }

describe('a password', () => {
  const passwords = argon2Passwords({ random, cost })

  it('is kept as an argon2id hash that names its cost, with another salt each time', async () => {
    const [one, other] = [await passwords.hash('correct horse'), await passwords.hash('correct horse')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(other).not.toBe(one)
  })

  it('fits only its own hash', async () => {
    const hash = await passwords.hash('correct horse')
    expect(await passwords.verify('correct horse', hash)).toBe('right')
    expect(await passwords.verify('correct horsf', hash)).toBe('wrong')
    expect(await passwords.verify('', hash)).toBe('wrong')
  })

  it('fits however the keyboard composes its letters', async () => {
    const hash = await passwords.hash('zu\u0308rich bahnhof')
    expect(await passwords.verify('z\u00fcrich bahnhof', hash)).toBe('right')
  })

  it('never fits where there is no hash, or an unreadable one', async () => {
    expect(await passwords.verify('correct horse', null)).toBe('wrong')
    expect(await passwords.verify('correct horse', 'md5$abc')).toBe('wrong')
  })

  it('is weak when it was hashed with less work than we ask for now', async () => {
    const before = argon2Passwords({ random, cost: { memoryKib: 32, passes: 2 } })
    const hash = await before.hash('correct horse')
    expect(await passwords.verify('correct horse', hash)).toBe('weak')
    expect(await passwords.verify('wrong horse', hash)).toBe('wrong')
  })

  /** RFC 9106, section 5.3, has a secret and data that PHC strings do not; this one is from the reference tool. */
  it('fits a hash made by another program', async () => {
    const made = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await passwords.verify('password', made)).toBe('right')
  })
})

describe('a hash that Healthchecks made', () => {
  const passwords = argon2Passwords({ random, cost })

  // Made with Python's hashlib and libxcrypt, in the format of Django.
  it.each([
    'pbkdf2_sha256$1000$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=',
    'scrypt$1024$seasalt$8$5$ozpUt/qDR/QLBzi9csaWJofO252yHC+Oxl5cycNUQkna/BBjumDq5KMXPAq1Xi3sxxGWxqtAlQmEE+DSWNl+FQ==',
    'bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuulyx/yrfLnuLCi6gwFG5mrkJjuQKpL6S',
    'bcrypt$$2b$04$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG',
  ])('fits its password once, to be hashed anew: %s', async (hash) => {
    expect(await passwords.verify('lètmein', hash)).toBe('weak')
    expect(await passwords.verify('letmein', hash)).toBe('wrong')
    expect(await passwords.verify('', hash)).toBe('wrong')
  })

  it('by argon2 is one of ours, with a word before it', async () => {
    const hash = `argon2${await passwords.hash('correct horse')}`
    expect(await passwords.verify('correct horse', hash)).toBe('weak')
    expect(await passwords.verify('wrong horse', hash)).toBe('wrong')
  })

  it.each([
    'pbkdf2_sha256$99999999$seasalt$JgZryXe2Ga8ysg6XbzkLpTdyPQrHqsinbL9BnnhgX4A=',
    'pbkdf2_sha256$x$y$',
    'scrypt$9999999999$seasalt$8$5$ozpU',
    'bcrypt$$2b$31$abcdefghijklmnopqrstuuanVo7Xut1CH8VGIGlz1JovQh9GJbbtG',
    'bcrypt$nonsense',
  ])('is not tried when it would take forever, or is none: %s', async (hash) => {
    expect(await passwords.verify('lètmein', hash)).toBe('wrong')
  })
})

describe('many passwords at once', () => {
  it('are hashed two at a time; eighteen is the most, the next are told to come again', async () => {
    const passwords = argon2Passwords({ random, cost })
    const all = await Promise.all(Array.from({ length: 20 }, () => passwords.hash('correct horse')))
    expect(all.filter((hash) => hash === 'busy')).toHaveLength(2)
    expect(await passwords.hash('correct horse')).not.toBe('busy')
  })
})
