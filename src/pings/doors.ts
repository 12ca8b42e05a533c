/** Under which addresses pings come in. */
export interface PingDoors {
  /** What stands behind the ping prefix in a decoded path; null: that is no address of a ping. */
  below(path: string, host: string | undefined): string | null
}

/**
 * Pings come in at `ping/` below SITE_ROOT, whatever the Host (spec/ping-api.md [P3]), and where
 * PING_ENDPOINT points. With a host of its own everything below its path is a ping, at the root too;
 * on the host of the site a path of its own is one, but the root is for pages.
 */
export function pingDoors({ siteRoot, pingEndpoint }: { siteRoot: string; pingEndpoint: string }): PingDoors {
  const site = new URL(siteRoot)
  const first = `${site.pathname.replace(/\/$/, '')}/ping/`
  const endpoint = URL.parse(pingEndpoint)
  const second = endpoint?.pathname ?? first
  const hasOwnHost = endpoint !== null && endpoint.host !== '' && endpoint.host !== site.host
  const isOpen = endpoint !== null && second !== first && (hasOwnHost || second !== '/')

  return {
    below(path, host) {
      if (path.startsWith(first)) return path.slice(first.length)
      if (!isOpen || !path.startsWith(second)) return null
      return hasOwnHost && plain(host) !== endpoint.host ? null : path.slice(second.length)
    },
  }
}

/** A Host as `URL` has it: in lower case, without the port that goes without saying. */
function plain(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:(80|443)$/, '')
}
