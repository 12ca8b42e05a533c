/**
 * Where a ping's body lies in the bucket: `<check code>/<letters>-<n>`. The letters make larger numbers
 * sort first: one for how many digits `n` has, then one for each digit, both counting backwards. So "all
 * bodies up to n" is one listing from a key on: spec/ping-api.md [P57].
 */
export function objectKey(checkCode: string, n: number): string {
  const digits = String(n)
  const letters = Array.from(digits, (digit) => backwards('j', Number(digit)))
  return `${checkCode}/${backwards('z', digits.length - 1)}${letters.join('')}-${digits}`
}

/** What the keys of one check begin with. */
export function keysOf(checkCode: string): string {
  return `${checkCode}/`
}

/** The check that such a beginning belongs to; null: it is not one of ours. */
export function checkCodeOf(prefix: string): string | null {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/$/.exec(prefix)?.[1] ?? null
}

function backwards(from: string, steps: number): string {
  return String.fromCharCode(from.charCodeAt(0) - steps)
}
