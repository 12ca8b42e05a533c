import { describe, expect, it } from 'vitest'
import { signer } from '../../src/world/signer'

const CODE = '5a3c1e77-0c2b-4b7e-9f57-2f6d0a9b1c34'
const AT = Date.UTC(2026, 0, 15, 2, 30)
const ours = signer('test-secret')

describe('a token', () => {
  it('opens only what it was made for', () => {
    const token = ours.sign('verify', CODE)
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(ours.matches('verify', CODE, token)).toBe(true)
    expect(ours.matches('alerts', CODE, token)).toBe(false)
    expect(ours.matches('verify', `${CODE}0`, token)).toBe(false)
    expect(signer('other').matches('verify', CODE, token)).toBe(false)
  })

  it.each(['', 'x', 'ü'.repeat(64), '0'.repeat(64)])('is not "%s"', (token) => {
    expect(ours.matches('verify', CODE, token)).toBe(false)
  })
})

describe('a stamp', () => {
  const stamp = ours.stamp('alerts', CODE, AT)

  it('tells when it was made', () => {
    expect(ours.stampedAt('alerts', CODE, stamp)).toBe(AT)
  })

  it('cannot be made younger, or used for something else', () => {
    const [time, mac] = stamp.split('.')
    expect(ours.stampedAt('alerts', CODE, `${(parseInt(time ?? '', 16) + 1).toString(16)}.${mac}`)).toBeNull()
    expect(ours.stampedAt('alerts', 'other', stamp)).toBeNull()
    expect(ours.stampedAt('alerts', CODE, 'nonsense')).toBeNull()
  })
})

describe('a bounce id', () => {
  const id = ours.bounceId('n', CODE, AT)

  it('fits into the local part of a mail address', () => {
    expect(id).toHaveLength(64)
  })

  it('is read back, even after a relay changed its case', () => {
    expect(ours.readBounceId(id.toUpperCase())).toEqual({ about: 'n', id: CODE, at: AT })
  })

  it('is nothing when somebody else made it', () => {
    expect(signer('other').readBounceId(id)).toBeNull()
    expect(ours.readBounceId('n.x.0.0000000000000000')).toBeNull()
    expect(ours.readBounceId('postmaster')).toBeNull()
  })
})
