import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pingDoors } from '../../src/pings/doors'
import { PingIntake } from '../../src/pings/intake'
import { pingHandler } from '../../src/pings/receive'
import type { ReceiveOptions } from '../../src/pings/receive'
import type { Store } from '../../src/store'
import { trustOf } from '../../src/world/peer'
import { NOON } from './build'
import { recorder } from './local-site'

export interface PingDoor {
  /** Below the ping prefix. */
  ping(path: string, init?: RequestInit): Promise<Response>
  /** Status and words of the answer. */
  said(path: string, init?: RequestInit): Promise<[number, string]>
  base: string
  close(): void
}

/** The door for pings on a server of its own; what is not a ping is answered 418. */
export async function pingDoor(store: Store, options: Partial<ReceiveOptions> = {}): Promise<PingDoor> {
  const handler = pingHandler({
    doors: pingDoors({ siteRoot: 'http://localhost', pingEndpoint: 'http://localhost/ping/' }),
    bodyLimitBytes: 1000,
    trust: trustOf('any'),
    intake: new PingIntake({ ...store, onFlips: () => undefined }),
    ...store,
    countries: null,
    limit: null,
    clock: () => NOON,
    log: recorder([]),
    ...options,
  })
  const server = createServer((request, response) => {
    if (!handler(request, response)) response.writeHead(418).end('not a ping')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ping = (path: string, init?: RequestInit) => fetch(`${base}/ping/${path}`, init)
  return {
    base,
    ping,
    async said(path, init) {
      const response = await ping(path, init)
      return [response.status, await response.text()]
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
