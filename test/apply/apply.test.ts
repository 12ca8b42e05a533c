import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../../src/commands/program'
import type { KeyAccess } from '../../src/core/api-key'
import { lastAliveAt } from '../../src/tasks/heartbeat'
import { somebody } from '../support/cast'
import { databases, freshFolder } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator } from '../support/person'
import { aTerminal } from '../support/terminal'

// The commands apply and export, against the own database beside a running server, and against that server.

/** The example of those who asked for this. */
const EXAMPLE = `version: 1
projects:
  - name: Home
    owner: ada@example.org
    ping_key: \${HOME_PING_KEY}          # from the environment; absent: kept, or generated once
    api_keys:
      - { name: rw, access: read-write, secret: "\${HOME_API_KEY}" }
    channels:
      - { name: Ops, kind: webhook, settings: { down: { method: POST, url: "https://ops.example.org/hook", body: "$NAME is $STATUS" } } }
    checks:
      - { name: Nightly backup, slug: nightly-backup, schedule: "0 3 * * *", tz: Europe/Riga, grace: 3600, tags: [prod, db], channels: [Ops] }
`

const SECRETS = { HOME_PING_KEY: 'abcdefghijklmnopqrstuv', HOME_API_KEY: 'hcw_0123456789012345678901234567' }

const SAME = '0 to create, 0 to change, 0 to remove, 5 as they should be.'

const SECRET_KEY = 'a key for tests '.repeat(4)

interface Ran {
  code: number
  out: string
  err: string
}

let site: LocalSite
let folder: string

afterEach(() => site.close())

async function tokenOf(access: KeyAccess, email = 'ada@example.org'): Promise<string> {
  const { actions, store } = site.appliance.app
  const user = await store.users.findByEmail(email)
  const added = await actions.accessTokens.add(user!, { name: access, access, expiresInDays: null })
  if (!added.ok) throw new Error(added.problem.message)
  return added.value.secret
}

async function run(
  args: string[],
  { env = {}, answers, input }: { env?: Record<string, string>; answers?: string[]; input?: string } = {},
): Promise<Ran> {
  const { terminal, out, err, passed } = aTerminal({ answers: answers ?? null, input: input ?? '' })
  const code = await runProgram(args, { env, cwd: folder, terminal })
  const bytes = Buffer.concat(passed.map(({ bytes }) => bytes)).toString('utf8')
  return { code, out: out.join('\n') + bytes, err: err.join('\n') }
}

function written(text: string, name = 'checks.yaml'): string {
  writeFileSync(join(folder, name), text)
  return name
}

const ways = databases.flatMap((database) =>
  (['the own database', 'another site'] as const).map((way) => ({
    database,
    way,
    name: `${way}, ${database.name}`,
  })),
)

