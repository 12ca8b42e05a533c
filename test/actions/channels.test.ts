import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { channelActions } from '../../src/actions/channels'
import type { ChannelActions } from '../../src/actions/channels'
import type { Channel } from '../../src/core/channel'
import type { Delivery } from '../../src/core/delivery'
import type { Notice } from '../../src/core/notice'
import type { Result } from '../../src/core/problem'
import type { Project } from '../../src/core/project'
import { DAY, MINUTE } from '../../src/core/time'
import type { User } from '../../src/core/user'
import { emailAddressOf } from '../../src/integrations/kinds/email'
import { integrationOf } from '../../src/integrations/registry'
import { systemRandom } from '../../src/world/random'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator } from '../support/person'

let site: LocalSite
let channels: ChannelActions
let user: User
let project: Project
let told: { channel: Channel; notice: Notice }[]
let answer: Delivery

beforeEach(async () => {
  site = await localSite()
  await anAdministrator(site)
  const { store, clock, signer, config } = site.appliance.app
  told = []
  answer = { ok: true }
  channels = channelActions({
    ...store,
    kindOf: integrationOf,
    emailAddressOf,
    tell(channel, notice) {
      told.push({ channel, notice })
      return Promise.resolve(answer)
    },
    settings: config,
    signer,
    random: systemRandom,
    clock,
  })
  user = (await store.users.findByEmail(ADA.email)) as User
  project = (await store.projects.ofUser(user.id))[0] as Project
})

afterEach(() => site.close())

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

const mailTo = async (address: string, more: Record<string, string> = {}): Promise<Channel> =>
  value(await channels.add(project, user, 'email', { value: address, down: 'true', up: 'true', ...more }))

async function mailsWaiting(): Promise<string[]> {
  const nowAt = site.appliance.app.clock()
  const mails = await site.appliance.app.store.mails.claim(nowAt, nowAt + DAY, 10)
  return mails.map(({ recipient, model }) => `${recipient} ${String(model['link'])}`)
}

describe('adding a channel', () => {
  it('switches it on for every check of the project', async () => {
    const channel = await mailTo(ADA.email)
    expect(await site.appliance.app.store.channels.checkIds(channel.id)).toHaveLength(1)
  })

  it('asks nobody to confirm an own address', async () => {
    expect(await mailTo('Ada@Example.org')).toMatchObject({ verified: true })
    expect(await mailsWaiting()).toEqual([])
  })

  it('sends the link that confirms somebody else’s', async () => {
    const channel = await mailTo('bob@example.org')
    expect(channel.verified).toBe(false)
    const [mail = ''] = await mailsWaiting()
    expect(mail).toMatch(
      /^bob@example\.org http:\/\/localhost:8000\/integrations\/[0-9a-f-]{36}\/verify\/[0-9a-f]{64}\/$/,
    )
  })

  it('keeps which flips it wants to hear of, and its name', async () => {
    const channel = await mailTo(ADA.email, { up: '', name: ' On call ' })
    expect(channel).toMatchObject({ tellsDown: true, tellsUp: false, name: 'On call' })
  })

  it('refuses what the integration refuses, by field, and kinds that are not there', async () => {
    expect(await channels.add(project, user, 'email', { value: 'nobody', down: 'true' })).toMatchObject({
      ok: false,
      problem: { code: 'invalid', fields: { value: expect.any(String) as string } },
    })
    expect(await channels.add(project, user, 'pigeon', {})).toMatchObject({
      ok: false,
      problem: { code: 'not_found' },
    })
  })
})

describe('the links in mails', () => {
  it('confirm an address, only with their own token', async () => {
    const channel = await mailTo('bob@example.org')
    const { signer } = site.appliance.app
    const forged = signer.sign('verify', `${systemRandom.uuid()} bob@example.org`)
    expect(await channels.confirm(channel.code, forged)).toMatchObject({ problem: { code: 'forbidden' } })
    expect(await channels.confirm(systemRandom.uuid(), forged)).toMatchObject({
      problem: { code: 'not_found' },
    })
    const done = value(
      await channels.confirm(channel.code, signer.sign('verify', `${channel.code} bob@example.org`)),
    )
    expect(done.verified).toBe(true)
  })

  it('confirm the address that they were sent to, not one that took its place', async () => {
    const channel = await mailTo('bob@example.org')
    const [mail = ''] = await mailsWaiting()
    const token = /verify\/([0-9a-f]{64})\//.exec(mail)?.[1] ?? ''
    const edited = { value: 'victim@example.org', down: 'true', up: 'true' }
    value(await channels.edit(channel, user, edited))
    expect(await channels.confirm(channel.code, token)).toMatchObject({ problem: { code: 'forbidden' } })
    expect(await site.appliance.app.store.channels.find(channel.code)).toMatchObject({ verified: false })
  })

  it('unsubscribe without removing, whatever their age', async () => {
    const channel = await mailTo(ADA.email)
    const { signer, clock } = site.appliance.app
    const signed = signer.stamp('alerts', channel.code, clock())
    site.pass(1000 * DAY)
    expect(await channels.unsubscribe(channel.code, `${signed}0`)).toMatchObject({
      problem: { code: 'forbidden' },
    })
    expect(value(await channels.unsubscribe(channel.code, signed))).toMatchObject({ disabled: true })
  })
})

