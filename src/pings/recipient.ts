/** Whom a mail is for: a check by its code, or by the ping key of its project and its slug. */
export type Recipient = { code: string } | { pingKey: string; slug: string }

/** What is wrong with an address, in the words of spec/ping-api.md [P50]. */
export type Refusal = 'Recipient rejected' | 'Invalid mailbox'

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const KEY_AND_SLUG = /^([A-Za-z0-9_-]{22})\+([a-z0-9_-]+)$/

/** Reads the address of a recipient; the check is not looked up yet. `domain` is in lower case. */
export function recipientOf(address: string, domain: string): Recipient | Refusal {
  const at = address.indexOf('@')
  if (at === -1 || address.slice(at + 1).toLowerCase() !== domain) return 'Recipient rejected'
  const local = address.slice(0, at)
  if (UUID_4.test(local)) return { code: local.toLowerCase() }
  const [, pingKey, slug] = KEY_AND_SLUG.exec(local) ?? []
  return pingKey === undefined || slug === undefined ? 'Invalid mailbox' : { pingKey, slug }
}

/** The address as it may be logged: whoever knows all of the key could ping every check of the project. */
export function discreetAddress(address: string): string {
  return address.replace(/^([A-Za-z0-9_-]{4})[A-Za-z0-9_-]{18}\+/, '$1…+')
}
