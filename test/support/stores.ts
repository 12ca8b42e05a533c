import { randomUUID } from 'node:crypto'
import { openStore } from '../../src/store'
import type { Store } from '../../src/store'
import type { TestDatabase } from './databases'

/** Opens one database as often as a test has instances of the appliance. */
export interface Opener {
  open(): Promise<Store>
  close(): Promise<void>
}

export async function opener(database: TestDatabase): Promise<Opener> {
  const config = await database.fresh()
  const open: Store[] = []
  return {
    async open() {
      const store = await openStore(config, { newCode: randomUUID })
      open.push(store)
      return store
    },
    async close() {
      await Promise.all(open.map((store) => store.close()))
    },
  }
}
