import { expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time'
import { aBeginning, NOON } from '../support/build'
import { databases } from '../support/databases'
import { opener } from '../support/stores'

it.each(databases)('what is done with many checks goes on where it was, on $name', async (database) => {
  const stores = await opener(database)
  const { bulkJobs, users } = await stores.open()
  const { user } = (await users.addFirst(aBeginning()))!
  const job = { userId: user.id, wanted: '{"do":"pause"}', back: '/x/' }
  await bulkJobs.add({ ...job, code: 'old', checkIds: [1], createdAt: NOON - 2 * MINUTE }, 0)
  await bulkJobs.add({ ...job, code: 'a', checkIds: [7, 8, 9], createdAt: NOON }, NOON - MINUTE)
  expect(await bulkJobs.find('old')).toBeNull()

  const claim = (nowAt: number) => bulkJobs.claim('a', { nowAt, untilAt: nowAt + MINUTE, most: 2 })
  expect(await claim(NOON)).toMatchObject({ job: { ...job, position: 0, total: 3 }, checkIds: [7, 8] })
  expect(await claim(NOON + MINUTE - 1)).toBeNull()
  // Whoever had it did not come back.
  expect(await claim(NOON + MINUTE)).toMatchObject({ checkIds: [7, 8] })

  await bulkJobs.advance('a', { count: 2, done: 1, already: 1, failed: 0 })
  expect(await claim(NOON + MINUTE)).toMatchObject({ checkIds: [9] })
  await bulkJobs.advance('a', { count: 1, done: 0, already: 0, failed: 1 })
  expect(await claim(NOON + 9 * MINUTE)).toBeNull()
  expect(await bulkJobs.find('a')).toMatchObject({ position: 3, done: 1, already: 1, failed: 1 })
  await bulkJobs.remove('a')
  expect(await bulkJobs.find('a')).toBeNull()
  await stores.close()
})
