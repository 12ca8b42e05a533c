import { describe, expect, it } from 'vitest'
import { nextPath } from '../../src/web/next'

/** spec/web-ui.md §16.7 */
describe('where a sign-in leads', () => {
  const isPage = (path: string): boolean => /^\/(checks\/[^/]+\/details\/|accounts\/login\/)?$/.test(path)
  const lead = (wanted: string, root = ''): string | null => nextPath(wanted, { root, isPage })

  it.each(['/', '/checks/1/details/', '/checks/1/details/?page=2&q=a%20b', '/checks/1/details/#events'])(
    'may be %s',
    (wanted) => {
      expect(lead(wanted)).toBe(wanted)
    },
  )

  it.each([
    '',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\/evil.example/',
    '/%2F/evil.example/',
    '/%2e%2e/',
    '/checks/1/details/\n',
    '/checks/1 /details/',
    'javascript:alert(1)',
    '/accounts/login/',
    '/nowhere/',
    '/checks/1/details/?' + 'x'.repeat(600),
    '/%E0%A4%A/',
  ])('is never %s', (wanted) => {
    expect(lead(wanted)).toBeNull()
  })

  it('stays below the prefix', () => {
    expect(lead('/hc/checks/1/details/', '/hc')).toBe('/hc/checks/1/details/')
    expect(lead('/checks/1/details/', '/hc')).toBeNull()
    expect(lead('/hc//evil.example/', '/hc')).toBeNull()
  })
})
