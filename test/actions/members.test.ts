import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memberActions } from '../../src/actions/members'
import type { MemberActions } from '../../src/actions/members'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { aBeginning, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('members on $name', (database) => {
  let stores: Opener
  let store: Store
  let olga: Begun
  let mia: Begun
  let members: MemberActions

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    olga = (await store.users.addFirst(aBeginning('olga@example.org')))!
    mia = (await store.users.add(aBeginning('mia@example.org')))!
    members = memberActions({ ...store, clock: () => NOON })
  })

  afterEach(() => stores.close())

  const roleOfMia = () => store.members.roleIn(olga.project.id, mia.user.id)

  it('are added once, by the address of an account', async () => {
    expect((await members.add(olga.project, ' Mia@Example.ORG ', 'manager')).ok).toBe(true)
    expect(await roleOfMia()).toBe('manager')
    expect(await members.add(olga.project, 'mia@example.org', 'member')).toMatchObject({
      problem: { code: 'conflict' },
    })
    expect(await members.add(olga.project, 'nobody@example.org', 'member')).toMatchObject({
      problem: { code: 'invalid' },
    })
  })

  it('get other roles and lose them, but not by themselves', async () => {
    await members.add(olga.project, mia.user.email, 'manager')
    expect((await members.setRole(olga.project, mia.user.email, 'read-only', mia.user)).ok).toBe(false)
    expect((await members.remove(olga.project, mia.user.email, mia.user)).ok).toBe(false)
    expect(await roleOfMia()).toBe('manager')
    expect((await members.setRole(olga.project, mia.user.email, 'read-only', olga.user)).ok).toBe(true)
    expect(await roleOfMia()).toBe('read-only')
    expect((await members.remove(olga.project, mia.user.email, olga.user)).ok).toBe(true)
    expect(await roleOfMia()).toBeNull()
  })

  it('never include the owner, whom nobody changes or takes out', async () => {
    await members.add(olga.project, mia.user.email, 'manager')
    const answers = [
      await members.setRole(olga.project, olga.user.email, 'member', mia.user),
      await members.remove(olga.project, olga.user.email, mia.user),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ problem: { code: 'forbidden' } })
    expect(await store.members.roleIn(olga.project.id, olga.user.id)).toBe('owner')
  })
})
