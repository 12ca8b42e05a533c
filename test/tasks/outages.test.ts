import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import type { NewMail } from '../../src/store/mails'
import type { Outage } from '../../src/store/outages'
import { earliestNow } from '../../src/tasks/heartbeat'
import { outagePage, ownOutages } from '../../src/tasks/outages'
import { openLog } from '../../src/world/log'
import { templates } from '../../src/world/templates'
import { NOON } from '../support/build'

function aLog() {
  const lines: string[] = []
  const write = (line: string) => lines.push(line) > 0
  return { lines, log: openLog({ level: 'warn', format: 'text', clock: () => NOON, write }) }
}

const SITE = { siteName: 'Rollcall', siteRoot: 'https://rollcall.example.org', mail: {} }
const OUTAGE: Outage = { id: 1, fromAt: NOON - 3 * HOUR, untilAt: NOON, deadlines: 12, downs: 3 }

/** Settles `outage`, with these addresses in `ADMINS`. */
async function settled(outage: Outage | null, settings: { admins?: string[]; mail?: object | null } = {}) {
  const { lines, log } = aLog()
  const mails: NewMail[] = []
  const tasks = ownOutages({
    outages: {
      begin: async () => undefined,
      async settle(mailsOn) {
        if (outage !== null) mails.push(...mailsOn(outage, ['ada@example.org']))
        return outage
      },
    },
    settings: { admins: [], ...SITE, ...settings },
    clock: () => NOON,
    log,
  })
  await tasks.judged()
  return { lines, mails, to: mails.map(({ recipient }) => recipient) }
}

describe('after an outage of our own', () => {
  it('those in ADMINS get a mail, or else the administrators', async () => {
    const admins = ['ops@example.org', 'boss@example.org']
    expect((await settled(OUTAGE, { admins })).to).toEqual(admins)
    expect((await settled(OUTAGE)).to).toEqual(['ada@example.org'])
  })

  it('it is logged: from when to when, how many deadlines, how many checks are down', async () => {
    const { lines } = await settled(OUTAGE, { mail: null })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/from=\S*09:00:00\S* to=\S*12:00:00\S* deadlines=12 down=3/)
  })

  it('nobody gets mail where there is no mail server, and nothing is said when others were quicker', async () => {
    expect((await settled(OUTAGE, { mail: null })).to).toEqual([])
    expect(await settled(null)).toEqual({ lines: [], mails: [], to: [] })
  })

  it('the mail says so in both of its forms', () => {
    const page = outagePage(OUTAGE, SITE)
    expect(page.subject).toBe('Rollcall was away, and 3 checks are down')
    for (const form of ['text', 'html']) {
      const said = templates().fill(`email/outage.${form}`, { ...page })
      expect(said).toContain('09:00:00 +0000 to')
      expect(said).toContain('Deadlines of 12 checks fell into that time')
      expect(said).toContain('time to ping again; then 3 checks did.')
      expect(said).toContain('https://rollcall.example.org')
    }
  })

  it('only a long one is noted', async () => {
    const begun: unknown[] = []
    const { noticed } = ownOutages({
      outages: { begin: async (outage) => void begun.push(outage), settle: async () => null },
      settings: { ...SITE, admins: [] },
      clock: () => NOON,
      log: aLog().log,
    })
    await noticed(5 * MINUTE - 1, NOON + MINUTE)
    await noticed(5 * MINUTE, NOON + MINUTE)
    expect(begun).toEqual([{ fromAt: NOON - 5 * MINUTE, untilAt: NOON, holdUntilAt: NOON + MINUTE }])
  })
})

describe('the clock', () => {
  const earliest = (newestPingAt: number | null, aliveAt: number | null, builtOn: string | null = null) =>
    earliestNow({
      builtOn,
      checks: { newestPingAt: async () => newestPingAt },
      facts: { get: async () => (aliveAt === null ? null : String(aliveAt)), set: async () => undefined },
    })

  it('may be a minute behind the newest ping at a start', async () => {
    expect(await earliest(NOON, NOON + 5 * SECOND)).toBe(NOON - MINUTE)
    expect(await earliest(null, NOON)).toBe(0)
  })

  it('cannot be at a time before the program was made', async () => {
    expect(await earliest(null, null, '2026-01-15')).toBe(NOON - 12 * HOUR)
    expect(await earliest(NOON, NOON, '2026-01-15')).toBe(NOON - MINUTE)
    expect(await earliest(NOON, NOON, '2026-01-16')).toBe(NOON + 12 * HOUR)
  })

  it('is not doubted for a ping from a time when it was far ahead', async () => {
    expect(await earliest(NOON + 1e11, NOON)).toBe(NOON - MINUTE)
    expect(await earliest(NOON + 1e11, null)).toBe(0)
  })
})
