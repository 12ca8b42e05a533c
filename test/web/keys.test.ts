import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { uniqueKey } from '../../src/core/check-document'
import type { Project } from '../../src/core/project'
import { aNewCheck } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person
let page: string

beforeEach(async () => {
  site = await localSite()
  person = await anAdministrator(site)
  page = `/projects/${(await theProject()).code}/settings/keys/`
})

afterEach(() => site.close())

async function theProject(): Promise<Project> {
  const { store } = site.appliance.app
  const user = await store.users.findByEmail('ada@example.org')
  const [project] = await store.projects.ofUser(user?.id ?? 0)
  if (!project) throw new Error('The set-up made no project')
  return project
}

const asked = (key: string): Promise<Response> =>
  fetch(`${site.url}/api/v3/checks/`, { headers: { 'X-Api-Key': key } })

describe('the public alias of a check', () => {
  it('leads to its page, for who may see that', async () => {
    const [check] = await site.appliance.app.store.checks.ofProject((await theProject()).id)
    const path = `/cloaked/${uniqueKey(check?.code ?? '')}/`
    expect(await person.get(path)).toMatchObject({ status: 302, location: `/checks/${check?.code}/details/` })
    expect((await person.get(`/cloaked/${'0'.repeat(40)}/`)).status).toBe(404)
    expect((await aPerson(site.url).get(path)).location).toContain('/accounts/login/')
  })
})

describe('the keys of a project', () => {
  it('are shown once, work, and fail once they are revoked', async () => {
    const made = await person.submit(page, { name: 'Terraform', access: 'read-write', expires: '30' })
    expect(made.status).toBe(200)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const key = /data-t="key-once">(hcw_[A-Za-z0-9]{28})</.exec(made.text)?.[1] ?? ''
    expect((await asked(key)).status).toBe(200)

    const { text } = await person.get(page)
    expect(text).not.toContain(key)
    expect(text).toContain(`${key.slice(0, 8)}…`)
    const revoke = /href="([^"]*\/revoke\/)"/.exec(text)?.[1] ?? ''
    expect((await person.get(revoke)).text).toContain('Revoke Terraform?')
    expect((await person.submit(revoke, {})).location).toBe(page)
    expect((await person.get(page)).text).toContain('Key Terraform revoked. Requests using it now fail.')
    expect((await asked(key)).status).toBe(401)
  })

  it('want a name, and there are twenty at most', async () => {
    expect((await person.submit(page, { name: '  ' })).status).toBe(422)
    const { actions } = site.appliance.app
    const project = await theProject()
    for (let i = 0; i < 20; i++) {
      const input = { name: `key ${i}`, access: 'read-only' as const, expiresInDays: null }
      await actions.apiKeys.add(project, { email: 'ada@example.org' }, input)
    }
    const more = await person.post(page, { name: 'one more', csrf: await csrf() })
    expect(more.text).toContain('This project has 20 keys')
    expect(await site.appliance.app.store.apiKeys.ofProject(project.id)).toHaveLength(20)
  })

  it('are kept as a hash that needs the secret key of the site', async () => {
    const made = await person.submit(page, { name: 'n', access: 'read-only' })
    const key = /hcr_[A-Za-z0-9]{28}/.exec(made.text)?.[0] ?? ''
    const [candidate] = await site.appliance.app.store.apiKeys.candidates(key.slice(4, 12), 0)
    expect(JSON.stringify(candidate)).not.toContain(key)
    expect(candidate?.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('include one for ping addresses, which can be replaced and removed', async () => {
    const renew = page.replace('keys/', 'ping_key/renew/')
    const remove = page.replace('keys/', 'ping_key/remove/')
    await person.submit(page, {}, renew)
    const { pingKey: first } = await theProject()
    expect(first).toMatch(/^[a-z0-9]{22}$/)
    expect((await person.get(page)).text).toContain(first)
    const ping = async (key: string | null) => (await fetch(`${site.url}/ping/${key}/nightly`)).status
    const { id } = await theProject()
    await site.appliance.app.store.checks.add(aNewCheck(id, { name: 'Nightly', slug: 'nightly' }))
    expect(await ping(first)).toBe(200)
    expect((await person.get(renew)).text).toContain('changes at once')
    await person.submit(renew, {})
    const { pingKey: second } = await theProject()
    expect(second).not.toBe(first)
    expect([await ping(first), await ping(second)]).toEqual([404, 200])
    await person.submit(remove, {})
    expect((await theProject()).pingKey).toBeNull()
    expect(await ping(second)).toBe(404)
  })

  it('may be brought along, but no key twice', async () => {
    const { actions } = site.appliance.app
    const project = await theProject()
    const add = (secret: string) =>
      actions.apiKeys.add(
        project,
        { email: 'ada@example.org' },
        { name: 'own', access: 'read-only', expiresInDays: null, secret },
      )
    expect((await add('x'.repeat(32))).ok).toBe(true)
    expect((await add('x'.repeat(32))).ok).toBe(false)
    expect((await add('too short')).ok).toBe(false)
  })

  async function csrf(): Promise<string> {
    const { text } = await person.get(`/projects/${(await theProject()).code}/integrations/add/`)
    return /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? ''
  }
})
