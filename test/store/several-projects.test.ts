import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Project } from '../../src/core/project'
import type { Store } from '../../src/store'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('what somebody sees of several projects, on $name', (database) => {
  let stores: Opener
  let store: Store
  let own: Project
  let theirs: Project
  let foreign: Project
  let [me, olga] = [0, 0]

  async function person(email: string): Promise<{ id: number; project: Project }> {
    const { user, ...rest } = aBeginning()
    const begun = (await store.users.add({ ...rest, user: { ...user, email } }))!
    return { id: begun.user.id, project: begun.project }
  }

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    ;({ id: me, project: own } = await person('ada@example.org'))
    ;({ id: olga, project: theirs } = await person('olga@example.org'))
    ;({ project: foreign } = await person('xena@example.org'))
    await store.members.put(theirs.id, me, 'read-only', NOON)
  })
  afterEach(() => stores.close())

  const namesOf = async (ids: number[]): Promise<string[]> =>
    (await store.checks.ofProjects(ids)).map(({ name }) => name).toSorted()

  it('has a role in each, and nothing in the others', async () => {
    const reached = await store.projects.withRoles(me)
    const seen = reached.map(({ project, role, ownerEmail }) => `${project.id} ${role} ${ownerEmail}`)
    expect(seen.toSorted()).toEqual(
      [`${own.id} owner ada@example.org`, `${theirs.id} read-only olga@example.org`].toSorted(),
    )
    expect(await store.projects.withRole({ code: theirs.code }, me)).toEqual({
      project: theirs,
      role: 'read-only',
    })
    expect(await store.projects.withRole({ id: own.id }, me)).toMatchObject({ role: 'owner' })
    expect(await store.projects.withRole({ id: foreign.id }, me)).toEqual({ project: foreign, role: null })
    expect(await store.projects.withRole({ id: 999 }, me)).toBeNull()
  })

  it('has the checks and channels of all of them', async () => {
    await store.checks.add(aNewCheck(own.id, { name: 'Mine', slug: '' }))
    const hers = await store.checks.add(aNewCheck(theirs.id, { name: 'Hers', slug: '' }))
    await store.checks.add(aNewCheck(foreign.id, { name: 'Foreign', slug: '' }))
    await store.channels.add(aNewChannel(theirs.id, { name: 'Pager' }))
    const names = await namesOf([own.id, theirs.id])
    expect(names).toContain('Mine')
    expect(names).toContain('Hers')
    expect(names).not.toContain('Foreign')
    expect(await namesOf([])).toEqual([])
    const channels = await store.channels.ofProjects([own.id, theirs.id])
    expect(channels.filter(({ name }) => name === 'Pager')).toMatchObject([{ projectId: theirs.id }])
    expect((await store.checks.findAll([hers.id, 999])).map(({ id }) => id)).toEqual([hers.id])
  })

  it('has what is new in those that they ever looked at, and can be done with all of it', async () => {
    const codes = []
    for (const project of [own, theirs, foreign]) {
      const check = await store.checks.add(aNewCheck(project.id, { slug: '' }))
      codes.push(check.code)
    }
    await store.reads.markAll(me, theirs.id)
    await store.checks.recordPings(codes.map((code) => ({ code, ping: aPing({ signal: 'fail' }) })))
    const hers = (await store.checks.findByCode(codes[1] ?? ''))!
    const mine = (await store.checks.findByCode(codes[0] ?? ''))!
    expect(await store.reads.unreadAnywhere(me)).toEqual(new Map([[hers.id, 1]]))
    await store.reads.markSome(me, [hers.id])
    expect((await store.reads.unreadAnywhere(me)).size).toBe(0)

    await store.reads.markEverything(me)
    await store.checks.recordPings(codes.map((code) => ({ code, ping: aPing({ signal: 'fail' }) })))
    expect(await store.reads.unreadAnywhere(me)).toEqual(
      new Map([
        [mine.id, 1],
        [hers.id, 1],
      ]),
    )
    // Whoever has left has nothing to catch up with there.
    await store.members.remove(theirs.id, me)
    expect([...(await store.reads.unreadAnywhere(me)).keys()]).toEqual([mine.id])
    expect((await store.reads.unreadAnywhere(olga)).size).toBe(0)
  })

  it('can let go of several checks at once', async () => {
    const added = []
    for (let i = 0; i < 3; i++) added.push(await store.checks.add(aNewCheck(own.id, { slug: '' })))
    const gone = await store.checks.removeMany([added[0]!.id, added[2]!.id, 999])
    expect(gone.toSorted()).toEqual([added[0]!.code, added[2]!.code].toSorted())
    expect(await store.checks.findByCode(added[1]!.code)).not.toBeNull()
    expect(await store.checks.removeMany([added[0]!.id])).toEqual([])
  })

  it('is out of tries when that was found out elsewhere, and has some again later', async () => {
    const allowance = { limit: 60, periodMs: 60_000 }
    await store.budgets.empty('polls:me', NOON)
    await store.budgets.empty('polls:me', NOON)
    expect(await store.budgets.holds('polls:me', allowance, NOON)).toBe(false)
    expect(await store.budgets.holds('polls:me', allowance, NOON + 1000)).toBe(true)
  })
})
