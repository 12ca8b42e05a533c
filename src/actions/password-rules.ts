import { COMMON_PASSWORDS } from './common-passwords'

/** spec/web-ui.md §16.3. Longer is better than odd: no rules about kinds of characters. */
const MIN = 10
const MAX = 200

/** What is wrong with a new password, as a sentence (M-PW-1 … M-PW-4), or null. */
export function passwordProblem(
  password: string,
  { email, siteName }: { email: string; siteName: string },
): string | null {
  const characters = Array.from(password)
  if (characters.length < MIN) return `Use at least ${MIN} characters.`
  if (characters.length > MAX) return `At most ${MAX} characters.`
  const plain = password.toLowerCase()
  const own = [email, email.slice(0, email.lastIndexOf('@')), siteName].map((text) => text.toLowerCase())
  if (own.includes(plain)) return "The password must not be your e-mail address or the site's name."
  if (isCommon(plain)) return 'This password is on lists of leaked passwords. Choose another.'
  return null
}

function isCommon(plain: string): boolean {
  return COMMON_PASSWORDS.has(plain) || isRepeated(plain) || isRow(plain)
}

/** 'aaaaaaaaaa', 'abcabcabcabc': a few characters again and again. */
function isRepeated(plain: string): boolean {
  return [1, 2, 3, 4].some(
    (unit) => plain === plain.slice(0, unit).repeat(plain.length).slice(0, plain.length),
  )
}

/** '1234567890', 'zyxwvutsrq', 'qwertyuiop': keys or characters in their order, forwards or back. */
function isRow(plain: string): boolean {
  return ROWS.some((row) => row.includes(plain) || Array.from(row).reverse().join('').includes(plain))
}

const ROWS = [
  '0123456789012345678901234567890',
  '1234567890123456789012345678901234567890',
  'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
]
