import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectActions } from '../../src/actions/projects'
import type { ProjectActions } from '../../src/actions/projects'
import type { Store } from '../../src/store'
import type { Begun } from '../../src/store/users'
import { systemRandom } from '../../src/world/random'
import { aBeginning, aPing, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('projects on $name', (database) => {
  let stores: Opener
  let store: Store
  let begun: Begun
  let removed: string[]
  let projects: ProjectActions

  beforeEach(async () => {
    stores = await opener(database)
    store = await stores.open()
    begun = (await store.users.addFirst(aBeginning()))!
    removed = []
    projects = projectActions({
      ...store,
      onCheckRemoved: (code) => removed.push(code),
      random: systemRandom,
      clock: () => NOON,
    })
  })

  afterEach(() => stores.close())

  it('begin empty, under a name that is trimmed', async () => {
    const added = await projects.add(begun.user, '  Garden  ')
    if (!added.ok) throw new Error(added.problem.message)
    expect(added.value).toMatchObject({ name: 'Garden', ownerId: begun.user.id, pingKey: null })
    expect(added.value.badgeKey).toMatch(/^[a-z0-9]{22}$/)
    expect(await store.projects.findByCode(added.value.code)).toEqual(added.value)
  })

  it.each(['', '   ', 'x'.repeat(61), 'a\u0007b'])('cannot be called %j', async (name) => {
    const added = await projects.add(begun.user, name)
    expect(added).toMatchObject({
      ok: false,
      problem: { code: 'invalid', fields: { name: expect.any(String) } },
    })
    expect((await projects.rename(begun.project, name)).ok).toBe(false)
    expect(await store.projects.ofUser(begun.user.id)).toEqual([begun.project])
  })

  it('can be called otherwise', async () => {
    expect(await projects.rename(begun.project, 'Work')).toMatchObject({ ok: true, value: { name: 'Work' } })
    expect((await store.projects.find(begun.project.id))?.name).toBe('Work')
  })

  it('go with everything in them, and only once', async () => {
    const { code } = begun.check
    await store.checks.recordPings([{ code, ping: aPing({ signal: 'fail' }) }])
    const other = await projects.add(begun.user, 'Other')
    expect((await projects.remove(begun.project)).ok).toBe(true)
    expect(removed).toEqual([code])
    expect(await store.checks.findByCode(code)).toBeNull()
    expect(await store.channels.find(begun.channel.code)).toBeNull()
    expect(await store.projects.ofUser(begun.user.id)).toEqual([other.ok && other.value])
    expect(await projects.remove(begun.project)).toMatchObject({ problem: { code: 'not_found' } })
    expect(await projects.rename(begun.project, 'Late')).toMatchObject({ problem: { code: 'not_found' } })
  })
})
