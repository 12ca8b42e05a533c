import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../src/core/time'
import { somebody } from '../support/cast'
import { databases } from '../support/databases'
import { fakeS3 } from '../support/fake-s3'
import type { FakeS3 } from '../support/fake-s3'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Answer, Person } from '../support/person'

let site: LocalSite
let ada: Person

const PAGE = '/admin/storage/'
const press = (part: string, fields: Record<string, string> = {}): Promise<Answer> =>
  ada.submit(PAGE, fields, `${PAGE}${part}/`)
const page = async () => (await ada.get(PAGE)).text
const trail = async () =>
  (await site.appliance.app.store.audit.list({}, 50)).map(({ action, object }) => `${action}: ${object}`)

afterEach(() => site.close())

describe.each(databases)('the page about storage on $name', ({ name, fresh }) => {
  const isFile = name === 'SQLite'
  /** What a process of its own would do. */
  let care: (what: 'check' | 'vacuum') => Promise<{ ok: boolean; text: string }>

  beforeEach(async () => {
    care = () => Promise.resolve({ ok: true, text: 'The file is sound.' })
    site = await localSite({}, { database: await fresh() }, { care: (what) => care(what) })
    ada = await anAdministrator(site)
  })

  it('shows how large the database is, and what there is in it', async () => {
    const text = await page()
    expect(text).toContain(isFile ? 'SQLite' : 'PostgreSQL')
    expect(text).toMatch(/Pings kept<\/dt><dd>about 0</)
    expect(text.includes('data-t="vacuum"')).toBe(isFile)
    expect(text.includes('data-t="check"')).toBe(isFile)
    expect(text.includes('data-t="checkpoint"')).toBe(isFile)
  })

  it('measures which checks take most room', async () => {
    const olga = await somebody(site, 'olga@example.org')
    const { store } = site.appliance.app
    const project = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(project.id)
    await fetch(`${site.url}/ping/${check!.code}`, { method: 'POST', body: 'x'.repeat(2500) })
    await expect.poll(page).toMatch(new RegExp(`data-t="large-${check!.code}"[^]*?>1<[^]*?2\\.5 kB`))
    await fetch(`${site.url}/ping/${check!.code}`, { method: 'POST', body: 'x'.repeat(2500) })
    expect(await page()).not.toContain('5.0 kB')
    site.pass(10 * MINUTE)
    await expect.poll(page).toContain('5.0 kB')
  })

  it('keeps the statistics up to date, and moves the log into the file', async () => {
    await press('analyze')
    expect(await page()).toContain('The statistics of the database are up to date.')
    await press('checkpoint')
    expect(await page()).toContain(isFile ? 'The log is in the file.' : 'This database does that by itself.')
    expect(await trail()).toContain('database-cared-for: statistics')
  })

  it('prunes when it is asked to', async () => {
    const { audit } = site.appliance.app.store
    const old = { actor: 'ada', address: null, action: 'left', object: 'x', detail: '' } as const
    await audit.add({ ...old, at: 5 })
    await press('prune')
    await expect.poll(page).toContain('What has expired, and pings beyond the limits, are gone.')
    expect(await trail()).toEqual(['database-cared-for: pruned'])
  })

  it('gives room back in another process, or not at all where the database does so by itself', async () => {
    const asked: string[] = []
    const done = Promise.withResolvers<{ ok: boolean; text: string }>()
    care = (what) => {
      asked.push(what)
      return done.promise
    }
    await press('vacuum')
    if (!isFile) {
      expect(await page()).toContain('This database does that by itself.')
      return expect(asked).toEqual([])
    }
    expect(await page()).toContain('It has begun. Pings wait until it is done.')
    expect(await page()).toMatch(/The last time<\/dt><dd>[^]*?under way/)
    await press('vacuum')
    expect(await page()).toContain('It is under way already.')
    done.resolve({ ok: true, text: '' })
    await expect.poll(page).toMatch(/The last time<\/dt><dd>[^]*?It took \d/)
    expect(asked).toEqual(['vacuum'])
    expect(await trail()).toContain('database-cared-for: vacuum begun')
  })

  it('wants to hear that pings may be refused, when it would take longer than they wait', async () => {
    if (!isFile) return
    await site.appliance.app.store.facts.set('vacuum pace', '1')
    expect(await page()).toContain('Pings may be refused for about')
    await press('vacuum')
    expect(await page()).toContain('Tick that pings may be refused meanwhile.')
    expect(await trail()).toEqual([])
    await press('vacuum', { sure: 'true' })
    await expect.poll(page).toMatch(/It took \d/)
  })

  it('tells whether the file is sound', async () => {
    if (!isFile) return
    await press('check')
    await expect.poll(page).toMatch(/Last check<\/dt><dd>[^]*?The file is sound\./)
    care = () => Promise.resolve({ ok: false, text: 'row 5 missing from index' })
    site.pass(SECOND)
    await press('check')
    await expect.poll(page).toMatch(/Last check<\/dt><dd>[^]*?Bad[^]*?row 5 missing from index/)
  })
})

