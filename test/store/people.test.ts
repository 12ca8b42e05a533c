import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, aNewCheck, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('people on $name', (database) => {
  let stores: Opener
  let store: Store

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
  })
  afterEach(() => stores.close())

  it('begin with a project, a check, and a channel that the check is switched on for', async () => {
    const { user, project, check, channel } = (await store.users.addFirst(aBeginning('ada@example.org')))!
    expect(await store.users.findByEmail('ada@example.org')).toEqual(user)
    expect(await store.users.find(user.id)).toEqual(user)
    expect(await store.projects.ofUser(user.id)).toEqual([project])
    expect(await store.projects.findByCode(project.code)).toEqual(project)
    expect(await store.checks.ofProject(project.id)).toEqual([check])
    expect(await store.channels.ofCheck(check.id)).toEqual([channel])
  })

  it('are the first only once, however many try at the same moment', async () => {
    const second = await stores.open()
    const begun = await Promise.all(
      [store, second, store, second].map((one, i) => one.users.addFirst(aBeginning(`${i}@example.org`))),
    )
    expect(begun.filter((one) => one !== null)).toHaveLength(1)
    expect(await store.users.count()).toBe(1)
  })

  it('have an address of their own', async () => {
    await store.users.add(aBeginning('ada@example.org'))
    expect(await store.users.add(aBeginning('ada@example.org'))).toBeNull()
    expect(await store.users.add(aBeginning('bob@example.org'))).not.toBeNull()
    expect(await store.users.count()).toBe(2)
  })

  it('change their password, theme and zone', async () => {
    const { user } = (await store.users.addFirst(aBeginning()))!
    await store.users.setPassword(user.id, 'hash')
    await store.users.setTheme(user.id, 'dark')
    await store.users.setTz(user.id, 'Asia/Tokyo')
    expect(await store.users.find(user.id)).toMatchObject({
      passwordHash: 'hash',
      theme: 'dark',
      tz: 'Asia/Tokyo',
    })
  })

  describe('that are signed in', () => {
    const signIn = (key: string, userId: number, createdAt = NOON) => ({
      key,
      userId,
      csrf: 'c',
      createdAt,
      expiresAt: createdAt + DAY,
      address: '127.0.0.1',
      agent: 'Firefox',
    })

    it('are recognised until that expires or ends', async () => {
      const { user } = (await store.users.addFirst(aBeginning()))!
      await store.signIns.add(signIn('k', user.id))
      expect(await store.signIns.find('k', NOON + DAY - 1)).toMatchObject({
        user,
        signIn: { key: 'k', flash: null },
      })
      expect(await store.signIns.find('k', NOON + DAY)).toBeNull()
      await store.signIns.touch('k', NOON + HOUR, NOON + 2 * DAY)
      expect(await store.signIns.find('k', NOON + DAY)).toMatchObject({ signIn: { seenAt: NOON + HOUR } })
      await store.signIns.remove('k')
      expect(await store.signIns.find('k', NOON)).toBeNull()
    })

    it('see a message once', async () => {
      const { user } = (await store.users.addFirst(aBeginning()))!
      await store.signIns.add(signIn('k', user.id))
      await store.signIns.setFlash('k', { tone: 'success', text: 'Saved.' })
      expect((await store.signIns.find('k', NOON))?.signIn.flash).toEqual({ tone: 'success', text: 'Saved.' })
      await store.signIns.setFlash('k', null)
      expect((await store.signIns.find('k', NOON))?.signIn.flash).toBeNull()
    })

    it('are so in fifty browsers at most, the oldest go', async () => {
      const { user } = (await store.users.addFirst(aBeginning()))!
      for (let i = 0; i < 51; i++) await store.signIns.add(signIn(`k${i}`, user.id, NOON + i))
      expect(await store.signIns.find('k0', NOON + MINUTE)).toBeNull()
      expect(await store.signIns.find('k1', NOON + MINUTE)).not.toBeNull()
    })

    it('can end all their other sign-ins', async () => {
      const { user } = (await store.users.addFirst(aBeginning()))!
      for (const key of ['a', 'b']) await store.signIns.add(signIn(key, user.id))
      await store.signIns.removeOfUser(user.id, { exceptKey: 'a' })
      expect(await store.signIns.find('a', NOON)).not.toBeNull()
      expect(await store.signIns.find('b', NOON)).toBeNull()
      await store.signIns.prune(NOON + DAY)
      expect(await store.signIns.find('a', NOON)).toBeNull()
    })
  })

  it('switch new channels on for all checks, and new checks on for all channels', async () => {
    const { project, check, channel } = (await store.users.addFirst(aBeginning()))!
    const hook = await store.channels.add(aNewChannel(project.id, { createdAt: NOON }))
    const later = await store.checks.add(aNewCheck(project.id))
    expect(await store.channels.checkIds(hook.id)).toEqual([check.id, later.id])
    expect((await store.channels.ofCheck(later.id)).map(({ id }) => id)).toEqual([channel.id, hook.id])
    expect(await store.channels.ofProject(project.id)).toEqual([channel, hook])
    const edited = await store.channels.edit(hook.id, { name: 'New', tellsUp: false })
    expect(edited).toEqual({ ...hook, name: 'New', tellsUp: false })
    expect(await store.channels.find(hook.code)).toEqual(edited)
    expect(await store.channels.remove(hook.id)).toBe(true)
    expect(await store.channels.edit(hook.id, { name: 'x' })).toBeNull()
    expect(await store.channels.unsubscribe(hook.id)).toBeNull()
    expect(await store.channels.enable(hook.id)).toBe(false)
  })

  it('enable a channel that failed, and none whose recipient unsubscribed, whichever came first', async () => {
    const { channel } = (await store.users.addFirst(aBeginning()))!
    const { id, code } = channel
    const seen = async () => {
      const { disabled, disabledBy, disabledReason } = (await store.channels.find(code))!
      return { disabled, disabledBy, disabledReason }
    }
    const fails = (error: string) =>
      store.channels.noteAttempt(id, { at: NOON, tookMs: 1, error, disable: true })
    await fails('No such room')
    await fails('Not even the building')
    expect(await seen()).toEqual({ disabled: true, disabledBy: 'failure', disabledReason: 'No such room' })
    expect(await store.channels.enable(id)).toBe(true)
    expect(await seen()).toEqual({ disabled: false, disabledBy: null, disabledReason: '' })

    await fails('Mailbox full')
    await store.channels.unsubscribe(id)
    await fails('Mailbox full')
    expect(await seen()).toEqual({ disabled: true, disabledBy: 'unsubscribe', disabledReason: '' })
    expect(await store.channels.enable(id)).toBe(false)
    await store.channels.edit(id, { disabled: false })
    expect(await seen()).toEqual({ disabled: false, disabledBy: null, disabledReason: '' })
  })

  describe('who try too often', () => {
    const allowance = { limit: 3, periodMs: 3 * MINUTE }
    const take = (nowAt: number) => store.budgets.take('k', allowance, nowAt)

    it('are told when to come back, and may then try once more', async () => {
      for (let i = 0; i < 3; i++) expect(await take(NOON)).toEqual({ ok: true })
      expect(await take(NOON)).toEqual({ ok: false, retryAfterMs: MINUTE })
      expect(await take(NOON + MINUTE)).toEqual({ ok: true })
      expect(await take(NOON + MINUTE)).toMatchObject({ ok: false })
    })

    it('never have more than the limit, and all of it again once it is cleared', async () => {
      await take(NOON)
      for (let i = 0; i < 3; i++) expect(await take(NOON + DAY)).toEqual({ ok: true })
      expect(await take(NOON + DAY)).toMatchObject({ ok: false })
      await store.budgets.clear('k')
      expect(await take(NOON + DAY)).toEqual({ ok: true })
    })

    it('cannot get more by trying everywhere at once', async () => {
      const second = await stores.open()
      const spent = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 ? store : second).budgets.take('k', allowance, NOON)),
      )
      expect(spent.filter(({ ok }) => ok)).toHaveLength(3)
    })
  })

  it('get their mails: each is sent once, tried again later, and forgotten when it is of no use', async () => {
    const mail = { recipient: 'ada@example.org', template: 'verify-channel', model: { subject: 'Hi' } }
    await store.mails.add({ ...mail, createdAt: NOON })
    await store.mails.add({ ...mail, recipient: 'late@example.org', createdAt: NOON, expiresAt: NOON + HOUR })
    const [first, second] = await store.mails.claim(NOON, NOON + MINUTE, 9)
    expect(first).toMatchObject({ ...mail, attempts: 1, firstAttemptAt: NOON })
    expect(await store.mails.claim(NOON, NOON + MINUTE, 9)).toEqual([])
    await store.mails.finish(first!, { error: '', nextAt: null })
    await store.mails.finish(second!, { error: 'away', nextAt: NOON + HOUR })
    expect(await store.mails.claim(NOON + HOUR, NOON + 2 * HOUR, 9)).toEqual([])
  })

  it('wait for no mail that the one who took it over is sending, whatever the one before has to say', async () => {
    const mail = { recipient: 'ada@example.org', template: 'verify-channel', model: { subject: 'Hi' } }
    await store.mails.add({ ...mail, createdAt: NOON })
    const [before] = await store.mails.claim(NOON, NOON + MINUTE, 1)
    const [after] = await store.mails.claim(NOON + MINUTE, NOON + 2 * MINUTE, 1)
    await store.mails.finish(before!, { error: 'away', nextAt: NOON })
    expect(await store.mails.claim(NOON + MINUTE, NOON + 2 * MINUTE, 1)).toEqual([])
    await store.mails.finish(after!, { error: 'away', nextAt: NOON + HOUR })
    expect(await store.mails.claim(NOON + HOUR, NOON + 2 * HOUR, 1)).toHaveLength(1)
  })

  it('leave facts about the instance', async () => {
    expect(await store.facts.get('a')).toBeNull()
    await store.facts.set('a', '1')
    await store.facts.set('a', '2')
    expect(await store.facts.get('a')).toBe('2')
    await store.facts.remove('a')
    expect(await store.facts.get('a')).toBeNull()
  })
})
