/** The first Node with argon2 in node:crypto; the SQLite addon needs 22 and ends an older one without a word. */
const NEEDED = { major: 24, minor: 7 }

/** A sentence when this Node cannot run the program, else null. Must itself run on an old one. */
export function tooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor)) return null
  return (
    `Rollcall needs Node ${NEEDED.major}.${NEEDED.minor} or newer, and this is ${version}. ` +
    'Run `npm install` and `npm start`, which bring a fitting one, or use the executable.'
  )
}
