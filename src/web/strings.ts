/** Every message shown to people that has a key: web-ui.md §13. `{x}` stands for a value. */
export const text = {
  'M-AUTH-1': 'E-mail and password do not match.',
  'M-AUTH-3': 'Too many tries. Try again in {n} minutes.',
  'M-AUTH-4': 'This link is wrong, was already used, or has expired. Ask for a new one below.',
  'M-AUTH-7': 'Signed out.',
  'M-AUTH-9': 'Your session has ended. Sign in to go on.',
  'M-PW-1': 'Use at least {min} characters.',
  'M-PW-2': 'At most 200 characters.',
  'M-PW-3': 'This password is on lists of leaked passwords. Choose another.',
  'M-PW-4': "The password must not be your e-mail address or the site's name.",
  'M-PW-5': 'The two entries differ.',
  'M-SETUP-1': 'That set-up code is not valid. It is printed in the server log at start-up.',
  'M-SETUP-2': 'Set-up was finished by someone else.',
  'M-FORM-2': 'Fill in this field.',
  'M-FORM-3': 'At most {n} characters.',
  'M-FORM-4': 'Choose one of the options.',
  'M-FORM-5': 'Remove the control characters.',
  'M-FORM-6': 'Between 1 minute and 365 days.',
  'M-FORM-7': 'Type {name} to confirm.',
  'M-CHK-1': 'Check created.',
  'M-CHK-2': 'Saved.',
  'M-CHK-3': 'Schedule saved.',
  'M-CHK-4': 'Schedule saved. The check is overdue under it, so it is down now; no alert was sent.',
  'M-CHK-5': 'Paused.',
  'M-CHK-6': 'Resumed. The clock starts at the next ping.',
  'M-CHK-10': '{name} removed.',
  'M-CHK-12': 'Limit of {x} checks reached.',
  'M-CHK-13': 'The check was paused already.',
  'M-CHK-14': 'The check is not paused.',
  'M-INT-1': '{kind} added. It is on for {k} checks.',
  'M-INT-2': 'Saved.',
  'M-INT-3': 'Test sent to {name}.',
  'M-INT-4': 'Test failed: {error}',
  'M-INT-5': '{name} removed.',
  'M-PRJ-4': 'Key {name} revoked. Requests using it now fail.',
  'M-KEY-2': 'This project has a ping key now. Jobs can ping checks by their slugs.',
  'M-KEY-3': 'The ping key was replaced. Addresses with the old one no longer work.',
  'M-KEY-4': 'The ping key was removed. Ping addresses with slugs no longer work.',
  'M-ACC-1': 'Password saved. Your other sessions were signed out.',
  'M-ACC-2': 'Password removed. Your other sessions were signed out.',
  'M-TOK-1': 'Token {name} revoked. Requests using it now fail.',
  'M-INT-6': 'We sent a confirmation link to {address}.',
} as const

export type TextKey = keyof typeof text

/** The message with its values put in. */
export function say(key: TextKey, values: Record<string, string | number> = {}): string {
  return text[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
