import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { report } from '../../src/tasks/report'
import type { ReportMailPage } from '../../src/tasks/report-mail'
import { signer } from '../../src/world/signer'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { configOf } from '../support/settings'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

/** The zone of the account is Europe/Riga. */
describe.each(databases)('20: reports, on $name', { timeout: 60_000 }, (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
  })
  afterEach(() => stores.close())

  const ping = (signal: 'success' | 'fail', at: number) =>
    store.checks.recordPings([{ code: begun.check.code, ping: aPing({ signal, at }) }])

  /** What the report of this kind says that is due at this time: the titles of its columns, and what is in them. */
  async function reported(reportKind: 'weekly' | 'monthly', at: number) {
    await store.reports.setWishes(
      begun.user.id,
      { reportKind, nextReportAt: at - MINUTE, nagPeriodMs: null },
      at - HOUR,
    )
    await report({
      reports: store.reports,
      settings: configOf({ SECRET_KEY: 'a key for tests '.repeat(4) }),
      signer: signer('a key for tests'),
      random: { bytes: (length) => Buffer.alloc(length) },
      clock: () => at,
    }).run()
    const mail = (await store.mails.claim(at, at + MINUTE, 9)).at(-1)!
    const { heading, periods, projects } = mail.model as unknown as ReportMailPage
    return { heading, columns: periods, periods: projects[0]?.checks[0]?.periods }
  }

  it('of a month in which the clocks were set back has an hour more', async () => {
    await ping('success', Date.UTC(2026, 8, 1))
    await ping('fail', Date.UTC(2026, 8, 15))
    await ping('success', Date.UTC(2026, 10, 1, 6))
    const { heading, columns, periods } = await reported('monthly', Date.UTC(2026, 10, 1, 8))
    expect(heading).toBe('In October, 1 check had 1 downtime.')
    expect(columns).toEqual(['Sept. 2026', 'Oct. 2026'])
    // From 15 September, midnight in UTC, to the end of the month at nine in the evening.
    expect(periods).toEqual(['1 downtime, 15 days 21 h', '1 downtime, 31 days 1 h'])
  })

  it('of a month in which they were set forward has an hour less', async () => {
    await ping('fail', NOON + DAY)
    const { periods } = await reported('monthly', Date.UTC(2026, 3, 1, 8))
    expect(periods).toEqual(['1 downtime, 28 days 0 h', '1 downtime, 30 days 23 h'])
  })

  it('of a week goes from Monday to Sunday in the zone of its reader', async () => {
    await ping('success', NOON)
    // Sunday the 25th, 23:00 UTC, is Monday in Riga.
    await ping('fail', Date.UTC(2026, 0, 25, 23))
    await ping('success', Date.UTC(2026, 0, 26, 1))
    const first = await reported('weekly', Date.UTC(2026, 0, 26, 8))
    expect(first.columns).toEqual(['Jan 12 - Jan 18', 'Jan 19 - Jan 25'])
    expect(first.heading).toMatch(/^Last week \(January 19 to January 25\)/)
    expect(first.periods?.at(-1)).toBe('all good')
    const second = await reported('weekly', Date.UTC(2026, 1, 2, 8))
    expect(second.periods).toEqual(['all good', '1 downtime, 2 h 0 min'])
  })
})