describe('editing an e-mail channel', () => {
  const form = (address: string) => ({ value: address, down: 'true', up: 'true' })

  it('asks again when the address is another, and only then', async () => {
    const channel = await mailTo(ADA.email)
    expect(value(await channels.edit(channel, user, { ...form(ADA.email), up: '' })).verified).toBe(true)
    expect(await mailsWaiting()).toEqual([])
    const moved = value(await channels.edit(channel, user, form('bob@example.org')))
    expect(moved.verified).toBe(false)
    expect(await mailsWaiting()).toHaveLength(1)
    value(await channels.edit(moved, user, form('bob@example.org')))
    expect(await mailsWaiting()).toHaveLength(1)
  })

  it('revives one whose owner has unsubscribed, after a new confirmation', async () => {
    const { id } = await mailTo('bob@example.org')
    const { channels: kept } = site.appliance.app.store
    await kept.edit(id, { verified: true })
    const channel = (await kept.unsubscribe(id))!
    expect(value(await channels.edit(channel, user, form('bob@example.org')))).toMatchObject({
      disabled: false,
      verified: false,
    })
  })
})

describe('mails that ask to confirm an address', () => {
  const form = (address: string) => ({ value: address, down: 'true', up: 'true' })

  it('come three times a day for one address, however often it is added or saved', async () => {
    const channel = await mailTo('bob@example.org')
    for (let i = 0; i < 4; i++) value(await channels.edit(channel, user, form('bob@example.org')))
    expect(await mailsWaiting()).toHaveLength(3)
    expect(await channels.add(project, user, 'email', form('bob@example.org'))).toMatchObject({
      problem: { code: 'too_many' },
    })
    expect(await channels.edit(await mailTo(ADA.email), user, form('Bob@example.org'))).toMatchObject({
      problem: { code: 'too_many' },
    })
    site.pass(DAY)
    expect(await mailTo('bob@example.org')).toMatchObject({ verified: false })
  })

  it('go to fifty addresses a day at most, whoever they belong to', async () => {
    for (let i = 0; i < 50; i++) await mailTo(`somebody${i}@example.org`)
    expect(await channels.add(project, user, 'email', form('one-more@example.org'))).toMatchObject({
      problem: { code: 'too_many' },
    })
    expect(await mailTo(ADA.email)).toMatchObject({ verified: true })
  })
})

describe('a test', () => {
  const find = async (channel: Channel) => site.appliance.app.store.channels.find(channel.code)

  it('tells of a check that does not exist, and shows at the channel', async () => {
    const channel = await mailTo(ADA.email)
    expect(await channels.test(channel, project, user)).toEqual({ ok: true })
    expect(told[0]?.notice).toMatchObject({ isTest: true, status: 'down', check: { name: 'TEST' } })
    expect(await find(channel)).toMatchObject({ lastError: '', lastNotifyAt: site.appliance.app.clock() })
  })

  it('tells a channel that only wants ups of an up', async () => {
    await channels.test(await mailTo(ADA.email, { down: '' }), project, user)
    expect(told[0]?.notice.status).toBe('up')
  })

  it('that fails for good switches the channel off; one that succeeds switches it on again', async () => {
    const hook = value(
      await channels.add(project, user, 'webhook', { method_down: 'GET', url_down: 'http://example.org/' }),
    )
    answer = { ok: false, kind: 'permanent', reason: 'Gone' }
    await channels.test(hook, project, user)
    expect(await find(hook)).toMatchObject({ disabled: true, disabledReason: 'Gone', lastError: 'Gone' })
    answer = { ok: false, kind: 'temporary', reason: 'Busy' }
    await channels.test((await find(hook))!, project, user)
    expect(await find(hook)).toMatchObject({ disabled: true, disabledReason: 'Gone', lastError: 'Busy' })
    answer = { ok: true }
    await channels.test((await find(hook))!, project, user)
    expect(await find(hook)).toMatchObject({ disabled: false, disabledReason: '', lastError: '' })
  })

  it('revives a mailbox that sent mails back, and writes to nobody who unsubscribed', async () => {
    const { channels: kept } = site.appliance.app.store
    const channel = await mailTo(ADA.email)
    await kept.noteAttempt(channel.id, { at: 0, tookMs: 1, error: 'Delivery failed (550)', disable: true })
    await channels.test((await find(channel))!, project, user)
    expect(await find(channel)).toMatchObject({ disabled: false })
    expect(told).toHaveLength(1)

    await kept.unsubscribe(channel.id)
    expect(await channels.test((await find(channel))!, project, user)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('Save the integration again') as string,
    })
    expect(told).toHaveLength(1)
    expect(await find(channel)).toMatchObject({ disabled: true })
  })

  it('does not revive one whose recipient unsubscribes while it is on its way', async () => {
    const { channels: kept } = site.appliance.app.store
    const channel = await mailTo(ADA.email)
    await kept.noteAttempt(channel.id, { at: 0, tookMs: 1, error: 'Delivery failed (550)', disable: true })
    const before = (await find(channel))!
    await kept.unsubscribe(channel.id)
    await channels.test(before, project, user)
    expect(await find(channel)).toMatchObject({ disabled: true, disabledBy: 'unsubscribe' })
  })

  it('can be had six times a minute', async () => {
    const channel = await mailTo(ADA.email)
    for (let time = 0; time < 6; time++) await channels.test(channel, project, user)
    expect(await channels.test(channel, project, user)).toMatchObject({ ok: false, kind: 'final' })
    expect(told).toHaveLength(6)
    site.pass(MINUTE)
    expect(await channels.test(channel, project, user)).toEqual({ ok: true })
  })
})
