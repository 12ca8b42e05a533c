import { expect, it } from 'vitest'
import { aBeginning, aPing } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'

it.each(databases)('what lists show is kept on $name', async (database) => {
  const stores = await opener(database)
  const store = await stores.open()
  const { user, project, check } = (await store.users.addFirst(aBeginning()))!
  expect(await store.listSettings.of(user.id)).toEqual({ sort: 'name', lastProjectId: null, bulkJob: null })
  await store.listSettings.setSort(user.id, '-next')
  await store.listSettings.setLastProject(user.id, project.id)
  expect(await store.listSettings.of(user.id)).toMatchObject({ sort: '-next', lastProjectId: project.id })

  expect(project.addressStyle).toBe('uuid')
  await store.projects.setAddressStyle(project.id, 'slug')
  expect(await store.projects.findByCode(project.code)).toMatchObject({ addressStyle: 'slug' })

  await store.checks.recordPings([
    { code: check.code, ping: aPing() },
    { code: check.code, ping: aPing({ signal: 'fail' }) },
  ])
  expect(await store.checks.findByCode(check.code)).toMatchObject({ results: '10' })
  await stores.close()
})
