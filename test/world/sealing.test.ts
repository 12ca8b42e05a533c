import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/world/random'
import { isSealed, sealFor } from '../../src/world/sealing'

const KEY = 'a key of the server '.repeat(4)

describe('what is sealed', () => {
  const sealed = sealFor(KEY, 'totp of 7').close('JBSWY3DPEHPK3PXP', systemRandom)

  it('is read again with the same key, and says nothing without', () => {
    expect(sealFor(KEY, 'totp of 7').open(sealed)).toBe('JBSWY3DPEHPK3PXP')
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP')
    expect(isSealed(sealed)).toBe(true)
    expect(isSealed('JBSWY3DPEHPK3PXP')).toBe(false)
  })

  it('looks different each time', () => {
    expect(sealFor(KEY, 'totp of 7').close('JBSWY3DPEHPK3PXP', systemRandom)).not.toBe(sealed)
  })

  it('cannot be read with another key, for somebody else, or when it was changed', () => {
    expect(sealFor(`${KEY}x`, 'totp of 7').open(sealed)).toBeNull()
    expect(sealFor(KEY, 'totp of 8').open(sealed)).toBeNull()
    const at = sealed.length - 4
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    expect(sealFor(KEY, 'totp of 7').open(changed)).toBeNull()
    for (const nonsense of ['', 'sealed.1.', 'sealed.1.AAAA', 'JBSWY3DPEHPK3PXP'])
      expect(sealFor(KEY, 'totp of 7').open(nonsense)).toBeNull()
  })
})
