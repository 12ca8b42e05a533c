import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('teams on $name', (database) => {
  let stores: Opener
  let store: Store
  let olga: Begun
  let wes: Begun

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    olga = (await store.users.addFirst(aBeginning('olga@example.org')))!
    wes = (await store.users.add(aBeginning('wes@example.org')))!
  })

  afterEach(() => stores.close())

  const invite = (email: string, createdAt = NOON, key = randomUUID()) =>
    store.invitations.add(
      {
        code: randomUUID(),
        projectId: olga.project.id,
        email,
        role: 'member',
        invitedBy: 'olga@example.org',
        createdAt,
        expiresAt: createdAt + 7 * DAY,
      },
      key,
      null,
    )

  it('invite an address once at a time, and nobody who is there', async () => {
    expect(await invite('olga@example.org')).toBe('member')
    expect(await invite('new@example.org')).toMatchObject({ email: 'new@example.org' })
    expect(await invite('new@example.org')).toBe('invited')
    expect(await invite('new@example.org', NOON + 7 * DAY)).toMatchObject({ email: 'new@example.org' })
  })

  it('take an invitation once, and never lower a role by it', async () => {
    const first = await invite('wes@example.org')
    if (typeof first === 'string') throw new Error(first)
    await store.members.put(olga.project.id, wes.user.id, 'manager', NOON)
    const both = await Promise.all([
      store.invitations.accept(first.id, wes.user.id, NOON),
      store.invitations.accept(first.id, wes.user.id, NOON),
    ])
    expect(both.filter((each) => each)).toHaveLength(1)
    expect(await store.members.roleIn(olga.project.id, wes.user.id)).toBe('manager')
  })

  it('make an account and a member in one go, or neither', async () => {
    const first = await invite('new@example.org')
    if (typeof first === 'string') throw new Error(first)
    const taken = { ...aBeginning('wes@example.org').user }
    expect(await store.invitations.acceptAsNew(first.id, taken, NOON)).toBe('taken')
    expect(await store.invitations.ofProject(olga.project.id, NOON)).toHaveLength(1)
    const made = await store.invitations.acceptAsNew(first.id, aBeginning('new@example.org').user, NOON)
    if (typeof made === 'string') throw new Error(made)
    expect(await store.members.roleIn(olga.project.id, made.id)).toBe('member')
    const other = { ...aBeginning('more@example.org').user }
    expect(await store.invitations.acceptAsNew(first.id, other, NOON)).toBe('gone')
    expect(await store.users.findByEmail('more@example.org')).toBeNull()
  })

  it('hand a project to a member, once', async () => {
    expect(await store.transfers.ask(olga.project.id, wes.user.id, NOON, null)).toBe(false)
    await store.members.put(olga.project.id, wes.user.id, 'read-only', NOON)
    expect(await store.transfers.ask(olga.project.id, wes.user.id, NOON, null)).toBe(true)
    const both = await Promise.all([
      store.transfers.accept(olga.project.id, wes.user.id, NOON),
      store.transfers.accept(olga.project.id, wes.user.id, NOON),
    ])
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['done', 'gone'])
    expect(await store.members.roleIn(olga.project.id, wes.user.id)).toBe('owner')
    expect(await store.members.roleIn(olga.project.id, olga.user.id)).toBe('member')
  })

  it('forget a request when the one who was asked is taken out', async () => {
    await store.members.put(olga.project.id, wes.user.id, 'member', NOON)
    await store.transfers.ask(olga.project.id, wes.user.id, NOON, null)
    await store.members.remove(olga.project.id, wes.user.id)
    expect(await store.transfers.ofProject(olga.project.id)).toBeNull()
  })

  it('know who is in them, and whom their owner knows from elsewhere', async () => {
    await store.members.put(olga.project.id, wes.user.id, 'member', NOON)
    const people = await store.team.ofProject(olga.project.id)
    expect(people.map(({ email, role }) => [email, role])).toEqual([
      ['olga@example.org', 'owner'],
      ['wes@example.org', 'member'],
    ])
    const other = await store.projects.add({
      code: randomUUID(),
      name: 'Other',
      ownerId: olga.user.id,
      badgeKey: randomUUID(),
      createdAt: NOON,
    })
    expect(await store.team.acquaintances(other.id, olga.user.id, 5)).toEqual(['wes@example.org'])
    expect(await store.team.acquaintances(olga.project.id, olga.user.id, 5)).toEqual([])
  })

  it('count what is in a project', async () => {
    await store.checks.recordPings([{ code: olga.check.code, ping: aPing() }])
    expect(await store.projects.contents(olga.project.id)).toEqual({
      checks: 1,
      pings: 1,
      bodies: 0,
      bodyBytes: 0,
      channels: 1,
      members: 0,
    })
  })
})

describe.each(databases)('the administration on $name', (database) => {
  let stores: Opener
  let store: Store
  let olga: Begun

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    olga = (await store.users.addFirst(aBeginning('olga@example.org')))!
  })

  afterEach(() => stores.close())

  it('lists accounts and projects, in any filter', async () => {
    const page = { limit: 10, offset: 0 }
    for (const flag of [null, 'inactive', 'disabled', 'administrator', 'over limit'] as const) {
      const found = await store.administration.accounts(
        { search: 'OLGA', flag, inactiveBeforeAt: NOON },
        page,
      )
      expect(found.map(({ email }) => email)).toEqual(
        flag === 'disabled' || flag === 'over limit' ? [] : ['olga@example.org'],
      )
    }
    expect(await store.administration.account(olga.user.id)).toMatchObject({
      checks: 1,
      projects: 1,
      isAdmin: true,
    })
  })

  it('keeps an administrator', async () => {
    expect(await store.administration.setAdmin(olga.user.id, false)).toBe(false)
    const wes = (await store.users.add(aBeginning('wes@example.org')))!
    expect(await store.administration.setAdmin(wes.user.id, true)).toBe(true)
    expect(await store.administration.setAdmin(olga.user.id, false)).toBe(true)
  })

  it('keeps one who is not disabled, also when two disable each other at once', async () => {
    expect(await store.administration.setDisabled(olga.user.id, true)).toBe('last administrator')
    const wes = (await store.users.add(aBeginning('wes@example.org')))!
    await store.administration.setAdmin(wes.user.id, true)
    const both = [olga, wes].map(({ user }) => store.administration.setDisabled(user.id, true))
    expect((await Promise.all(both)).toSorted()).toEqual(['done', 'last administrator'])
    const left = await Promise.all([olga, wes].map(({ user }) => store.users.find(user.id)))
    expect(left.filter((user) => user?.disabled === false)).toHaveLength(1)
  })

  it('does not wake an account that is being closed', async () => {
    const wes = (await store.users.add(aBeginning('wes@example.org')))!
    const closing = { code: randomUUID(), mail: null, nowAt: NOON }
    expect(await store.closings.begin(wes.user.id, closing)).toBe('begun')
    expect(await store.administration.setDisabled(wes.user.id, false)).toBe('closing')
    expect(await store.users.find(wes.user.id)).toMatchObject({ disabled: true })
  })
})
