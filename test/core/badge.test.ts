import { describe, expect, it } from 'vitest'
import { badgeState, svgBadge, tallyOf } from '../../src/core/badge'
import { readBadgePath, tagBadgePath } from '../../src/core/badge-address'
import { textWidth } from '../../src/core/text-width'
import { signer } from '../../src/world/signer'

const { badge: sign } = signer('spec-secret')

describe('the state of a badge', () => {
  it('is that of the worst check; new, paused and running ones are no reason to worry', () => {
    const late = tallyOf(['up', 'new', 'paused', 'late'])
    expect(late).toEqual({ total: 4, grace: 1, down: 0 })
    expect(badgeState(late, { showsLate: true })).toBe('late')
    expect(badgeState(late, { showsLate: false })).toBe('up')
    expect(badgeState(tallyOf(['down', 'late']), { showsLate: true })).toBe('down')
    expect(badgeState(tallyOf([]), { showsLate: true })).toBe('up')
  })
})

describe('the address of a badge', () => {
  // The examples of spec/management-api.md [M48]: those of an instance that was moved here stay as they were.
  it.each([
    ['*', 'yJC-Y4tt'],
    ['foo', 'zPoKKmwO'],
    ['db@dc1', 'DPSo49Sk'],
    ['a/b', 'nL_UjjJF'],
    ['ä', '3QMB5nVv'],
    ['x.y', '3Z_K-X91'],
  ])('of %s is signed with %s', (tag, signature) => {
    expect(sign('alice', tag)).toBe(signature)
  })

  it.each([
    ['db@dc1', '/badge/alice/DPSo49Sk/db%2540dc1.svg'],
    ['a/b', '/badge/alice/nL_UjjJF/a%252Fb.svg'],
    ['ä', '/badge/alice/3QMB5nVv/%25C3%25A4.svg'],
    ['x.y', '/badge/alice/3Z_K-X91/x.y.svg'],
    ['*', '/badge/alice/yJC-Y4tt.svg'],
  ])('of %s is %s', (tag, path) => {
    expect(tagBadgePath({ badgeKey: 'alice', tag, showsLate: true, format: 'svg' }, sign)).toBe(path)
  })

  it.each(['prod', 'a b', "it's (*)!", '100%', 'a.b.svg', '東京', '😀', '%41', 'a/b'])(
    'leads back to the tag %s',
    (tag) => {
      const path = tagBadgePath({ badgeKey: 'k', tag, showsLate: false, format: 'json' }, sign)
      expect(readBadgePath(decodeURIComponent(path))).toEqual({
        subject: { kind: 'tag', badgeKey: 'k', tag, signature: sign('k', tag) },
        showsLate: false,
        format: 'json',
      })
    },
  )

  it('may hold the letters of any script as they are, but nothing else', () => {
    expect(readBadgePath('/badge/k/12345678/東京.svg')?.subject).toMatchObject({ tag: '東京' })
    expect(readBadgePath('/badge/k/12345678/a b.svg')).toBeNull()
    expect(readBadgePath('/badge/k/12345678/a@b.svg')).toBeNull()
    expect(readBadgePath('/badge/k/12345678/a%zz.svg')?.subject).toMatchObject({ tag: 'a%zz' })
  })
})

describe('the picture of a badge', () => {
  it('is as wide as its two texts', () => {
    expect(svgBadge('foo', 'up')).toMatch(/^<svg [^>]*width="52" height="20"/)
  })

  it('knows how wide characters of other scripts are', () => {
    expect(textWidth('東京')).toBe(22)
    expect(textWidth('e\u0301')).toBe(textWidth('e'))
    expect(svgBadge('東京', 'up')).toContain('textLength="22"')
    expect(svgBadge('Tokyo', 'up')).not.toContain('textLength')
  })

  it('stays a picture whatever the label holds', () => {
    const svg = svgBadge('a<b>&"c"\u0001\ud800', 'down')
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;\ufffd\ufffd: down')
    expect(svg).toContain('#e05d44')
  })
})
