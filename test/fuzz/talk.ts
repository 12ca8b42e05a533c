import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { answersIn } from './answers'
import type { Answered } from './answers'
import type { Conversation } from './requests'

/** How long the program may take to answer what is sound. */
const PATIENCE_MS = 20_000

/** How long we listen when an answer may or may not come. */
const QUIET_MS = 150

export interface Heard {
  /** Whole answers, in their order; without 100 Continue. */
  answers: Answered[]
  /** How the connection ended; null: we ended it, with all that we waited for. */
  ended: string | null
}

/** Says all of a conversation to the program, on a connection of its own, and tells what it answered. */
export function talk(port: number, { requests, hangUpAfterBytes, slices }: Conversation): Promise<Heard> {
  const isSound = requests.every(({ sound }) => sound)
  const everything = Buffer.concat(requests.map(({ bytes }) => bytes))
  const bytes = hangUpAfterBytes === null ? everything : everything.subarray(0, hangUpAfterBytes)
  const methods = requests.map(({ method }) => method)

  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const chunks: Buffer[] = []
    let timer = setTimeout(() => finish('no answer'), PATIENCE_MS)

    function finish(ended: string | null): void {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.on('error', () => undefined)
      if (ended === null && isSound) socket.destroy()
      else socket.resetAndDestroy()
      try {
        const answers = answersIn(Buffer.concat(chunks), methods, { isOver: ended === 'closed' })
        resolve({ answers, ended })
      } catch (error) {
        resolve({ answers: [], ended: String(error) })
      }
    }

    function isAllAnswered(): boolean {
      try {
        return answersIn(Buffer.concat(chunks), methods, { isOver: false }).length >= methods.length
      } catch {
        return true
      }
    }

    function waitNoMoreThan(ms: number): void {
      clearTimeout(timer)
      timer = setTimeout(() => finish(null), ms)
    }

    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (!isSound) return waitNoMoreThan(QUIET_MS)
      if (isAllAnswered()) finish(null)
    })
    socket.on('end', () => finish('closed'))
    socket.on('close', () => finish('closed'))
    socket.on('error', (error) => finish(error.message))
    socket.on('connect', () => {
      write(socket, bytes, slices, () => {
        if (hangUpAfterBytes !== null) waitNoMoreThan(bytes.length % 20)
        else if (!isSound) waitNoMoreThan(QUIET_MS)
      })
    })
  })
}

function write(socket: Socket, bytes: Buffer, slices: number[] | null, done: () => void): void {
  if (slices === null) {
    socket.write(bytes, done)
    return
  }
  let at = 0
  let turn = 0
  const more = () => {
    if (at >= bytes.length || socket.destroyed) return done()
    const length = slices[turn++ % slices.length] ?? bytes.length
    socket.write(bytes.subarray(at, (at += length)), () => setImmediate(more))
  }
  more()
}
