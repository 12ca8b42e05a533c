import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { Project } from '../../src/core/project'
import { DAY, HOUR } from '../../src/core/time'
import { aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator, csrfIn, withoutRequestId } from '../support/person'
import type { Person } from '../support/person'
import { MATRIX } from './matrix'

/** What is not for everybody in a project, or in another one: spec/web-ui.md §18. */

interface Side {
  project: Project
  check: Check
  channel: string
  key: string
  invitation: string
}

const SECRETS = {
  hook: 'https://hooks.example.org/services/T0K3N-OF-THE-HOOK',
  header: 'Bearer s3cret-of-the-hook',
}

let site: LocalSite
let rita: Person
let wes: Person
let mine: Side
let theirs: Side
let pingKey: string

beforeAll(async () => {
  site = await localSite()
  await anAdministrator(site)
  const olga = await somebody(site, 'olga@example.org')
  const read = await somebody(site, 'rita@example.org')
  const work = await somebody(site, 'wes@example.org')
  const xena = await somebody(site, 'xena@example.org')
  rita = read
  wes = work
  await join(site, olga.projectCode, read, 'read-only')
  await join(site, olga.projectCode, work, 'manager')
  mine = await fill(olga.projectCode)
  theirs = await fill(xena.projectCode)
  const { store, actions } = site.appliance.app
  await actions.apiKeys.renewPingKey(mine.project)
  await store.projects.setAddressStyle(mine.project.id, 'slug')
  pingKey = (await store.projects.find(mine.project.id))?.pingKey ?? ''
})

afterAll(() => site.close())

async function fill(projectCode: string): Promise<Side> {
  const { store, actions } = site.appliance.app
  const project = (await store.projects.findByCode(projectCode))!
  const check = await store.checks.add(aNewCheck(project.id, { name: 'Watched', slug: 'watched' }))
  const event = { method: 'POST', url: SECRETS.hook, body: '', headers: { Authorization: SECRETS.header } }
  const settings = {
    url_down: SECRETS.hook,
    method_down: 'POST',
    headers_down: { Authorization: SECRETS.header },
    body_down: '',
    down: event,
  }
  const channel = await store.channels.add(
    aNewChannel(project.id, { name: 'Hook', value: JSON.stringify(settings) }),
  )
  await store.checks.recordPings([
    { code: check.code, ping: aPing({ body: Buffer.from('output of the job') }) },
  ])
  const added = await actions.apiKeys.add(
    project,
    { email: 'olga@example.org' },
    { name: 'rw', access: 'read-write', expiresInDays: null },
  )
  const invited = await store.invitations.add(
    {
      code: randomUUID(),
      projectId: project.id,
      email: 'new@example.org',
      role: 'member',
      invitedBy: 'olga@example.org',
      createdAt: 0,
      expiresAt: NOON + 7 * DAY,
    },
    randomUUID(),
    null,
  )
  if (!added.ok || typeof invited === 'string') throw new Error('The project is not complete')
  return { project, check, channel: channel.code, key: added.value.key.code, invitation: invited.code }
}

function at(path: string, side: Side): string {
  return path
    .replace(':project', side.project.code)
    .replace(':check', side.check.code)
    .replace(':channel', side.channel)
    .replace(':n', '1')
}

describe('a guest who may only read', () => {
  const pages = MATRIX.filter(({ method, who }) => method === 'GET' && who === 'read-only')

  it.each(pages.map(({ path }) => path))('finds no secret at %s', async (path) => {
    for (const query of ['', '?urls=slug', '?urls=uuid']) {
      const { text } = await rita.get(at(path, mine) + query)
      expect(text).not.toMatch(/hc[rw]_\w{4}/)
      expect(text).not.toContain(pingKey)
      expect(text).not.toContain('T0K3N')
      expect(text).not.toContain('s3cret')
    }
  })

  it('is told that others see them', async () => {
    expect((await wes.get(at('/projects/:project/settings/keys/', mine))).text).toContain(pingKey)
  })
})

