import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../src/compose'
import type { Appliance } from '../src/compose'
import type { Check } from '../src/core/check'
import { objectKey } from '../src/core/object-key'
import { runProgram } from '../src/commands/program'
import { systemRandom } from '../src/world/random'
import { aBeginning } from './support/build'
import { freshFolder } from './support/databases'
import { fakeS3 } from './support/fake-s3'
import type { FakeS3 } from './support/fake-s3'
import { recorder } from './support/local-site'
import type { LocalSite } from './support/local-site'
import { configOf } from './support/settings'
import { aTerminal } from './support/terminal'

const BODY = 'x'.repeat(101)

/** The whole appliance with a bucket beside it. */
describe('a site with object storage', () => {
  let fake: FakeS3
  let env: Record<string, string>
  let appliance: Appliance | null
  let check: Check
  let logged: LocalSite['logged']

  beforeEach(async () => {
    fake = await fakeS3()
    env = {
      DATA_DIR: freshFolder(),
      SECRET_KEY: 'a key for tests '.repeat(4),
      S3_BUCKET: 'bodies',
      S3_ENDPOINT: `http://127.0.0.1:${fake.config.port}`,
      S3_ACCESS_KEY: 'me',
      S3_SECRET_KEY: 'hush',
      S3_REGION: 'eu-test-1',
    }
    appliance = null
  })
  afterEach(async () => {
    await appliance?.stop()
    await fake.close()
  })

  async function start(more: Record<string, string> = {}): Promise<Appliance> {
    logged = []
    const config = configOf({ ...env, ...more })
    appliance = await compose(
      { ...config, listen: { host: '127.0.0.1', port: 0 } },
      { clock: Date.now, random: systemRandom, log: recorder(logged) },
    )
    const { store } = appliance.app
    check = (await store.users.addFirst(aBeginning()))?.check ?? check
    await appliance.start()
    return appliance
  }

  async function ping(body: string): Promise<number> {
    const url = `http://127.0.0.1:${appliance?.port()}/ping/${check.code}`
    return (await fetch(url, { method: 'POST', body })).status
  }

  async function stop(): Promise<void> {
    await appliance?.stop()
    appliance = null
  }

  const inBucket = () => [...fake.objects.keys()]

  it('moves what is larger than 100 bytes by itself, and reads it back', async () => {
    const { app } = await start()
    expect(await ping(BODY.slice(1))).toBe(200)
    expect(await ping(BODY)).toBe(200)
    await expect.poll(async () => await app.store.pings.body(check.id, 2), { timeout: 5000 }).toBeNull()
    expect(inBucket()).toEqual([objectKey(check.code, 2)])
    const found = (await app.store.pings.find(check.id, 2))!
    expect(await app.actions.bodies.read(check, found)).toEqual({
      state: 'present',
      bytes: Buffer.from(BODY),
    })
    expect(await app.store.pings.body(check.id, 1)).toHaveLength(100)
  })

  it('has the body there before it answers with S3_UPLOAD=sync', async () => {
    await start({ S3_UPLOAD: 'sync' })
    expect(await ping(BODY)).toBe(200)
    expect(inBucket()).toEqual([objectKey(check.code, 1)])
  })

  it('answers pings as if nothing were wrong while the storage is broken, and says so once', async () => {
    fake.faults = () => ({ kind: 'error', status: 500, code: 'InternalError' })
    await start()
    for (let i = 0; i < 5; i++) expect(await ping(BODY)).toBe(200)
    const warned = () => logged.filter(({ level }) => level === 'warn').map(({ message }) => message)
    await expect.poll(warned, { timeout: 5000 }).toHaveLength(2)
    expect(warned().toSorted()).toEqual([
      'object storage cannot be used; bodies wait in the database. Check the settings that begin with S3_',
      'object storage takes no bodies; they wait in the database',
    ])
  })

  it('ends at once while the storage stalls, and moves the bodies after the next start', async () => {
    fake.faults = () => ({ kind: 'stall' })
    await start()
    expect(await ping(BODY)).toBe(200)
    await expect
      .poll(() => fake.asked.some(({ operation }) => operation === 'put'), { timeout: 5000 })
      .toBe(true)
    await stop()
    fake.faults = () => null
    await start()
    await expect.poll(inBucket, { timeout: 5000 }).toEqual([objectKey(check.code, 1)])
  })

  it('removes the bodies of a check that is removed', async () => {
    const { app } = await start({ S3_UPLOAD: 'sync' })
    await ping(BODY)
    fake.objects.set('somebody/else', { bytes: Buffer.from(BODY), modifiedAt: 0 })
    await app.actions.checks.remove(check)
    await expect.poll(inBucket, { timeout: 5000 }).toEqual(['somebody/else'])
  })

  describe('pruneobjects', () => {
    const gone = '10000000-0000-4000-8000-000000000000'

    async function run(...args: string[]) {
      const { terminal, out, err } = aTerminal()
      const code = await runProgram(['pruneobjects', ...args], { env, cwd: '/', terminal })
      return { code, said: [...out, ...err] }
    }

    it('removes what belongs to no check', async () => {
      await start({ S3_UPLOAD: 'sync' })
      await ping(BODY)
      await stop()
      fake.objects.set(objectKey(gone, 1), { bytes: Buffer.from(BODY), modifiedAt: 0 })
      expect(await run('--dry-run')).toMatchObject({ code: 0, said: ['Staged for deletion: 1', 'Done!'] })
      expect(await run('--min-age', '90m')).toMatchObject({
        code: 0,
        said: ['Staged for deletion: 1', `Deleting ${gone}/`, 'Done!'],
      })
      expect(inBucket()).toEqual([objectKey(check.code, 1)])
    })

    it('does nothing with a database that has no checks', async () => {
      fake.objects.set(objectKey(gone, 1), { bytes: Buffer.from(BODY), modifiedAt: 0 })
      expect(await run()).toMatchObject({
        code: 1,
        said: ['This database has no checks at all. If it is the right one, use --force.'],
      })
      expect(inBucket()).toHaveLength(1)
    })

    it('tells when the storage is away', async () => {
      await start()
      await stop()
      fake.faults = () => ({ kind: 'hang up' })
      expect(await run()).toMatchObject({ code: 69 })
    })

    it('refuses an age that is none', async () => {
      expect(await run('--min-age', 'soon')).toMatchObject({ code: 2 })
    })

    it('has nothing to do without a bucket', async () => {
      env['S3_BUCKET'] = ''
      expect(await run()).toMatchObject({ code: 0, said: ['Object storage is not configured'] })
    })
  })
})
