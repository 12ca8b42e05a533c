import type { Server } from 'node:http'
import type { Server as AnyServer } from 'node:net'
import type { Config } from '../config'
import { SECOND } from '../core/time'

/** Listens where it should; on IPv4 alone where there is no IPv6. */
export async function listen(site: AnyServer, where: Config['listen']): Promise<void> {
  const once = (options: object) =>
    new Promise<void>((resolve, reject) => {
      site.once('error', reject)
      site.listen(options, () => {
        site.off('error', reject)
        resolve()
      })
    })
  try {
    await once(where)
  } catch (error) {
    const noIpv6 =
      error instanceof Error && 'code' in error && /EAFNOSUPPORT|EADDRNOTAVAIL/.test(String(error.code))
    if (!noIpv6 || !('host' in where) || where.host !== '::') throw error
    await once({ ...where, host: '0.0.0.0' })
  }
}

/** Takes nothing new, and lets requests finish until patience ends. */
export async function closeSite(site: Server, patienceMs: number): Promise<void> {
  if (!site.listening) return
  const closed = new Promise<void>((resolve) => site.close(() => resolve()))
  // Connections fall idle one by one as their requests end.
  const idle = setInterval(() => site.closeIdleConnections(), SECOND / 10)
  const patience = setTimeout(() => site.closeAllConnections(), patienceMs)
  await closed
  clearInterval(idle)
  clearTimeout(patience)
}
