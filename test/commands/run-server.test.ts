import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/commands/faults'
import { runServer, type Server } from '../../src/commands/run-server'
import { StoreUnavailable, StoreUnusable } from '../../src/store/problems'
import { openLog } from '../../src/world/log'

describe('a running server', () => {
  const log = openLog({ level: 'debug', format: 'text', clock: () => 0, write: () => true })

  /** A server that keeps what happens to it, with signals that come when we say so. */
  function aServer(server: Partial<Server> = {}) {
    const happened: string[] = []
    const signals = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
    let asked = 0
    const code = runServer({
      open: async () => ({
        start: async () => void happened.push('start'),
        stop: async () => void happened.push('stop'),
        ...server,
      }),
      ready: () => {
        happened.push('ready')
        ready.resolve()
      },
      signals: { next: () => signals[asked++]?.promise ?? new Promise(() => {}) },
      log,
    })
    const ready = Promise.withResolvers<void>()
    return { code, happened, ready: ready.promise, signal: (nth: number) => signals[nth]?.resolve('SIGTERM') }
  }

  it('stops in good order at the first signal', async () => {
    const { code, happened, ready, signal } = aServer()
    await ready
    signal(0)
    expect(await code).toBe(0)
    expect(happened).toEqual(['start', 'ready', 'stop'])
  })

  it('ends at once at the second', async () => {
    const { code, ready, signal } = aServer({ stop: () => new Promise(() => {}) })
    await ready
    signal(0)
    signal(1)
    expect(await code).toBe(1)
  })

  it('ends at a signal while it is still starting', async () => {
    const { code, signal } = aServer({ start: () => new Promise(() => {}) })
    signal(0)
    expect(await code).toBe(0)
  })

  it('fails when it cannot stop in good order', async () => {
    const { code, ready, signal } = aServer({ stop: () => Promise.reject(new Error('no')) })
    await ready
    signal(0)
    expect(await code).toBe(1)
  })

  it('passes on why it could not start', async () => {
    await expect(aServer({ start: () => Promise.reject(new Error('no')) }).code).rejects.toThrow('no')
  })
})

describe('what keeps a server from starting', () => {
  const config = {
    listen: { host: '::', port: 80 },
    smtpd: { host: '::', port: 2525, maxBytes: 1000 },
    database: { kind: 'sqlite', file: '/data/rollcall.sqlite', synchronous: 'FULL' },
  } as const

  const listenError = (code: string) => Object.assign(new Error(code), { code, syscall: 'listen' })

  it.each([
    [
      'a port in use',
      listenError('EADDRINUSE'),
      69,
      'Cannot listen on http://[::]:80: another program listens there',
    ],
    [
      'a mail port in use',
      Object.assign(listenError('EADDRINUSE'), { port: 2525 }),
      69,
      'Cannot listen on port 2525 for mails (SMTPD_PORT, SMTPD_HOST): another program listens there',
    ],
    ['a port for others', listenError('EACCES'), 69, 'CAP_NET_BIND_SERVICE'],
    ['a database away', new StoreUnavailable('unreachable', new Error('ECONNREFUSED')), 69, 'ECONNREFUSED'],
    ['a database in use', new StoreUnavailable('busy', null), 75, 'sqlite:/data/rollcall.sqlite'],
    [
      'a database of others',
      new StoreUnusable('belongs to another program'),
      78,
      'belongs to another program',
    ],
  ])('%s has its exit code and sentence', (_, cause, code, sentence) => {
    const fault = faultOf(cause, config)
    expect(fault.code).toBe(code)
    expect(fault.sentence).toContain(sentence)
  })

  it('a mistake of ours is left to the log', () => {
    expect(faultOf(new TypeError('x is not a function'), config)).toEqual({ code: 1, sentence: null })
  })
})