describe.each(ways)('a file applied to $name', ({ database, way }) => {
  let env: Record<string, string>
  let where: string[]

  beforeEach(async () => {
    folder = freshFolder()
    const config = await database.fresh()
    site = await localSite({ DATA_DIR: folder, SECRET_KEY }, { database: config })
    await anAdministrator(site)
    if (way === 'another site') {
      where = ['--url', site.url]
      env = { ...SECRETS, ROLLCALL_TOKEN: await tokenOf('read-write') }
      return
    }
    where = []
    const own =
      config.kind === 'sqlite'
        ? { DB_NAME: config.file }
        : {
            DB: 'postgres',
            DB_HOST: config.hosts[0]?.host ?? '',
            DB_PORT: String(config.hosts[0]?.port),
            DB_NAME: config.name,
            DB_USER: config.user,
            DB_PASSWORD: config.password ?? '',
            DB_SCHEMA: config.schema,
            DB_SSLMODE: 'disable',
          }
    env = { ...SECRETS, ...own, DATA_DIR: folder, SECRET_KEY }
  })

  const apply = (file: string, ...options: string[]) => run(['apply', ...where, ...options, file], { env })
  const exported = (...options: string[]) => run(['export', ...where, ...options], { env })

  it('makes what it says, tells it before, and has nothing to do the second time', async () => {
    const file = written(EXAMPLE)
    const planned = await apply(file, '--dry-run')
    expect(planned).toMatchObject({ code: 0, err: '' })
    expect(planned.out).toContain('+ check Nightly backup')
    expect(planned.out).toContain('5 to create, 0 to change, 0 to remove')
    expect((await apply(file, '--check')).code).toBe(1)
    expect(await apply(file)).toMatchObject({ code: 2, err: expect.stringContaining('give --yes') })

    const applied = await apply(file, '--yes')
    expect(applied).toMatchObject({ code: 0, err: '' })
    expect(applied.out).toContain('Applied.')
    for (const secret of [...Object.values(SECRETS), 'ops.example.org/hook'])
      expect(applied.out).not.toContain(secret)

    const response = await fetch(`${site.url}/api/v3/checks/`, {
      headers: { 'X-Api-Key': SECRETS.HOME_API_KEY },
    })
    const { checks } = (await response.json()) as { checks: unknown[] }
    expect(checks).toMatchObject([
      {
        name: 'Nightly backup',
        slug: 'nightly-backup',
        schedule: '0 3 * * *',
        tz: 'Europe/Riga',
        tags: 'prod db',
      },
    ])
    expect((await fetch(`${site.url}/ping/${SECRETS.HOME_PING_KEY}/nightly-backup`)).status).toBe(200)

    expect((await apply(file, '--check')).code).toBe(0)
    const again = await apply(file, '--yes')
    expect(again.out).toContain(SAME)
    expect(again.out).not.toContain('Applied')
  })

  it('is exported as it is, without secrets unless they are asked for', async () => {
    await apply(written(EXAMPLE), '--yes')
    const first = await exported()
    expect(first).toMatchObject({ code: 0, err: '' })
    for (const secret of Object.values(SECRETS)) expect(first.out).not.toContain(secret)
    expect(first.out).not.toContain('ops.example.org')
    expect(first.out).toContain('ping_key: ${HOME_PING_KEY}')

    // On the same site nothing of it has to be known.
    const { HOME_PING_KEY: _, HOME_API_KEY: __, ...bare } = env
    const back = await run(['apply', ...where, '--check', '-'], { env: bare, input: first.out })
    expect(back).toMatchObject({ code: 0, err: '' })
    expect(back.out).toContain('HOME_PING_KEY not set: kept as it is')

    const open = await exported('--with-secrets', '--project', 'Home')
    expect(open.out).toContain(SECRETS.HOME_PING_KEY)
    expect(open.out).toContain('https://ops.example.org/hook')
    expect((await apply(written(open.out, 'open.yaml'), '--check')).code).toBe(0)
    const json = await exported('--json', '--project', 'Home')
    expect(JSON.parse(json.out)).toMatchObject({ version: 1, projects: [{ name: 'Home' }] })
    expect((await apply(written(json.out, 'all.json'), '--check')).code).toBe(0)
    expect((await exported('--project', 'Nowhere')).err).toContain("There is no project 'Nowhere'")
  })

  it('is made up for what has drifted, field by field', async () => {
    await apply(written(EXAMPLE), '--yes')
    const changed = EXAMPLE.replace('grace: 3600', 'grace: 7200')
      .replace('schedule: "0 3 * * *", tz: Europe/Riga', 'timeout: 3600')
      .replace('[prod, db]', '[prod]')
      .replace('method: POST', 'method: PUT')
      .replace('channels: [Ops] }', 'channels: [] }')
      .replace('access: read-write', 'access: read-only')
    const file = written(changed)
    const { out } = await apply(file, '--yes')
    for (const line of [
      'grace: 3600 -> 7200',
      'tags: prod db -> prod',
      'schedule: 0 3 * * * -> none',
      'timeout: none -> 3600',
      'channels: Ops -> none',
      'down.method: POST -> PUT',
      'access: read-write -> read-only',
    ]) {
      expect(out).toContain(line)
    }
    expect((await apply(file, '--check')).code).toBe(0)
    await apply(written(EXAMPLE), '--yes')
    expect((await apply(written(EXAMPLE), '--check')).code).toBe(0)
  })

  it('leaves what it does not say, and removes it only when it is told to', async () => {
    await apply(written(EXAMPLE), '--yes')
    const less = written(
      'version: 1\nprojects:\n  - name: Home\n    owner: ada@example.org\n    channels: []\n    api_keys: []\n    checks: [{ name: Other, channels: all }]\n',
    )
    const left = await apply(less, '--yes')
    expect(left.out).toContain('? check Nightly backup')
    expect(left.out).toContain('3 not in the file are left alone')
    expect(left.out).toContain('Not in the file, and never touched: My project (ada@example.org).')
    const pruned = await apply(less, '--yes', '--prune')
    expect(pruned.out).toContain('- check Nightly backup')
    expect(pruned.out).toContain('0 to create, 0 to change, 3 to remove')
    const after = await exported('--project', 'Home')
    expect(after.out).not.toContain('Nightly backup')
    expect(after.out).not.toContain('Ops')
    expect(after.out).toContain('ping_key: ${HOME_PING_KEY}')
    expect((await exported()).out).toContain('My first check')
    expect((await apply(less, '--check', '--prune')).code).toBe(0)
  })

  it('keeps checks from being told to a channel that is new, where it says so', async () => {
    await apply(written(EXAMPLE), '--yes')
    const more = EXAMPLE.replace(
      '    channels:\n',
      '    channels:\n      - { kind: email, settings: { value: ops@example.org, up: false }, repeat: 3600 }\n',
    )
    const file = written(`${more}      - { name: Second, channels: [email, Ops] }\n      - { name: Third }\n`)
    expect(await apply(file, '--yes')).toMatchObject({ code: 0, err: '' })
    expect((await apply(file, '--check')).code).toBe(0)
    const { out } = await exported('--project', 'Home')
    expect(out).toMatch(/name: Nightly backup[\s\S]*channels:\n +- Ops\n +- name: Second\n +channels: all/)
    expect(out).toMatch(/up: false\n +repeat: 3600/)
  })

  it('makes up a ping key once where the environment has none, and keeps it', async () => {
    const { HOME_PING_KEY: _, ...bare } = env
    const args = ['apply', ...where, '--yes', written(EXAMPLE)]
    const first = await run(args, { env: bare })
    expect(first.out).toContain('  + ping key   HOME_PING_KEY not set: made up; the page Keys')
    const { store } = site.appliance.app
    const ada = (await store.users.findByEmail('ada@example.org'))!
    const pingKey = async () =>
      (await store.projects.ofUser(ada.id)).find(({ name }) => name === 'Home')?.pingKey
    const made = await pingKey()
    expect(made).toMatch(/^[a-z0-9]{22}$/)
    expect((await run(args, { env: bare })).out).toContain(SAME)
    expect(await pingKey()).toBe(made)
  })

  it('makes up a key once where it gives none, and shows it once', async () => {
    const file = written(EXAMPLE.replace(', secret: "${HOME_API_KEY}"', '').replace(/ {4}ping_key.*\n/, ''))
    const { out } = await apply(file, '--yes')
    const secret = /The secret of API key rw, shown only now: (hcw_\w{28})/.exec(out)?.[1] ?? ''
    const asked = () => fetch(`${site.url}/api/v3/checks/`, { headers: { 'X-Api-Key': secret } })
    expect((await asked()).status).toBe(200)
    expect((await apply(file, '--yes')).out).toContain(SAME)
    expect((await asked()).status).toBe(200)
  })

  it('gives members their roles, and asks others to come', async () => {
    const wes = await somebody(site, 'wes@example.org')
    const withRole = (role: string) =>
      written(`${EXAMPLE}    members: [{ email: Wes@example.org, role: ${role} }]\n`)
    expect((await apply(withRole('read-only'), '--yes')).out).toContain('+ member wes@example.org')
    const check = await apply(withRole('read-only'), '--check')
    expect(check.code).toBe(0)
    if (way === 'another site') {
      expect(check.out).toContain('= member wes@example.org   invited')
      expect((await apply(withRole('member'), '--yes')).out).toContain('role: read-only -> member')
      const { store } = site.appliance.app
      const ada = await store.users.findByEmail('ada@example.org')
      const home = (await store.projects.ofUser(ada?.id ?? 0)).find(({ name }) => name === 'Home')
      const [invitation] = await store.invitations.ofProject(home?.id ?? 0, site.appliance.app.clock())
      await store.invitations.accept(invitation?.id ?? 0, wes.userId, site.appliance.app.clock())
    }
    expect((await apply(withRole('manager'), '--yes')).out).toMatch(/role: (read-only|member) -> manager/)
    expect((await apply(withRole('manager'), '--check')).code).toBe(0)
    const none = written(`${EXAMPLE}    members: []\n`)
    expect((await apply(none, '--yes', '--prune')).out).toContain('- member wes@example.org')
    const wrong = written(`${EXAMPLE}    members: [{ email: no@nowhere, role: member }]\n`)
    const stopped = await apply(wrong, '--yes')
    expect(stopped.code).toBe(1)
    expect(stopped.err).toContain('Stopped at member no@nowhere of Home: ')
  })

  it('is refused with the lines where something is wrong, and nothing is changed', async () => {
    const wrong = await apply(written(EXAMPLE.replace('grace:', 'garce:')), '--yes')
    expect(wrong.code).toBe(1)
    expect(wrong.err).toMatch(/^checks\.yaml:11: A check has no 'garce'\. There are: /)
    const { HOME_PING_KEY: _, HOME_API_KEY: __, ...bare } = env
    const unset = await run(['apply', ...where, '--yes', written(EXAMPLE)], { env: bare })
    expect(unset.err.split('\n')).toEqual([
      'checks.yaml:7: secret of API key rw: HOME_API_KEY is not set in the environment.',
    ])
    expect((await apply('nowhere.yaml')).err).toContain('Error reading nowhere.yaml')
    expect((await exported()).out).not.toContain('Home')
    expect(readFileSync(join(folder, 'checks.yaml'), 'utf8')).toBe(EXAMPLE)
  })

  it('does not pass for a server that pings can reach', async () => {
    const { store } = site.appliance.app
    const before = await lastAliveAt({ facts: store.facts })
    expect((await apply(written(EXAMPLE), '--yes')).code).toBe(0)
    // Otherwise the next start would hold nothing back after an outage, and ring false alarms.
    expect(await lastAliveAt({ facts: store.facts })).toBe(before)
  })

  it('asks on a terminal', async () => {
    const args = ['apply', ...where, written(EXAMPLE)]
    expect(await run(args, { env, answers: ['no'] })).toMatchObject({ code: 1, err: 'Nothing was changed.' })
    expect((await run(args, { env, answers: ['yes'] })).out).toContain('Applied.')
  })
})

