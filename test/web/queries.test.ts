import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aNewChannel, aNewCheck } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

/** However much there is in a list, the database is asked as often: web-ui.md §15.2. */
const MOST = 12

let site: LocalSite
let ada: Person
let list: string
let projectId: number

/** What the database was asked since it was last looked, leaving out where transactions begin and end. */
const asked: string[] = []
const memory = new Database(':memory:')
const statements = Object.getPrototypeOf(memory.prepare('SELECT 1')) as Record<
  'all' | 'run' | 'get',
  (this: Database.Statement, ...values: unknown[]) => unknown
>
const real = { ...statements, all: statements.all, run: statements.run, get: statements.get }

beforeAll(async () => {
  for (const name of ['all', 'run', 'get'] as const) {
    statements[name] = function (this: Database.Statement, ...values) {
      if (!/^(BEGIN|COMMIT|ROLLBACK)/.test(this.source)) asked.push(this.source)
      return real[name].apply(this, values)
    }
  }
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  projectId = (await site.appliance.app.store.projects.findByCode(list.split('/')[2] ?? ''))?.id ?? 0
  await ada.get(list)
})
afterAll(async () => {
  for (const name of ['all', 'run', 'get'] as const) statements[name] = real[name]
  memory.close()
  await site.close()
})

/** What a page asks of the database; of several times the shortest, for what goes on by itself asks, too. */
async function askedBy(path: string): Promise<string[]> {
  const times: string[][] = []
  for (let i = 0; i < 3; i++) {
    asked.length = 0
    expect((await ada.get(path)).status).toBe(200)
    times.push(asked.map((text) => text.replaceAll(/\s+/g, ' ').slice(0, 100)))
  }
  return times.toSorted((one, other) => one.length - other.length)[0] ?? []
}

it('is asked as often for a list of many checks as for one', async () => {
  const paths = [list, `${list}?search=job&status=new&sort=next`, '/checks/', '/?all=1']
  const before = []
  // What is kept on the way, such as how somebody likes to sort, is kept once.
  for (const path of paths) await ada.get(path)
  for (const path of paths) before.push((await askedBy(path)).length)
  const { channels, checks, projects } = site.appliance.app.store
  for (let i = 0; i < 5; i++) await channels.add(aNewChannel(projectId, { name: `Ops ${i}` }))
  for (let i = 0; i < 60; i++) await checks.add(aNewCheck(projectId, { name: `Job ${i}`, tags: `t${i}` }))
  for (const name of ['Work', 'Attic']) {
    const added = (await ada.submit('/projects/add/', { name })).location.split('/')[2] ?? ''
    const project = await projects.findByCode(added)
    for (let i = 0; i < 20; i++) await checks.add(aNewCheck(project!.id, { name: `Job ${i}` }))
  }
  // A message waits, and whatever is seen for the first time is seen.
  for (const path of paths) await ada.get(path)
  for (const [i, path] of paths.entries()) {
    const texts = await askedBy(path)
    expect({ path, count: texts.length, texts }).toMatchObject({ path, count: before[i] })
    expect(texts.length, texts.join('\n')).toBeLessThanOrEqual(MOST)
  }
})
