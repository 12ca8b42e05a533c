import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import { HOUR } from '../../src/core/time'
import { aNewCheck } from '../support/build'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn } from '../support/person'
import type { Answer, Person } from '../support/person'

let site: LocalSite
let ada: Person
let list: string
let projectId: number

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  const project = await site.appliance.app.store.projects.findByCode(list.split('/')[2] ?? '')
  projectId = project?.id ?? 0
  for (const name of ['one', 'two', 'three']) {
    await site.appliance.app.store.checks.add(
      aNewCheck(projectId, { name, tags: name === 'three' ? 'old' : 'db' }),
    )
  }
})
afterEach(() => site.close())

async function named(...names: string[]): Promise<Check[]> {
  const all = await site.appliance.app.store.checks.ofProject(projectId)
  return names.flatMap((name) => all.filter((check) => check.name === name))
}

async function post(fields: Record<string, string>): Promise<Answer> {
  const csrf = csrfIn((await ada.get(list)).text)
  return ada.post(`${list}bulk/`, { csrf, back: `${list}?tag=db`, ...fields })
}

/** Asks first, as a browser does, and then does it. */
async function bulk(names: string[], fields: Record<string, string>): Promise<string> {
  const ids = (await named(...names)).map(({ code }) => code).join(',')
  const done = await post({ ids, sure: 'yes', ...fields })
  if (done.status !== 303) return String(done.status)
  return /data-t="flash"[^]*?<span>([^<]+)</.exec((await ada.get(done.location)).text)?.[1] ?? ''
}

describe('many checks at once', () => {
  it('are named before anything is done to them, with what is passed over', async () => {
    const [one, two] = await named('one', 'two')
    await site.appliance.app.actions.checks.pause(one!)
    const asked = await post({ do: 'pause', ids: `${one!.code},${two!.code}` })
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('Pause 2 checks')
    expect(asked.text).toContain('1 is already paused.')
    expect(asked.text).toContain('one, two. No alarm is raised')
    expect((await named('two'))[0]?.status).toBe('new')
  })

  it('are paused and resumed', async () => {
    expect(await bulk(['one'], { do: 'pause' })).toBe('Paused 1 check.')
    expect(await bulk(['one', 'two', 'three'], { do: 'pause' })).toBe(
      'Paused 2 checks. 1 was already paused.',
    )
    expect((await named('one', 'two', 'three')).map(({ status }) => status)).toEqual(Array(3).fill('paused'))
    expect(await bulk(['one', 'two'], { do: 'resume' })).toBe('Resumed 2 checks.')
  })

  it('get and lose a tag', async () => {
    expect(await bulk(['one', 'three'], { do: 'add_tag', tag: 'old' })).toBe(
      'Tagged 1 check. 1 was tagged so already.',
    )
    expect((await named('one'))[0]?.tags).toBe('db old')
    expect(await bulk(['one', 'three'], { do: 'remove_tag', tag: 'old' })).toBe(
      'Removed the tag from 2 checks.',
    )
    expect(await bulk(['one'], { do: 'add_tag', tag: 'two words' })).toBe('422')
  })

  it('get another grace time', async () => {
    expect(await bulk(['one', 'two'], { do: 'grace', grace: '2', grace_unit: 'hours' })).toBe(
      'Changed the grace time of 2 checks.',
    )
    expect((await named('two'))[0]?.graceMs).toBe(2 * HOUR)
    expect(await bulk(['one'], { do: 'grace', grace: '0', grace_unit: 'hours' })).toBe('422')
  })

  it('have an integration switched', async () => {
    const [channel] = await site.appliance.app.store.channels.ofProject(projectId)
    const fields = { do: 'channel', channel: channel!.code, state: 'off' }
    expect(await bulk(['one', 'two'], fields)).toBe('Switched the integration for 2 checks.')
    expect(await bulk(['one', 'two', 'three'], { ...fields, state: 'on' })).toBe(
      'Switched the integration for 2 checks. 1 was switched so already.',
    )
  })

  it('are removed once their number is typed', async () => {
    expect(await bulk(['one', 'two'], { do: 'remove', typed: '3' })).toBe('422')
    expect(await bulk(['one', 'two'], { do: 'remove', typed: '2' })).toBe('Removed 2 checks.')
    expect(await named('one', 'two')).toEqual([])
  })

  it('move to another project of the person', async () => {
    const other = await ada.submit('/projects/add/', { name: 'Other' })
    const to = other.location.split('/')[2] ?? ''
    expect(await bulk(['one', 'two'], { do: 'transfer', to })).toBe('Moved 2 checks.')
    expect(await named('one', 'two')).toEqual([])
    expect(await bulk(['three'], { do: 'transfer', to: 'nowhere' })).toBe('422')
  })

  it('can be all that a filter finds', async () => {
    const asked = await post({ do: 'remove', matching: 'tag=db' })
    expect(asked.text).toContain('Remove 2 checks')
    expect((await post({ do: 'pause', matching: 'all' })).text).toContain('Pause 4 checks')
  })

  it('are never those of another project: then nothing is done at all', async () => {
    const olga = await somebody(site, 'olga@example.org')
    const hers = await site.appliance.app.store.projects.findByCode(olga.projectCode)
    const [foreign] = await site.appliance.app.store.checks.ofProject(hers?.id ?? 0)
    const [one] = await named('one')
    const done = await post({ do: 'pause', sure: 'yes', ids: `${one!.code},${foreign!.code}` })
    expect(done.status).toBe(404)
    expect((await named('one'))[0]?.status).toBe('new')
  })

  it('have to be chosen, and may be gone meanwhile', async () => {
    expect((await post({ do: 'pause' })).location).toBe(`${list}?tag=db`)
    const [one, two] = await named('one', 'two')
    await site.appliance.app.store.checks.remove(one!.id)
    const done = await post({ do: 'pause', sure: 'yes', ids: `${one!.code},${two!.code}` })
    expect(done.status).toBe(303)
    expect((await named('two'))[0]?.status).toBe('paused')
  })
})
