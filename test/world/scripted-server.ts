import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  method: string
  path: string
  /** Names as they came, in pairs with the values, which are Latin-1. */
  headers: Record<string, string>
  body: string
}

export interface ScriptedServer {
  url: string
  port: number
  heard: Heard[]
  close(): Promise<void>
}

/** A web server on this machine that keeps what it hears and does as it is told. */
export async function scriptedServer(
  script: (heard: Heard, response: ServerResponse, request: IncomingMessage) => void,
): Promise<ScriptedServer> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const said: Heard = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      }
      heard.push(said)
      script(said, response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