describe('what is alike', () => {
  beforeEach(async () => {
    folder = freshFolder()
    site = await localSite({ DATA_DIR: folder, SECRET_KEY })
    await anAdministrator(site)
  })

  it('is told apart by ids in what is exported', async () => {
    const env = { ROLLCALL_TOKEN: await tokenOf('read-write') }
    const { store, actions } = site.appliance.app
    const ada = (await store.users.findByEmail('ada@example.org'))!
    const [project] = await store.projects.ofUser(ada.id)
    const settings = { value: 'b@example.org', down: 'true', up: 'true' }
    await actions.channels.add(project!, ada, 'email', settings)
    await actions.channels.add(project!, ada, 'email', { ...settings, name: 'a, b ${c}' })
    for (const name of ['Twin', 'Twin', ''])
      await actions.checks.upsert(project!, { name }, { derivesSlug: false })
    await actions.projects.add(ada, 'My project')
    await actions.projects.add(ada, 'My project')
    const { out } = await run(['export', '--url', site.url], { env })
    const back = await run(['apply', '--url', site.url, '--prune', '--check', '-'], { env, input: out })
    expect(back).toMatchObject({ code: 0, err: '' })
    expect(out).toContain('a, b $${c}')
    expect(out.match(/^ +- id: /gm)?.length).toBe(8)
    const vague = written('version: 1\nprojects: [{ name: My project }]\n')
    const refused = await run(['apply', '--url', site.url, vague], { env })
    expect(refused.err).toContain('checks.yaml:2: Several projects are called My project')
  })
})

