import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openLog, standardOutput, type LogOptions } from '../../src/world/log'

const NOON = Date.UTC(2026, 2, 1, 12)

/** A log whose lines are kept; it takes none while `blocked`. */
function aLog(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const reader = { blocked: false }
  const write = (text: string): boolean => {
    if (!reader.blocked) lines.push(...text.trimEnd().split('\n'))
    return !reader.blocked
  }
  return {
    lines,
    reader,
    log: openLog({ level: 'info', format: 'text', clock: () => NOON, write, ...options }),
  }
}

describe('a log in text', () => {
  it('has one line for each event, with its time, level and speaker', () => {
    const { lines, log } = aLog()
    log.info('ready', { version: '1.0', site: 'http://localhost:8000' })
    log.named('alerts').warn('goes down')
    expect(lines).toEqual([
      '2026-03-01T12:00:00.000Z info  rollcall  ready  version=1.0 site=http://localhost:8000',
      '2026-03-01T12:00:00.000Z warn  alerts  goes down',
    ])
  })

  it('puts values with blanks in quotes', () => {
    const { lines, log } = aLog()
    log.info('told', { name: 'My "job"', nothing: null, empty: '' })
    expect(lines[0]).toMatch(/told {2}name="My \\"job\\"" nothing=null empty=""$/)
  })

  it('stays on one line whatever somebody sent', () => {
    const { lines, log } = aLog()
    log.info('host is a\n2026-03-01T12:00:00.000Z info  rollcall  forged', { agent: '\u001b[2J\n' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(String.raw`a\n2026`)
    expect(lines[0]).toContain(String.raw`agent="\u001b[2J\n"`)
  })

  it('tells an error with its causes', () => {
    const { lines, log } = aLog()
    log.error('failed', { cause: new Error('outer', { cause: new Error('inner') }) })
    expect(lines[0]).toMatch(/error rollcall {2}failed {2}cause=".*outer.*caused by: Error: inner/)
  })
})

describe('a log in JSON', () => {
  it('has an object for each event', () => {
    const { lines, log } = aLog({ format: 'json' })
    log.named('web').info('request', { status: 200, path: '/' })
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-03-01T12:00:00.000Z',
      level: 'info',
      logger: 'web',
      msg: 'request',
      status: 200,
      path: '/',
    })
  })
})

describe('the level of a log', () => {
  it.each([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('%s keeps out what is less important', (level, kept) => {
    const { lines, log } = aLog({ level })
    for (const at of ['error', 'warn', 'info', 'debug'] as const) log[at](at)
    expect(lines.map((line) => line.split(/\s+/)[1])).toEqual(kept)
  })
})

describe('what a log never tells', () => {
  it('is more of a code than its first digits', () => {
    const { lines, log } = aLog()
    log.info('ping 6b1ecafe-0000-4000-8000-123456789abc', {
      path: '/ping/6B1ECAFE-0000-4000-8000-123456789ABC/1',
    })
    expect(lines[0]).toMatch(/ping 6b1ecafe {2}path=\/ping\/6B1ECAFE\/1$/)
  })

  it('is a secret in an address', () => {
    const { lines, log } = aLog()
    log.info('request', { path: '/x?a=1&api_key=hidden&rid=hidden&token=hidden&b=2' })
    expect(lines[0]).toMatch(/path=\/x\?a=1&api_key=\*\*\*&rid=\*\*\*&token=\*\*\*&b=2$/)
  })

  it('is a field that holds a secret', () => {
    const { lines, log } = aLog()
    log.info('x', {
      password: 'hidden',
      apiKey: 'hidden',
      pingKey: 'hidden',
      sessionId: 'hidden',
      body: 'hidden',
    })
    expect(lines[0]).not.toContain('hidden')
  })

  it('is a secret inside of a cause', () => {
    const { lines, log } = aLog()
    log.error('x', { cause: new Error('GET /?token=hidden') })
    expect(lines[0]).not.toContain('hidden')
  })
})

describe('a log that nobody reads', () => {
  it('drops lines, and says how many when it is read again', () => {
    const { lines, log, reader } = aLog()
    reader.blocked = true
    log.info('one')
    log.info('two')
    reader.blocked = false
    log.info('three')
    log.info('four')
    expect(lines.map((line) => line.slice(25))).toEqual([
      'warn  log  lines were lost because nobody read them in time  lost=2',
      'info  rollcall  three',
      'info  rollcall  four',
    ])
  })

  it('does not fill the memory', () => {
    const stalled = new Writable({ write() {} })
    const write = standardOutput(stalled as NodeJS.WriteStream)
    const line = `${'x'.repeat(1023)}\n`
    let taken = 0
    while (taken < 10_000 && write(line)) taken += 1
    expect(taken).toBeGreaterThan(1000)
    expect(taken).toBeLessThan(1100)
  })

  it('goes on after its reader is gone', () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const write = standardOutput(broken as NodeJS.WriteStream)
    write('one\n')
    broken.destroy()
    expect(write('two\n')).toBe(false)
  })
})
