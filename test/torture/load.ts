import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'

/** A ping that was answered OK. */
export interface Acknowledged {
  code: string
  /** Its body: no other ping has the same. */
  mark: string
}

/** Clients that ping at the same time, one request each. */
const CLIENTS = 32

const SIGNALS = ['', '', '', '/start', '/fail', '/log', '/0', '/3']

/** Pings as fast as it can until told to stop; remembers what was answered OK. */
export function startLoad(port: number, codes: readonly string[]): { stop(): Promise<Acknowledged[]> } {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const acknowledged: Acknowledged[] = []
  let stopped = false

  async function client(): Promise<void> {
    while (!stopped) {
      const code = codes[Math.floor(Math.random() * codes.length)] ?? ''
      const signal = SIGNALS[Math.floor(Math.random() * SIGNALS.length)] ?? ''
      const mark = randomUUID()
      const run = Math.random() < 0.3 ? `?rid=${randomUUID()}` : ''
      const status = await send(`/ping/${code}${signal}${run}`, mark)
      if (status === 200) acknowledged.push({ code, mark })
      else if (status !== null) throw new Error(`A ping was answered ${status}`)
      else return
    }
  }

  /** Null when the connection broke before the answer was complete. */
  function send(path: string, body: string): Promise<number | null> {
    return new Promise((resolve) => {
      const sent = request({ port, host: '127.0.0.1', path, method: 'POST', agent }, (response) => {
        response.on('end', () => resolve(response.complete ? (response.statusCode ?? null) : null))
        response.on('error', () => resolve(null))
        response.resume()
      })
      sent.on('error', () => resolve(null))
      sent.end(body)
    })
  }

  const clients = Promise.all(Array.from({ length: CLIENTS }, client))
  return {
    async stop() {
      stopped = true
      await clients
      agent.destroy()
      return acknowledged
    },
  }
}
