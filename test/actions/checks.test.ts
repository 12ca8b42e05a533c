import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { Project } from '../../src/core/project'
import type { Schedule } from '../../src/core/schedule'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { CheckActions, CheckInput } from '../../src/actions/checks'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import { aPing } from '../support/build'

let site: LocalSite
let checks: CheckActions
let project: Project

beforeEach(async () => {
  site = await localSite({ DEFAULT_CHECK_LIMIT: '3' })
  await anAdministrator(site)
  checks = site.appliance.app.actions.checks
  const user = await site.appliance.app.store.users.findByEmail('ada@example.org')
  project = (await site.appliance.app.store.projects.ofUser(user?.id ?? 0))[0] as Project
})

afterEach(() => site.close())

const daily: Schedule = { kind: 'period', periodMs: DAY }

const input = (more: Partial<CheckInput> = {}): CheckInput => ({
  name: 'Nightly backup',
  slug: 'nightly-backup',
  tags: 'prod db',
  description: '',
  schedule: daily,
  graceMs: HOUR,
  ...more,
})

async function added(more: Partial<CheckInput> = {}): Promise<Check> {
  const result = await checks.add(project, input(more))
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

async function ping(check: Check): Promise<void> {
  const { store, clock } = site.appliance.app
  await store.checks.recordPings([{ code: check.code, ping: aPing({ at: clock() }) }])
}

describe('adding a check', () => {
  it('tidies what was typed, and switches every channel of the project on', async () => {
    const check = await added({ name: '  Nightly backup ', tags: ' prod   db prod ' })
    expect(check).toMatchObject({ name: 'Nightly backup', tags: 'prod db', status: 'new', pingCount: 0 })
    expect(await site.appliance.app.store.channels.ofCheck(check.id)).toHaveLength(1)
  })

  it.each([
    ['a long name', { name: 'n'.repeat(101) }, 'name'],
    ['control characters', { name: 'bell\u0007' }, 'name'],
    ['other characters in a slug', { slug: 'Not a slug' }, 'slug'],
    ['a long slug', { slug: 's'.repeat(101) }, 'slug'],
    ['many tags', { tags: Array.from({ length: 200 }, (_, i) => `tag${i}`).join(' ') }, 'tags'],
    ['a long description', { description: 'd'.repeat(10_001) }, 'description'],
    ['hardly any grace', { graceMs: MINUTE - 1 }, 'grace'],
    ['more than a year', { schedule: { kind: 'period' as const, periodMs: 366 * DAY } }, 'period'],
    ['no number', { schedule: { kind: 'period' as const, periodMs: Number.NaN } }, 'period'],
  ])('refuses %s, and says at which field', async (_what, more, field) => {
    const refused = await checks.add(project, input(more))
    expect(refused).toMatchObject({ ok: false, problem: { code: 'invalid' } })
    expect(Object.keys(refused.ok ? {} : (refused.problem.fields ?? {}))).toEqual([field])
  })

  it('tells two mistakes at once', async () => {
    const refused = await checks.add(project, input({ slug: 'Not a slug', graceMs: 0 }))
    expect(Object.keys(refused.ok ? {} : (refused.problem.fields ?? {}))).toEqual(['slug', 'grace'])
  })

  it('ends at the limit of the account, and says which', async () => {
    await added()
    await added()
    expect(await checks.add(project, input())).toMatchObject({
      ok: false,
      problem: { code: 'forbidden', message: 'Limit of 3 checks reached.' },
    })
  })
})

describe('changing a check', () => {
  it('leaves alone what came in meanwhile', async () => {
    const check = await added()
    await ping(check)
    const renamed = await checks.describe(check, { ...input(), name: 'Renamed' })
    expect(renamed).toMatchObject({ ok: true, value: { name: 'Renamed', status: 'up', pingCount: 1 } })
  })

  it('says when the new schedule makes it overdue', async () => {
    const check = await added()
    await ping(check)
    site.pass(3 * HOUR)
    expect(await checks.reschedule(check, daily, 2 * HOUR)).toMatchObject({
      ok: true,
      value: { wentDown: false, check: { graceMs: 2 * HOUR, status: 'up' } },
    })
    expect(await checks.reschedule(check, { kind: 'period', periodMs: HOUR }, HOUR)).toMatchObject({
      ok: true,
      value: { wentDown: true, check: { status: 'down' } },
    })
  })

  it('that is gone is a problem, not an error', async () => {
    const check = await added()
    expect(await checks.remove(check)).toMatchObject({ ok: true })
    const gone = { ok: false, problem: { code: 'not_found' } }
    expect(await checks.remove(check)).toMatchObject(gone)
    expect(await checks.pause(check)).toMatchObject(gone)
    expect(await checks.resume(check)).toMatchObject(gone)
    expect(await checks.describe(check, input())).toMatchObject(gone)
    expect(await checks.reschedule(check, daily, HOUR)).toMatchObject(gone)
  })
})

describe('pausing', () => {
  it('is done once, however often it is asked for', async () => {
    const check = await added()
    await ping(check)
    expect(await checks.pause(check)).toMatchObject({
      ok: true,
      value: { status: 'paused', alertAfterAt: null },
    })
    expect(await checks.pause(check)).toMatchObject({ ok: true, value: { status: 'paused' } })
    expect(await site.appliance.app.store.flips.latest(check.id, { sinceAt: 0, limit: 10 })).toHaveLength(2)
  })

  it('ends with the check as new; one that is not paused is not touched', async () => {
    const check = await added()
    await ping(check)
    await checks.pause(check)
    expect(await checks.resume(check)).toMatchObject({ ok: true, value: { status: 'new', lastPingAt: null } })
    await ping(check)
    expect(await checks.resume(check)).toMatchObject({ ok: false, problem: { code: 'conflict' } })
    expect(await site.appliance.app.store.checks.findByCode(check.code)).toMatchObject({ status: 'up' })
  })
})