describe('another site', () => {
  beforeEach(async () => {
    folder = freshFolder()
    site = await localSite()
    await anAdministrator(site)
    written(EXAMPLE)
  })

  const apply = (env: Record<string, string>, url = site.url, ...options: string[]) =>
    run(['apply', '--url', url, ...options, 'checks.yaml'], { env: { ...SECRETS, ...env } })

  it('needs a token, and an address that is one', async () => {
    expect(await apply({})).toMatchObject({
      code: 78,
      err: expect.stringContaining('ROLLCALL_TOKEN is not set'),
    })
    expect(await apply({ ROLLCALL_TOKEN: 'x' }, 'home')).toMatchObject({ code: 2 })
    const wrong = await apply({ ROLLCALL_TOKEN: 'x'.repeat(32) })
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('wrong api key') })
    const nobody = await apply({ ROLLCALL_TOKEN: 'x' }, 'http://127.0.0.1:9')
    expect(nobody).toMatchObject({
      code: 69,
      err: expect.stringContaining('Cannot reach http://127.0.0.1:9'),
    })
    const notOurs = await apply({ ROLLCALL_TOKEN: 'x' }, `${site.url}/docs`)
    expect(notOurs).toMatchObject({ code: 69, err: expect.stringContaining('is not the management API') })
    expect(await apply({ ROLLCALL_TOKEN_FILE: '/nowhere' })).toMatchObject({ code: 78 })
  })

  it('takes the token from a file', async () => {
    const file = join(folder, written(`${await tokenOf('read-write')}\n`, 'token'))
    expect((await apply({ ROLLCALL_TOKEN_FILE: file }, `${site.url}/`, '--yes')).code).toBe(0)
  })

  it('says what a token may not do', async () => {
    const reading = await apply({ ROLLCALL_TOKEN: await tokenOf('read-only') }, site.url, '--yes')
    expect(reading).toMatchObject({ code: 1, err: expect.stringContaining('This token only reads') })
    await somebody(site, 'wes@example.org')
    const other = await apply(
      { ROLLCALL_TOKEN: await tokenOf('read-write', 'wes@example.org') },
      site.url,
      '--yes',
    )
    expect(other.err).toContain('Only administrators add projects for others')
  })

  it('is not told to be changed by a token that sees no secrets', async () => {
    expect((await apply({ ROLLCALL_TOKEN: await tokenOf('read-write') }, site.url, '--yes')).code).toBe(0)
    const seen = await apply({ ROLLCALL_TOKEN: await tokenOf('read-only') }, site.url, '--check')
    expect(seen).toMatchObject({ code: 0, err: '' })
  })

  it('goes on from where it was stopped', async () => {
    const { store } = site.appliance.app
    const env = { ROLLCALL_TOKEN: await tokenOf('read-write') }
    const ada = (await store.users.findByEmail(ADA.email))!
    const taken = await store.projects.ofUser(ada.id)
    await store.projects.setPingKey(taken[0]!.id, SECRETS.HOME_PING_KEY)
    const stopped = await apply(env, site.url, '--yes')
    expect(stopped.code).toBe(1)
    expect(stopped.err).toContain('Stopped at ping key of Home: Another project has this ping key')
    await store.projects.setPingKey(taken[0]!.id, null)
    const rest = await apply(env, site.url, '--yes')
    expect(rest.out).toContain('4 to create, 0 to change, 0 to remove, 1 as they should be.')
    expect((await apply(env, site.url, '--check')).code).toBe(0)
  })
})
