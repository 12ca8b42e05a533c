import { describe, expect, it } from 'vitest'
import { fromBase32, toBase32 } from '../../src/core/base32'
import { matchTotp, totpAddress, totpCode, totpStep } from '../../src/core/totp'

/** The key of the examples in RFC 6238, appendix B. */
const SECRET = toBase32(Buffer.from('12345678901234567890'))

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('of %j is %s, as in RFC 4648', (plain, text) => {
    expect(toBase32(Buffer.from(plain))).toBe(text)
    expect(fromBase32(text).toString()).toBe(plain)
  })
})

describe('the code of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at second %i is %s, as in RFC 6238', (seconds, code) => {
    expect(totpCode(SECRET, totpStep(seconds * 1000))).toBe(code)
  })

  it('is good one step before and after its time, blanks or not, and no longer', () => {
    const at = 1111111111_000
    const step = totpStep(at)
    for (const away of [-1, 0, 1])
      expect(matchTotp(SECRET, totpCode(SECRET, step + away), at)).toBe(step + away)
    for (const away of [-2, 2]) expect(matchTotp(SECRET, totpCode(SECRET, step + away), at)).toBeNull()
    expect(matchTotp(SECRET, ' 050 471 ', at)).toBe(step)
    for (const typed of ['', '05047', '0504710', 'abcdef']) expect(matchTotp(SECRET, typed, at)).toBeNull()
  })

  it('is set up by an address that names the site and the account', () => {
    const address = totpAddress({ secret: 'ABC', siteName: 'My: Rollcall', email: 'ada@example.org' })
    expect(address).toBe(
      'otpauth://totp/My%20%20Rollcall:ada%40example.org?secret=ABC&issuer=My%20%20Rollcall',
    )
  })
})
