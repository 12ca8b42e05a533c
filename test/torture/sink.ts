import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Whoever is told: a webhook receiver that remembers every message. */
export interface Sink {
  url: string
  /** How often each notification arrived, by its code. */
  received: Map<string, number>
  close(): Promise<void>
}

export async function openSink(): Promise<Sink> {
  const received = new Map<string, number>()
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const code = String(request.headers['idempotency-key'])
      received.set(code, (received.get(code) ?? 0) + 1)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
