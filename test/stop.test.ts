import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { compose } from '../src/compose'
import { SECOND } from '../src/core/time'
import { openStore } from '../src/store'
import { lastAliveAt } from '../src/tasks/heartbeat'
import { systemRandom } from '../src/world/random'
import { NOON } from './support/build'
import { databases, freshFolder } from './support/databases'
import { recorder } from './support/local-site'
import { configOf } from './support/settings'

describe.each(databases)('an appliance on $name that is stopped', (database) => {
  it('was last within reach when it took no more pings, however long it has to wait for the last', async () => {
    let nowAt = NOON
    const used = await database.fresh()
    const appliance = await compose(
      {
        ...configOf({ DATA_DIR: freshFolder(), SECRET_KEY: 'a key for tests '.repeat(4) }),
        database: used,
        listen: { host: '127.0.0.1', port: 0 },
        roles: ['web'],
      },
      {
        clock: () => nowAt,
        databaseNowAt: () => Promise.resolve(null),
        random: systemRandom,
        log: recorder([]),
      },
    )
    await appliance.start()
    const slow = connect(appliance.port(), '127.0.0.1')
    slow.write('POST /ping/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n')
    slow.write('Expect: 100-continue\r\n\r\n')
    // It asks for the body, so the request is under way.
    await once(slow, 'data')
    const stopped = appliance.stop()
    nowAt += 20 * SECOND
    slow.end('done')
    await stopped

    const store = await openStore(used, { newCode: systemRandom.uuid })
    expect(await lastAliveAt(store)).toBe(NOON)
    await store.close()
  })
})
