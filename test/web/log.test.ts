import { describe, expect, it } from 'vitest'
import type { Ping } from '../../src/core/ping'
import { HOUR, MINUTE } from '../../src/core/time'
import type { LoggedNotification } from '../../src/store/notifications'
import { kindOf, logEntries } from '../../src/web/log'
import type { LogSource } from '../../src/web/log'
import { NOON } from '../support/build'

const RUN = '1f0a8a51-0b6f-4a3c-8e11-6d0d7e3f1c9b'

function kept(n: number, facts: Partial<Ping> = {}): Ping {
  return {
    n,
    at: NOON + n * MINUTE,
    kind: 'success',
    exitStatus: null,
    runId: null,
    scheme: 'https',
    method: 'POST',
    userAgent: 'curl/8.11.1',
    remoteAddress: '192.0.2.7',
    bodyBytes: 0,
    ...facts,
  }
}

function source(facts: Partial<LogSource>): LogSource {
  return {
    pings: [],
    tookMs: new Map(),
    flips: [],
    told: [],
    channelNames: new Map(),
    bodies: new Map(),
    graceMs: HOUR,
    tz: 'UTC',
    pingUrl: (n) => `/pings/${n}/`,
    runUrl: (runId) => `/?rid=${runId}`,
    ...facts,
  }
}

describe('the log', () => {
  it('has the newest first, and what followed from a ping above it', () => {
    const flip = { id: 1, at: NOON + MINUTE, from: 'up', to: 'down', reason: 'fail', silent: false } as const
    const entries = logEntries(
      source({ pings: [kept(2), kept(1, { kind: 'fail', exitStatus: 3 })], flips: [flip] }),
    )
    expect(entries.map(({ type }) => type)).toEqual(['ping', 'flip', 'ping'])
    expect(entries[1]).toMatchObject({ why: 'the job reported failure', to: { shape: 'down' } })
    expect(entries[2]).toMatchObject({ word: 'Exit 3', icon: 'exit', url: '/pings/1/' })
  })

  it('says of a run that hung that it took too long, as far as its start is there', () => {
    const flip = { id: 1, at: NOON + HOUR, from: 'up', to: 'down', reason: 'timeout', silent: false } as const
    const start = kept(1, { kind: 'start', at: NOON })
    const whyIn = (pings: Ping[]) => logEntries(source({ pings, flips: [flip] }))[0]
    expect(whyIn([start])).toMatchObject({ why: 'the run took too long' })
    expect(whyIn([])).toMatchObject({ why: 'no ping came in time' })
  })

  it('shows the start of a run id and of a body, and where the ping came from', () => {
    const bodies = new Map([[1, Buffer.from('  first line\n')]])
    const [entry] = logEntries(source({ pings: [kept(1, { runId: RUN, bodyBytes: 13 })], bodies }))
    expect(entry).toMatchObject({
      runId: { short: '1f0a8', whole: RUN },
      body: 'first line',
      source: 'HTTPS POST from 192.0.2.7',
    })
  })

  it('gives the size of a body that was not read', () => {
    expect(logEntries(source({ pings: [kept(1, { bodyBytes: 48_000 })] }))[0]).toMatchObject({
      body: '48 kB body',
    })
  })

  it('has a word for every kind of ping', () => {
    const words = (['success', 'start', 'fail', 'log', 'ign'] as const).map(
      (kind) => kindOf(kept(1, { kind })).word,
    )
    expect(words).toEqual(['OK', 'Started', 'Failure', 'Log', 'Ignored'])
  })

  it('says of what went down during an outage of ours that it was told in a summary', () => {
    const told = (facts: Partial<LoggedNotification>) => {
      const row: LoggedNotification = {
        id: 1,
        code: RUN,
        channelId: 1,
        checkId: 1,
        flipId: 1,
        status: 'down',
        state: 'sent',
        round: 0,
        attempts: 1,
        createdAt: NOON,
        firstAttemptAt: NOON,
        dueAt: null,
        finishedAt: NOON,
        error: '',
        isTogether: true,
        channelKind: 'email',
        channelName: 'Ops',
        ...facts,
      }
      return logEntries(source({ told: [row] }))[0]
    }
    expect(told({})).toMatchObject({ text: 'Told “down” in a summary to', channel: 'Ops', problem: '' })
    expect(told({ round: 2 })).toMatchObject({ text: 'Told “down” in a summary and 2 times again to' })
    expect(told({ isTogether: false })).toMatchObject({ text: 'Told “down” to' })
  })
})
