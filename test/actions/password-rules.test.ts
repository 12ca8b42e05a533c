import { describe, expect, it } from 'vitest'
import { passwordProblem } from '../../src/actions/password-rules'

const about = { email: 'Ada.Lovelace@example.org', siteName: 'Rollcall at home' }

function problem(password: string): string | null {
  return passwordProblem(password, about)
}

describe('a new password', () => {
  it('has ten to two hundred characters, whatever they are', () => {
    expect(problem('kurz gesagt')).toBeNull()
    expect(problem('nine char')).toBe('Use at least 10 characters.')
    expect(problem('x y '.repeat(50))).toBe('This password is on lists of leaked passwords. Choose another.')
    expect(problem('five words and a 🐢 '.repeat(11))).toBe('At most 200 characters.')
    expect(problem('🐢🐇🐢🐇🐢🦊🐢🐇🐢🐇')).toBeNull()
  })

  it.each(['ada.lovelace@example.org', 'ADA.LOVELACE', 'rollcall at home'])('is not %s', (password) => {
    expect(problem(password)).toBe("The password must not be your e-mail address or the site's name.")
  })

  it.each([
    'password123',
    'PASSWORD123',
    '1234567890',
    '0987654321',
    'qwertyuiop',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
  ])('is not one that guessers try first: %s', (password) => {
    expect(problem(password)).toBe('This password is on lists of leaked passwords. Choose another.')
  })
})
