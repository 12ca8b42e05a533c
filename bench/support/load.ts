import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** What a load came to. */
export interface Measured {
  requestsPerSecond: number
  p50Ms: number
  p99Ms: number
  /** How many answers had another status than was expected. */
  others: number
}

export interface Load {
  port: number
  connections: number
  seconds: number
  /** The bytes of one request, asked for anew each time. */
  request: () => Buffer
  /** What is expected; 200 unless it is said. */
  status?: number
}

/**
 * Keeps `connections` busy for a while, one request at a time on each, over keep-alive. It does no
 * more than count and time, so that it can outrun what it measures.
 */
export async function measure({
  port,
  connections,
  seconds,
  request,
  status = 200,
}: Load): Promise<Measured> {
  const tookMs: number[] = []
  let others = 0
  let ended = false
  const began = performance.now()
  const endAt = began + seconds * 1000

  function drive(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0
      let missing = -1
      const send = () => {
        sentAt = performance.now()
        socket.write(request())
      }
      socket.on('data', (chunk: Buffer) => {
        if (missing === -1 && chunk.toString('latin1', 9, 12) !== String(status)) others++
        missing = missing === -1 ? afterHead(chunk) : missing - chunk.length
        if (missing > 0) return
        missing = -1
        const nowAt = performance.now()
        tookMs.push(nowAt - sentAt)
        if (nowAt >= endAt) ended = true
        if (ended) socket.end(resolve)
        else send()
      })
      socket.on('error', reject)
      socket.once('connect', send)
    })
  }

  await Promise.all(
    Array.from({ length: connections }, () => drive(connect({ port, host: '127.0.0.1', noDelay: true }))),
  )
  const elapsedSeconds = (performance.now() - began) / 1000
  tookMs.sort((a, b) => a - b)
  const at = (share: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? 0
  return { requestsPerSecond: tookMs.length / elapsedSeconds, p50Ms: at(0.5), p99Ms: at(0.99), others }
}

/** How many bytes of the answer are still to come after its first piece, which holds the whole head. */
function afterHead(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, end))?.[1] ?? '0'
  return end + 4 + Number(length) - chunk.length
}

export function get(path: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  return Buffer.from(head('GET', path, headers))
}

export function post(path: string, body: Buffer, headers: Readonly<Record<string, string>> = {}): Buffer {
  const length = { 'Content-Length': String(body.length) }
  return Buffer.concat([Buffer.from(head('POST', path, { ...headers, ...length })), body])
}

function head(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const usual = { Host: 'localhost', 'User-Agent': 'curl/8.5.0', Accept: '*/*' }
  const lines = Object.entries({ ...usual, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}
