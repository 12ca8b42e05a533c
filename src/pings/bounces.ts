/** An id as `Signer.bounceId` makes them; relays change upper and lower case. */
const ID = /^[nr]\.[0-9a-z-]+\.[0-9a-f]{1,10}\.[0-9a-f]{16}$/i

/** Mails that come back to us. */
export interface Bounces {
  /** The id in the address that a mail comes back to; null: it is no such address. */
  idIn(address: string): string | null
  take(id: string, raw: Buffer): Promise<void>
}

/** Which addresses a template such as `%s@bounces.example.org` makes. */
export function bounceIds(template: string): Bounces['idIn'] {
  const [before = '', after = ''] = template.toLowerCase().split('%s')
  return (address) => {
    const plain = address.toLowerCase()
    const fits = plain.length > before.length + after.length
    if (!fits || !plain.startsWith(before) || !plain.endsWith(after)) return null
    const id = plain.slice(before.length, plain.length - after.length)
    return ID.test(id) ? id : null
  }
}