describe('something of another project', () => {
  const NOWHERE: [string, (side: Side) => string][] = [
    ['an API key', ({ key }) => `settings/keys/${key}/revoke/`],
    ['an invitation', ({ invitation }) => `settings/team/invitations/${invitation}/revoke/`],
    ['an invitation to send again', ({ invitation }) => `settings/team/invitations/${invitation}/resend/`],
    ['a member', () => `settings/team/999999/remove/`],
  ]

  it.each(NOWHERE)('%s cannot be reached through one’s own', async (_, path) => {
    const own = `/projects/${mine.project.code}/`
    const csrf = csrfIn((await wes.get(`${own}settings/team/`)).text)
    expect((await wes.post(own + path(theirs), { csrf })).status).toBe(404)
    const { apiKeys, invitations } = site.appliance.app.store
    expect(await apiKeys.ofProject(theirs.project.id)).toHaveLength(1)
    expect(await invitations.ofProject(theirs.project.id, NOON)).toHaveLength(1)
  })

  it('is no ping of one’s own check', async () => {
    const { store } = site.appliance.app
    for (let i = 0; i < 3; i++) {
      await store.checks.recordPings([{ code: theirs.check.code, ping: aPing() }])
    }
    expect((await wes.get(`/checks/${mine.check.code}/pings/3/`)).status).toBe(404)
  })

  it('cannot be assigned to one’s own integration', async () => {
    const path = `/integrations/${mine.channel}/checks/`
    const page = await wes.get(path)
    const answer = await wes.post(path, {
      csrf: csrfIn(page.text),
      check: theirs.check.code,
      checks: theirs.check.code,
    })
    const { store } = site.appliance.app
    expect([404, 303, 422]).toContain(answer.status)
    const found = (await store.channels.find(mine.channel))!
    expect(await store.channels.checkIds(found.id)).not.toContain(theirs.check.id)
  })
})

describe('a role that is taken back', () => {
  it('counts at the next request', async () => {
    const own = `/projects/${mine.project.code}/`
    const { store } = site.appliance.app
    const { id } = (await store.users.findByEmail('wes@example.org'))!
    const csrf = csrfIn((await wes.get(`${own}settings/team/`)).text)
    const pause = () => wes.post(`/checks/${mine.check.code}/pause/`, { csrf })
    await store.members.put(mine.project.id, id, 'read-only', 0)
    expect((await pause()).status).toBe(403)
    await store.members.remove(mine.project.id, id)
    expect((await pause()).status).toBe(404)
    expect((await wes.get(`${own}checks/`)).status).toBe(404)
  })
})

describe('somebody who asks for what is not theirs again and again', () => {
  it(
    'is told nothing, but whoever runs the instance is; and at some point it is enough',
    { timeout: 30_000 },
    async () => {
      const xena = await somebody(site, 'zoe@example.org')
      const path = `/checks/${mine.check.code}/details/`
      const random = `/checks/${randomUUID()}/details/`
      const { audit } = site.appliance.app.store
      // As scripts ask, whose answers are short.
      const ask = async (what: string, times: number): Promise<void> => {
        for (let i = 0; i < times; i++) await xena.get(what, { 'x-fragment': '1' })
      }
      // What does not exist is nobody's, however often it is asked for.
      await ask(random, 200)
      await ask(path, 99)
      expect(await audit.list({ action: 'probing' }, 5)).toEqual([])
      const real = await xena.get(path)
      expect(real.status).toBe(404)
      expect(withoutRequestId(real.text)).toBe(withoutRequestId((await xena.get(random)).text))
      await ask(path, 100)
      const [entry, ...more] = await audit.list({ action: 'probing' }, 5)
      expect(entry).toMatchObject({ actor: 'zoe@example.org', object: 'objects of other projects' })
      expect(entry?.detail).toContain(`/checks/${mine.check.code.slice(0, 8)}…/details/`)
      expect(entry?.detail).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
      expect(more).toEqual([])
      await ask(random, 599)
      expect([(await xena.get(path)).status, (await xena.get(random)).status]).toEqual([429, 429])
      expect((await xena.get('/projects/add/')).status).toBe(200)
      site.pass(HOUR)
      expect((await xena.get(path)).status).toBe(404)
    },
  )
})
