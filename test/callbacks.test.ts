import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ring } from '../src/core/check'
import type { Check } from '../src/core/check'
import type { Channel } from '../src/core/channel'
import { DAY, HOUR, SECOND } from '../src/core/time'
import type { Claim } from '../src/store/notifications'
import { aNewCheck, aPing } from './support/build'
import { databases } from './support/databases'
import { localSite } from './support/local-site'
import type { LocalSite } from './support/local-site'
import { anAdministrator } from './support/person'
import { aReport } from './support/bounces'
import vectors from './vectors/integrations.json'

describe.each(databases)('what others tell of messages that did not arrive, on $name', (database) => {
  let site: LocalSite
  let channel: Channel
  let check: Check

  beforeEach(async () => {
    site = await localSite({}, { database: await database.fresh() })
    await anAdministrator(site)
    const { users, projects, channels, checks } = site.appliance.app.store
    const ada = await users.findByEmail('ada@example.org')
    const [project] = await projects.ofUser(ada!.id)
    ;[channel] = (await channels.ofProject(project!.id)) as [Channel]
    ;[check] = (await checks.ofProject(project!.id)) as [Check]
  })
  afterEach(() => site.close())

  /** Something for the channel, on its way. */
  async function underWay(): Promise<Claim> {
    const { store, clock } = site.appliance.app
    await store.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'fail', at: clock() }) }])
    const [claim] = await store.notifications.claim(clock(), clock() + HOUR, { quick: 5, slow: 5 })
    return claim!
  }

  const wentWell = async (claim: Claim): Promise<void> => {
    const { store, clock } = site.appliance.app
    const finish = { delivery: { ok: true as const }, at: clock(), tookMs: 5, nextAt: null }
    await store.notifications.finish(claim, finish)
  }

  /** Tells the channel of a failure, as far as we know. */
  async function told(): Promise<Claim['notification']> {
    const claim = await underWay()
    await wentWell(claim)
    return claim.notification
  }

  async function seen() {
    const { store } = site.appliance.app
    const [notification] = await store.notifications.ofCheck(check.id, 1)
    const { lastError, disabled } = (await store.channels.find(channel.code))!
    return { state: notification!.state, error: notification!.error, lastError, disabled }
  }

  const post = async (path: string, body: string): Promise<string> => {
    const response = await fetch(`${site.url}/api/v2/${path}`, { method: 'POST', body })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    return response.text()
  }

  const bounced = (id: string, fields: string[]) =>
    post('bounces/', aReport(fields, { to: `${id}@bounces.example.org` }).toString())

  const bounceIdOf = ({ code }: { code: string }) =>
    site.appliance.app.signer.bounceId('n', code, site.appliance.app.clock())

  const PERMANENT = ['Action: failed', 'Status: 5.1.1']
  const UNTOUCHED = { state: 'sent', error: '', lastError: '', disabled: false }

  it.each(vectors.status_callbacks)('a status: $form', async ({ form, error, disabled }) => {
    const { code } = await told()
    const body = new URLSearchParams(form)
    expect(await post(`notifications/${code}/status`, body.toString())).toBe('')
    const state = error === '' ? 'sent' : 'failed'
    expect(await seen()).toEqual({ state, error, lastError: error, disabled })
  })

  it('a status that overtakes our own word of the same message still counts', async () => {
    const claim = await underWay()
    await post(`notifications/${claim.notification.code}/status`, 'MessageStatus=failed')
    await wentWell(claim)
    const error = 'Delivery failed (status=failed).'
    expect(await seen()).toEqual({ state: 'failed', error, lastError: error, disabled: false })
  })

  it('a delay that is told before our own word of the same message stays known', async () => {
    const claim = await underWay()
    expect(await bounced(bounceIdOf(claim.notification), ['Action: delayed', 'Status: 4.2.2'])).toBe('OK')
    const { error } = await seen()
    expect(error).toContain('4.2.2')
    await wentWell(claim)
    expect(await seen()).toEqual({ state: 'sent', error, lastError: error, disabled: false })
  })

  it('a delay of one attempt is forgotten with the next', async () => {
    const claim = await underWay()
    await bounced(bounceIdOf(claim.notification), ['Action: delayed', 'Status: 4.2.2'])
    const { notifications } = site.appliance.app.store
    await notifications.handBack([claim.notification])
    const at = site.appliance.app.clock()
    const [again] = await notifications.claim(at, at + HOUR, { quick: 5, slow: 5 })
    await wentWell(again!)
    expect(await seen()).toEqual(UNTOUCHED)
  })

  it('a bounce of a summary is one of all that it told', async () => {
    const { store, clock } = site.appliance.app
    const at = clock()
    await store.outages.begin({ fromAt: at - HOUR, untilAt: at, holdUntilAt: at })
    for (let i = 0; i < 2; i++) {
      const schedule = { kind: 'period', periodMs: HOUR } as const
      const late = await store.checks.add(aNewCheck(check.projectId, { schedule, graceMs: HOUR }))
      await store.checks.recordPings([{ code: late.code, ping: aPing({ at: at - 3 * HOUR }) }])
    }
    await store.checks.changeDue(at, 9, (one) => ring(one, at))
    await store.outages.settle(() => [])
    const claims = await store.notifications.claim(at, at + HOUR, { quick: 5, slow: 5 }, () => true)
    expect(claims).toHaveLength(2)
    for (const claim of claims) await wentWell(claim)
    await bounced(bounceIdOf(claims[0]!.notification), PERMANENT)
    for (const { notification } of claims) {
      const [row] = await store.notifications.ofCheck(notification.checkId, 1)
      expect(row).toMatchObject({ state: 'failed', isTogether: true })
    }
  })

  it('a status that comes too late, or of what nobody knows, changes nothing', async () => {
    const { code } = await told()
    await post('notifications/07c2f548-9850-4b27-af5d-6c9dc157ec02/status', 'error=x')
    site.pass(HOUR + SECOND)
    await post(`notifications/${code}/status`, 'error=x&mark_disabled=1')
    expect(await seen()).toEqual(UNTOUCHED)
  })

  it.each(vectors.bounces)(
    'a bounce: $status $diagnostic',
    async ({ status, diagnostic, result, error, disabled }) => {
      const id = bounceIdOf(await told())
      const fields = ['Action: failed', `Status: ${status}`]
      expect(
        await bounced(id, diagnostic === undefined ? fields : [...fields, `Diagnostic-Code: ${diagnostic}`]),
      ).toBe(result)
      // Of what is only delayed, somebody is still taking care.
      expect(await seen()).toEqual({ state: disabled ? 'failed' : 'sent', error, lastError: error, disabled })
    },
  )

  it('a bounce is only taken from whom we wrote to, in any case of letters, for two days', async () => {
    const id = bounceIdOf(await told())
    expect(
      await bounced(
        id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        PERMANENT,
      ),
    ).toBe('OK (bad signature)')
    site.pass(2 * DAY + SECOND)
    expect(await bounced(id, PERMANENT)).toBe('OK (bad signature)')
    site.pass(-2 * SECOND)
    expect(await bounced(id.toUpperCase(), PERMANENT)).toBe('OK')
    expect(await seen()).toMatchObject({ disabled: true })
  })

  it('a bounce of what is gone is told so', async () => {
    const code = '07c2f548-9850-4b27-af5d-6c9dc157ec02'
    expect(await bounced(bounceIdOf({ code }), PERMANENT)).toBe('OK (notification not found)')
  })

  it('a report that bounces for good ends reports and reminders of its reader', async () => {
    const { store, signer, clock } = site.appliance.app
    const ada = await store.users.findByEmail('ada@example.org')
    const wishes = { reportKind: 'weekly' as const, nextReportAt: clock() + DAY, nagPeriodMs: HOUR }
    await store.reports.setWishes(ada!.id, wishes, clock())
    const id = signer.bounceId('r', String(ada!.id), clock())
    expect(await bounced(id, ['Action: delayed', 'Status: 4.2.2'])).toBe('OK')
    expect(await store.reports.wishes(ada!.id)).toEqual(wishes)
    expect(await bounced(id, PERMANENT)).toBe('OK')
    expect(await store.reports.wishes(ada!.id)).toEqual({
      reportKind: 'off',
      nextReportAt: null,
      nagPeriodMs: null,
    })
    expect(await bounced(signer.bounceId('r', '999999', clock()), PERMANENT)).toBe('OK (user not found)')
  })

  it('never fails, whatever is sent', async () => {
    const { code } = await told()
    expect(await post('bounces', '')).toBe('OK (bad signature)')
    expect(await post('bounces', `To: ${'<'.repeat(100_000)}`)).toBe('OK (bad signature)')
    expect(await post('bounces', `To: <${bounceIdOf({ code })}@x>\n\n${'x'.repeat(3_000_000)}`)).toBe(
      'OK (ignored)',
    )
    expect(await post(`notifications/${code}/status`, '\0%zz&&&=')).toBe('')
    expect(await seen()).toEqual(UNTOUCHED)
    await post(`notifications/${code}/status`, `error=${encodeURIComponent('\0'.repeat(500))}`)
    expect((await seen()).lastError).toHaveLength(200)
  })
})
