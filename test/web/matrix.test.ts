import { randomUUID } from 'node:crypto'
import { join as joinPath } from 'node:path'
import SQLite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time'
import type { User } from '../../src/core/user'
import { pagesOf } from '../../src/web/server'
import { routeTable } from '../../src/web/routes'
import type { Route } from '../../src/web/routes'
import { digest } from '../../src/world/secrets'
import { aBeginning, aNewChannel, aNewCheck, aPing, NOON } from '../support/build'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { aPerson, csrfIn, withoutRequestId } from '../support/person'
import type { Person } from '../support/person'
import { MATRIX, verdict } from './matrix'
import type { Column, Row, Verdict, Who } from './matrix'

const COLUMNS: Column[] = [
  'anonymous',
  'disabled',
  'stranger',
  'elsewhere',
  'read-only',
  'member',
  'manager',
  'owner',
  'administrator',
]

let site: LocalSite
let people: Record<Exclude<Column, 'anonymous'>, User>
let database: SQLite.Database
let routes: readonly Route[]

beforeAll(async () => {
  site = await localSite()
  const { store } = site.appliance.app
  const add = async (name: string, isAdmin = false) => {
    const { user, ...rest } = aBeginning(`${name}@example.org`)
    return (await store.users.add({ ...rest, user: { ...user, isAdmin, checkLimit: 100_000 } }))!.user
  }
  people = {
    disabled: await add('dora'),
    stranger: await add('xena'),
    elsewhere: await add('vera'),
    'read-only': await add('rita'),
    member: await add('wes'),
    manager: await add('mia'),
    owner: await add('olga'),
    administrator: await add('adam', true),
  }
  routes = routeTable(pagesOf(site.appliance.app)).all
  const { database: kept } = site.appliance.app.config
  if (kept.kind !== 'sqlite') throw new Error('This test looks into the file')
  database = new SQLite(joinPath(kept.file), { readonly: true })
})

afterAll(async () => {
  database.close()
  await site.close()
})

// So that nobody asks for too much in an hour that is not there.
afterEach(() => site.pass(MINUTE))

it('has a line for every page', () => {
  const missing = routes.filter(
    (route) => !MATRIX.some(({ method, path }) => method === route.method && path === route.path),
  )
  const advice = missing.map(({ method, path, access }) => `${method} ${path} ${proposal(access)}`)
  expect(advice, 'pages without a line: add these, or what is right, to TABLE in test/web/matrix.ts').toEqual(
    [],
  )
})

it('has no line for a page that is gone', () => {
  const gone = MATRIX.filter(
    (row) => !routes.some(({ method, path }) => method === row.method && path === row.path),
  )
  expect(
    gone.map(({ method, path }) => `${method} ${path}`),
    'remove these from TABLE',
  ).toEqual([])
})

const lines = MATRIX.map((row) => [`${row.method} ${row.path}`, row] as const)

describe.each(lines)('%s', (_, row) => {
  it(`is for ${row.who}`, async () => {
    const before = snapshot()
    const shut = COLUMNS.filter((column) => !['allowed', 'whatever'].includes(verdict(row.who, column)))
    let ids = await somethingThere()
    const settled = snapshot()
    for (const column of shut) {
      const answer = await ask(row, column, ids)
      expect(told(answer), `${column}: ${answer.status} ${answer.location}`).toBe(verdict(row.who, column))
    }
    expect(snapshot(), 'something was written for somebody who may not').toBe(settled)
    for (const column of COLUMNS.filter((each) => verdict(row.who, each) === 'allowed')) {
      if (row.method === 'POST') ids = await somethingThere()
      const answer = await ask(row, column, ids)
      expect(gets(row, answer), `${column}: ${answer.status} ${answer.location}\n${headingOf(answer)}`).toBe(
        true,
      )
    }
    expect(before).not.toBe('')
  })
})

const withIds = lines.filter(
  ([, { path }]) => /:(project|check)\b/.test(path) || path.startsWith('/integrations/:channel/edit'),
)

describe.each(withIds.filter(([, { who }]) => who !== 'everybody'))('%s', (_, row) => {
  it('is no more there for strangers than with a random id', async () => {
    const ids = await somethingThere()
    for (const column of ['stranger', 'elsewhere'] as const) {
      const real = await ask(row, column, ids)
      const random = await ask(row, column, {
        ...ids,
        project: randomUUID(),
        check: randomUUID(),
        channel: randomUUID(),
      })
      expect(withoutRequestId(real.text)).toBe(withoutRequestId(random.text))
      expect(random.status).toBe(404)
      expect(real.status).toBe(404)
    }
  })

  it('takes ids in one form only', async () => {
    const ids = await somethingThere()
    for (const bend of BENT) {
      const bent = { ...ids, project: bend(ids.project), check: bend(ids.check), channel: bend(ids.channel) }
      const { status } = await ask(row, 'owner', bent)
      expect(status, bend(ids.project)).toBe(404)
    }
  })
})

/** spec/web-ui.md §18.3; upper case is what Healthchecks takes, too. */
const BENT: ((id: string) => string)[] = [
  (id) => `%7B${id}%7D`,
  (id) => id.replaceAll('-', ''),
  (id) => `${id}.`,
  (id) => `${id}%00`,
  () => '0',
  () => '-1',
  () => '1e3',
  () => 'x'.repeat(2000),
]