describe('object storage', () => {
  let fake: FakeS3
  beforeEach(async () => {
    fake = await fakeS3()
    site = await localSite({
      S3_BUCKET: 'bodies',
      S3_ENDPOINT: `http://127.0.0.1:${fake.config.port}`,
      S3_ACCESS_KEY: 'me',
      S3_SECRET_KEY: 'hush',
      S3_REGION: 'eu-test-1',
    })
    ada = await anAdministrator(site)
  })
  afterEach(() => fake.close())

  /** What the page says of each step of the test. */
  const steps = (text: string) =>
    [
      ...text.matchAll(
        /<dt>((?:Find|Store|Read|List|Delete) [^<]*)<\/dt><dd>(?:<span class="state state-(\w+)|)/g,
      ),
    ].map(([, step, state]) => `${step}: ${state ?? 'not tried'}`)

  it('is tried with an object that is gone afterwards', async () => {
    const { text } = await press('objects')
    expect(steps(text)).toEqual([
      'Find the bucket: ready',
      'Store an object: ready',
      'Read it: ready',
      'List it: ready',
      'Delete it: ready',
    ])
    expect(fake.objects.size).toBe(0)
    expect(await trail()).toEqual(['storage-tried: object storage'])
  })

  it('shows which step fails, and why', async () => {
    fake.faults = ({ operation }) =>
      operation === 'put' ? { kind: 'error', status: 403, code: 'AccessDenied' } : null
    const { text } = await press('objects')
    expect(steps(text)).toEqual([
      'Find the bucket: ready',
      'Store an object: problem',
      'Read it: not tried',
      'List it: not tried',
      'Delete it: not tried',
    ])
    expect(text).toContain('AccessDenied')
    fake.faults = ({ operation }) => (operation === 'list' ? { kind: 'page', status: 502 } : null)
    expect(steps((await press('objects')).text).slice(2)).toEqual([
      'Read it: ready',
      'List it: problem',
      'Delete it: ready',
    ])
  })

  it('is swept after it was counted what that would remove', async () => {
    await somebody(site, 'olga@example.org')
    const gone = '11111111-2222-4333-8444-555555555555'
    fake.objects.set(`${gone}/zzz-1`, { bytes: Buffer.from('x'), modifiedAt: 0 })
    fake.objects.set('notes/readme', { bytes: Buffer.from('x'), modifiedAt: 0 })
    expect(await page()).not.toContain('data-t="delete-orphans"')
    await press('orphans')
    await expect.poll(page).toContain('Bodies of 1 check that do not exist.')
    expect(fake.objects.size).toBe(2)
    expect(await page()).toContain('Delete the bodies of 1 check')
    await press('orphans', { delete: 'yes' })
    await expect.poll(page).toContain('1 object of 1 check removed.')
    expect([...fake.objects.keys()]).toEqual(['notes/readme'])
    expect(await page()).not.toContain('data-t="delete-orphans"')
    expect(await trail()).toEqual([
      'storage-swept: bodies of no check removed',
      'storage-swept: looked for bodies of no check',
    ])
  })
})
