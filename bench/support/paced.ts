import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface Pace {
  port: number
  perSecond: number
  connections: number
  /** The bytes of one request, asked for anew each time. */
  request: () => Buffer
}

/**
 * Sends requests at a steady pace, as jobs do, whatever the answers take: what is measured is the wait from the
 * moment at which a request was due. Returns what stops it and gives the waits.
 */
export async function startPaced({ port, perSecond, connections, request }: Pace): Promise<() => number[]> {
  const waitsMs: number[] = []
  const due: number[] = []
  const free: Socket[] = []

  function send(): void {
    while (due.length > 0) {
      const socket = free.pop()
      if (socket === undefined) return
      const dueAt = due.shift()!
      socket.once('data', () => {
        waitsMs.push(performance.now() - dueAt)
        free.push(socket)
        send()
      })
      socket.write(request())
    }
  }

  for (let i = 0; i < connections; i++) free.push(await connected(port))
  const sockets = [...free]
  const began = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const wanted = Math.floor(((performance.now() - began) / 1000) * perSecond)
    for (; sent < wanted; sent++) due.push(began + ((sent + 1) * 1000) / perSecond)
    send()
  }, 1)
  return () => {
    clearInterval(timer)
    for (const socket of sockets) socket.destroy()
    // What is still waited for waited at least until now.
    return [...waitsMs, ...due.map((dueAt) => performance.now() - dueAt)]
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}