describe('the number of a ping', () => {
  it.each(['0', '-1', '2147483648', '1e3', '99999999999999999999', '1.0', '%20'])('is not %s', async (n) => {
    const ids = await somethingThere()
    for (const row of MATRIX.filter(({ path }) => path.includes('/pings/:n/'))) {
      expect((await ask(row, 'owner', { ...ids, n })).status).toBe(404)
    }
  })
})

const sessions = new Map<Column, ReturnType<typeof enter>>()

type Ids = Awaited<ReturnType<typeof somethingThere>>

/** A project with a bit of everything, in which everybody has the role that they are named for. */
async function somethingThere() {
  const { store, actions } = site.appliance.app
  const project = await store.projects.add({
    code: randomUUID(),
    name: 'Ops',
    ownerId: people.owner.id,
    badgeKey: randomUUID(),
    createdAt: NOON,
  })
  for (const role of ['read-only', 'member', 'manager'] as const) {
    await store.members.put(project.id, people[role].id, role, NOON)
  }
  // Works in another project of the same owner.
  const other = await store.projects.add({
    code: randomUUID(),
    name: 'Other',
    ownerId: people.owner.id,
    badgeKey: randomUUID(),
    createdAt: NOON,
  })
  await store.members.put(other.id, people.elsewhere.id, 'member', NOON)
  const check = await store.checks.add(aNewCheck(project.id))
  const channel = await store.channels.add(
    aNewChannel(project.id, {
      kind: 'email',
      value: JSON.stringify({ value: 'ops@example.org', up: true, down: true }),
    }),
  )
  const body = Buffer.from('what the job said')
  await store.checks.recordPings([{ code: check.code, ping: aPing({ body }) }])
  const made = await actions.apiKeys.add(project, people.owner, {
    name: 'k',
    access: 'read-only',
    expiresInDays: null,
  })
  const by = { user: people.owner, address: null }
  // Each time somebody else asks, so that nobody's limit is used up.
  const email = `${randomUUID()}@example.org`
  const invited = await store.invitations.add(
    {
      code: randomUUID(),
      projectId: project.id,
      email,
      role: 'member',
      invitedBy: by.user.email,
      createdAt: NOON,
      expiresAt: NOON * 2,
    },
    randomUUID(),
    null,
  )
  if (!made.ok || typeof invited === 'string') throw new Error('The project is not complete')
  return {
    project: project.code,
    check: check.code,
    channel: channel.code,
    channel_code: channel.code,
    key: made.value.key.code,
    member: String(people['read-only'].id),
    invitation: invited.code,
    kind: 'email',
    n: '1',
    // Nobody of the cast, since things are done to them.
    user: String(people.disabled.id),
    code: project.code,
    token: 'x'.repeat(20),
    signed: 'x.y',
    session: 'x',
    notification: randomUUID(),
    slug: 'http_api',
    id: '1',
  }
}

interface Answered {
  status: number
  location: string
  text: string
}

async function ask({ method, path }: Row, column: Column, ids: Ids): Promise<Answered> {
  // Pages about accounts may end a session.
  if (!/:(project|check|channel)\b/.test(path)) sessions.delete(column)
  const session = sessions.get(column) ?? enter(column)
  sessions.set(column, session)
  const { person, csrf } = await session
  const url = path.replaceAll(/:(\w+)/g, (whole, name: string) => ids[name as keyof Ids] ?? whole)
  return method === 'GET' ? await person.get(url) : await person.post(url, { csrf })
}

/** Signs somebody in, without the detour by a form; gives what their forms carry. */
async function enter(column: Column): Promise<{ person: Person; csrf: string }> {
  const { actions, store } = site.appliance.app
  const person = aPerson(site.url)
  if (column === 'anonymous' || column === 'disabled') {
    const { text } = await person.get('/accounts/login/')
    if (column === 'disabled') person.cookies.set('sid', 'the cookie of a session that was ended')
    return { person, csrf: csrfIn(text) }
  }
  // Nobody has many at once.
  await store.signIns.removeOfUser(people[column].id)
  const { cookie } = await actions.signIn.start(people[column], { address: null, agent: '', keep: false })
  person.cookies.set('sid', cookie)
  const found = await store.signIns.find(digest(cookie), site.appliance.app.clock())
  return { person, csrf: found?.signIn.csrf ?? '' }
}

function told({ status, location }: Answered): Verdict | 'sudo' {
  if (location.startsWith('/accounts/login/')) return 'sign in'
  if (status === 404) return 'not there'
  if (status === 403) return 'forbidden'
  return 'allowed'
}

function gets({ method, who, gets: wanted }: Row, { status, location }: Answered): boolean {
  if (wanted === 'sudo') return status === 303 && location.startsWith('/accounts/reauth/')
  if (wanted !== '') return status === Number(wanted)
  // Wrong links and such are told as what they are; only that somebody gets in counts here.
  if (who === 'everybody' || who === 'account') return status < 500 && !/login\/\?next/.test(location)
  return method === 'GET' ? status === 200 : [200, 303, 400, 422].includes(status)
}

function headingOf({ text }: Answered): string {
  return /<h1[^>]*>[^<]*/.exec(text)?.[0] ?? ''
}

/** All that is kept, but for what says that we live, what is counted by itself, and who is signed in. */
function snapshot(): string {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as {
    name: string
  }[]
  const kept = tables.filter(
    ({ name }) => !/^(sqlite_|facts$|tallies$|sign_ins$|audit$|account_tokens$)/.test(name),
  )
  return digest(
    kept.map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all())).join('\n'),
  )
}

function proposal(access: Route['access']): Who {
  return access === 'owner or administrator' ? 'owner/administrator' : access
}
