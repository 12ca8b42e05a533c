import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../src/compose'
import type { Appliance } from '../src/compose'
import { argon2Passwords } from '../src/world/passwords'
import { systemRandom } from '../src/world/random'
import { NOON } from './support/build'
import { freshFolder } from './support/databases'
import { recorder } from './support/local-site'
import { anAdministrator } from './support/person'
import { configOf } from './support/settings'

const disk = join(freshFolder(), 'disk')
mkdirSync(disk)
/** Only root may mount a small disk. */
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]).status === 0

describe.runIf(canMount)('a disk that is full', () => {
  let appliance: Appliance
  let url: string
  const logged: Parameters<typeof recorder>[0] = []

  beforeEach(async () => {
    appliance = await compose(
      {
        ...configOf({ DATA_DIR: disk, SECRET_KEY: 'a key for tests '.repeat(4), ROLES: 'web' }),
        listen: { host: '127.0.0.1', port: 0 },
      },
      {
        clock: () => NOON,
        random: systemRandom,
        log: recorder(logged),
        passwords: argon2Passwords({ random: systemRandom, cost: { memoryKib: 64, passes: 1 } }),
      },
    )
    await appliance.start()
    url = `http://127.0.0.1:${appliance.port()}`
  })
  afterEach(async () => {
    await appliance.stop()
    spawnSync('umount', [disk])
  })

  it('refuses pings for a while, says so on pages, and recovers without a restart', async () => {
    const setupCode = () => /code (\S+)/.exec(logged.map(({ message }) => message).join('\n'))?.[1] ?? ''
    const person = await anAdministrator({ url, setupCode })
    const home = (await person.get('/')).location
    const code = /\/ping\/([0-9a-f-]{36})/.exec((await person.get(home)).text)?.[1] ?? ''
    const ping = (body: string) => fetch(`${url}/ping/${code}`, { method: 'POST', body })
    const { store } = appliance.app
    expect((await ping('x'.repeat(1000))).status).toBe(200)

    const filler = join(disk, 'filler')
    try {
      writeFileSync(filler, Buffer.alloc(4_000_000))
    } catch {
      // Now it is full.
    }
    let refused = await ping('x'.repeat(90_000))
    for (let i = 0; i < 40 && refused.status === 200; i++) refused = await ping('x'.repeat(90_000))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    const before = (await store.checks.findByCode(code))?.pingCount

    // Small writes that still fit do not mean that it is over.
    await ping('')
    await expect(store.probe()).rejects.toThrow('disk full')
    expect((await person.get(home)).text).toMatch(/disk/i)

    rmSync(filler)
    await store.probe()
    expect((await person.get(home)).text).not.toMatch(/disk is full/i)
    expect((await ping('x'.repeat(90_000))).status).toBe(200)
    expect((await store.checks.findByCode(code))?.pingCount).toBeGreaterThan(before ?? 0)
  })
})
