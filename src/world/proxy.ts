import type { Config } from '../config'

/** The proxy through which this address is to be called, or null for none. */
export function proxyFor(url: URL, proxy: Config['proxy']): string | null {
  const address = url.protocol === 'https:' ? proxy.https : proxy.http
  return address === null || isExempt(url, proxy.none ?? '') ? null : address
}

/**
 * Whether the address is on the `no_proxy` list: '*', or names separated by commas or spaces, each with
 * its subdomains, with or without a leading dot or '*.', and with a port if only that is meant.
 */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, onlyPort] = /^(.+?|\[.+\]):(\d+)$/.exec(entry) ?? []
      if (onlyPort !== undefined && onlyPort !== port) return false
      const bare = name.replace(/^\*?\./, '')
      return bare === '*' || host === bare || host === `[${bare}]` || host.endsWith(`.${bare}`)
    })
}
