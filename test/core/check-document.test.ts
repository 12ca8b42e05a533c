import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { checkDocument, readerDocument, uniqueKey } from '../../src/core/check-document'
import { HOUR, MINUTE } from '../../src/core/time'
import { noticeOf } from '../integrations/sample'
import { sample } from '../vectors/integrations.json'

const context = {
  siteRoot: 'https://hc.example.org',
  pingEndpoint: 'https://hc.example.org/ping/',
  nowAt: noticeOf('up').nowAt,
  channels: [],
}

describe('the document of a check', () => {
  it('is the one of the specification, member for member', () => {
    const document = checkDocument(noticeOf('down').check, context)
    expect(document).toEqual(sample.events.down.api_doc)
    expect(Object.keys(document)).toEqual(Object.keys(sample.events.down.api_doc))
  })

  it('lists its channels in order', () => {
    const document = checkDocument(noticeOf('down').check, { ...context, channels: ['b', 'a'] })
    expect(document.channels).toBe('a,b')
  })

  it('tells how long the last run took, in whole seconds, unless that is not known or nothing', () => {
    const told = (lastDurationMs: number | null): number | undefined =>
      checkDocument({ ...noticeOf('down').check, lastDurationMs }, context).last_duration
    expect([told(59_900), told(400), told(0), told(null)]).toEqual([59, 0, undefined, undefined])
  })
})

describe('when a check is next expected', () => {
  const { nowAt } = context
  const check: Check = { ...noticeOf('up').check, schedule: { kind: 'period', periodMs: 24 * HOUR } }
  const started = { runId: null, startedAt: nowAt - MINUTE }
  const document = (changed: Partial<Check>): unknown => {
    const { status, started, next_ping } = checkDocument({ ...check, ...changed }, context)
    return [status, started, next_ping]
  }

  it('is a period after its last ping', () => {
    expect(document({})).toEqual(['up', false, '2026-01-16T04:00:00+00:00'])
    expect(document({ lastPingAt: nowAt - 24 * HOUR })).toEqual(['grace', false, '2026-01-15T04:00:02+00:00'])
  })

  it('is when the run under way began, if that is earlier', () => {
    expect(document({ openRun: started })).toEqual(['up', true, '2026-01-15T03:59:02+00:00'])
    expect(document({ openRun: started, status: 'down' })).toEqual(['down', true, null])
    expect(document({ openRun: started, status: 'paused' })).toEqual([
      'paused',
      true,
      '2026-01-15T03:59:02+00:00',
    ])
  })

  it('is not known when its schedule cannot be evaluated, and the rest still is', () => {
    const schedule = { kind: 'oncalendar', expression: 'gibberish', tz: 'Nowhere' } as const
    const { name, next_ping } = checkDocument({ ...check, schedule }, context)
    expect([name, next_ping]).toEqual([check.name, null])
  })
})

describe('names that do not give away the code', () => {
  it('are the same as elsewhere', () => {
    expect(uniqueKey(sample.check.code)).toBe(sample.check.unique_key)
    expect(uniqueKey('12345678-9abc-4def-8123-456789abcdef')).toBe('e6dc722807cd3be22415ecb49694ee25f5b43ab8')
  })

  it('are all that somebody with a read-only key is shown', () => {
    const document = readerDocument(noticeOf('down').check, context)
    expect(document.unique_key).toBe(sample.check.unique_key)
    expect(JSON.stringify(document)).not.toContain(sample.check.code)
  })
})
