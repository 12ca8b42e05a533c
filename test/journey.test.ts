import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../src/compose'
import type { Appliance } from '../src/compose'
import { DAY, HOUR, MINUTE, SECOND } from '../src/core/time'
import { argon2Passwords } from '../src/world/passwords'
import { systemRandom } from '../src/world/random'
import { aNewCheck, NOON } from './support/build'
import { databases, freshFolder } from './support/databases'
import { configOf } from './support/settings'
import { anAdministrator, ADA } from './support/person'
import type { Person } from './support/person'
import { recorder } from './support/local-site'
import { smtpRelay } from './world/smtp-relay'
import type { Relay } from './world/smtp-relay'

const BACKUP = {
  name: 'Weekly backup',
  slug: 'weekly-backup',
  period: '1',
  period_unit: 'weeks',
  grace: '2',
  grace_unit: 'hours',
}

/** What a user can do: from an empty folder to being told, with a real relay and a real receiver. */
describe.each(databases)('the appliance on $name', (database) => {
  let nowAt: number
  let appliance: Appliance
  let url: string
  let relay: Relay
  let hook: Receiver
  let start: () => Promise<void>
  let person: Person
  let code: string
  const logged: Parameters<typeof recorder>[0] = []

  beforeEach(async () => {
    nowAt = NOON
    logged.length = 0
    relay = await smtpRelay()
    hook = await aReceiver()
    const config = {
      ...configOf({
        DATA_DIR: freshFolder(),
        SECRET_KEY: 'a key for tests '.repeat(4),
        EMAIL_HOST: '127.0.0.1',
        EMAIL_PORT: String(relay.port),
        EMAIL_USE_TLS: 'False',
        DEFAULT_FROM_EMAIL: 'rollcall@example.org',
        ROLES: 'web',
      }),
      listen: { host: '127.0.0.1', port: 0 },
      database: await database.fresh(),
    }
    start = async () => {
      appliance = await compose(config, {
        clock: () => nowAt,
        databaseNowAt: () => Promise.resolve(null),
        random: systemRandom,
        log: recorder(logged),
        wait: () => Promise.resolve(),
        passwords: argon2Passwords({ random: systemRandom, cost: { memoryKib: 64, passes: 1 } }),
      })
      await appliance.start()
      url = `http://127.0.0.1:${appliance.port()}`
    }
    await start()
    person = await anAdministrator({ url, setupCode })
    code = /\/ping\/([0-9a-f-]{36})/.exec((await person.get(await theCheckPage())).text)?.[1] ?? ''
  })
  afterEach(async () => {
    await appliance.stop()
    await relay.close()
    await hook.close()
  })

  const setupCode = () =>
    /code (\S+)/.exec(logged.find(({ message }) => message.startsWith('first start'))?.message ?? '')?.[1] ??
    ''
  const theCheckPage = async () => {
    const list = await person.get((await person.get('/')).location)
    return /\/checks\/[0-9a-f-]{36}\/details\//.exec(list.text)?.[0] ?? ''
  }
  const names = (call: string) =>
    (JSON.parse(call.slice(call.indexOf('['))) as { name: string }[]).map(({ name }) => name)
  const addHook = async (own: Record<string, string> = {}) => {
    const list = (await person.get('/')).location
    const add = list.replace('/checks/', '/add_webhook/')
    const added = await person.submit(add, {
      name: 'Ops',
      method_down: 'POST',
      url_down: `${hook.url}/$STATUS`,
      body_down: '$NAME $STATUS $BODY',
      method_up: 'POST',
      url_up: `${hook.url}/$STATUS`,
      body_up: '$NAME $STATUS',
      ...own,
    })
    expect(added.status).toBe(303)
  }
  const ping = async (rest = '', init: RequestInit = {}) => {
    const response = await fetch(`${url}/ping/${code}${rest}`, init)
    return `${response.status} ${await response.text()}`
  }
  const pass = async (ms: number) => {
    nowAt += ms
    await appliance.turn()
  }
  const subjects = () => relay.received.map(({ mail }) => mail.subject)

  it('tells once that a job stopped, and once that it is back, by mail and by webhook', async () => {
    await addHook()
    expect(await ping()).toBe('200 OK')
    await pass(DAY + HOUR - 1)
    expect(subjects()).toEqual([])

    await pass(1)
    await pass(MINUTE)
    expect(subjects()).toEqual(['DOWN | My first check'])
    expect(relay.received[0]).toMatchObject({ to: [ADA.email], from: 'rollcall@example.org' })
    expect(relay.received[0]?.mail.text).toContain('DOWN')
    expect(relay.received[0]?.mail.html).toContain('My first check')
    expect(relay.received[0]?.raw).not.toContain(code)
    expect(hook.heard).toEqual(['/down My first check down '])

    expect(await ping()).toBe('200 OK')
    await pass(SECOND)
    await pass(MINUTE)
    expect(subjects()).toEqual(['DOWN | My first check', 'UP | My first check'])
    expect(hook.heard).toEqual(['/down My first check down ', '/up My first check up'])
  })

  it('shows what a job said: status, times, run and body', async () => {
    await ping('/start?rid=11111111-2222-4333-8444-555555555555')
    nowAt += 90 * SECOND
    await ping('/3?rid=11111111-2222-4333-8444-555555555555', { method: 'POST', body: 'disk <full>' })
    const page = (await person.get(await theCheckPage())).text
    for (const shown of ['disk &lt;full&gt;', '1 min 30 s', '11111', 'Exit']) expect(page).toContain(shown)
    expect(page).not.toContain('disk <full>')
    const list = (await person.get((await person.get('/')).location)).text
    expect(list).toMatch(/Down/)
    const body = await person.get(`/checks/${/checks\/([0-9a-f-]{36})/.exec(page)?.[1]}/pings/2/body/`)
    expect([body.status, body.text]).toEqual([200, 'disk <full>'])
    expect(body.headers.get('content-disposition')).toMatch(/^attachment/)
  })

  it('has a mail wait while the relay refuses, and the webhook go out at once', async () => {
    await addHook()
    await relay.close()
    await ping('/fail', { method: 'POST', body: 'no space left' })
    await pass(SECOND)
    expect(hook.heard).toEqual(['/down My first check down no space left'])
    const integrations = (await person.get('/')).location.replace('/checks/', '/integrations/')
    expect((await person.get(integrations)).text).toContain('Connection failed')

    relay = await smtpRelay({ onConnect: (_, done) => done() }, relay.port)
    await pass(30 * SECOND)
    expect(subjects()).toEqual([])
    await pass(MINUTE)
    expect(subjects()).toEqual(['DOWN | My first check'])
    await pass(DAY)
    expect(subjects()).toHaveLength(1)
    expect((await person.get(integrations)).text).not.toContain('Connection failed')
  })

  it('does not let a receiver that never answers hold back another', async () => {
    await addHook()
    const { close } = relay
    await close()
    const silent = createNetServer()
    await new Promise<void>((resolve) => silent.listen(relay.port, '127.0.0.1', resolve))
    await ping('/fail')
    const turn = appliance.turn()
    await until(() => hook.heard.length > 0)
    expect(hook.heard).toEqual(['/down My first check down '])
    await until(() => silent.sockets.length > 0)
    silent.close()
    for (const socket of silent.sockets) socket.destroy()
    await turn
    relay = await smtpRelay()
  })

  it('tells nothing more to an address that unsubscribed meanwhile', async () => {
    await relay.close()
    await ping('/fail')
    await pass(SECOND)
    const { store } = appliance.app
    const [mail] = await store.channels.ofProject((await store.checks.findByCode(code))?.projectId ?? 0)
    const link = `/integrations/${mail?.code}/unsub/${appliance.app.signer.stamp('alerts', mail?.code ?? '', nowAt)}/`
    expect((await fetch(url + link, { method: 'POST' })).status).toBe(200)
    relay = await smtpRelay({}, relay.port)
    await pass(DAY)
    expect(subjects()).toEqual([])
  })

  it('tells of a deadline that had passed before somebody saved the schedule', async () => {
    await ping()
    nowAt += DAY + HOUR + SECOND
    const page = (await theCheckPage()).replace('details/', 'timeout/')
    await person.submit(page, { period: '1', period_unit: 'days', grace: '1', grace_unit: 'hours' })
    await pass(SECOND)
    expect(subjects()).toEqual(['DOWN | My first check'])
  })

  it('goes on where it was after a restart, with nothing told twice', async () => {
    await ping()
    nowAt += 2 * DAY
    await ping('/log')
    await appliance.stop()
    await start()
    await appliance.turn()
    expect(subjects()).toEqual(['DOWN | My first check'])
    await appliance.stop()
    await start()
    await pass(DAY)
    expect(subjects()).toEqual(['DOWN | My first check'])
  })

  it('comes back after three hours: holds, then tells in one message each what went down meanwhile', async () => {
    await addHook({ body_down: '$CHECKS_JSON' })
    const { store } = appliance.app
    const projectId = (await store.checks.findByCode(code))!.projectId
    const made = []
    for (let i = 0; i < 20; i++) {
      const check = await store.checks.add(aNewCheck(projectId, { name: `Daily ${i}` }))
      await fetch(`${url}/ping/${check.code}`)
      made.push(check)
    }
    nowAt += DAY
    await appliance.stop()
    nowAt += 3 * HOUR
    await start()
    const back = nowAt

    await pass(10 * SECOND)
    expect(await ping('/fail', { method: 'POST', body: 'disk full' })).toBe('200 OK')
    await pass(0)
    expect(subjects()).toEqual(['DOWN | My first check'])
    await pass(back + 5 * MINUTE - 1 - nowAt)
    expect(hook.heard.map(names)).toEqual([['My first check']])

    await pass(1)
    await pass(MINUTE)
    const all = made.map(({ name }) => name)
    expect(hook.heard.map(names)).toEqual([['My first check'], all])
    const said = subjects()
    expect(said).toHaveLength(3)
    expect(new Set(said)).toEqual(
      new Set([
        '20 checks are DOWN after an outage of Rollcall',
        'DOWN | My first check',
        'Rollcall was away, and 20 checks are down',
      ]),
    )
    const summary = relay.received.find(({ mail }) => mail.subject?.startsWith('20 checks'))
    for (const name of all) expect(summary?.mail.text).toContain(`DOWN  ${name} (since`)
    expect(summary?.raw).not.toContain(made[0]?.code)
    for (const { id } of made) {
      const { flips } = appliance.app.store
      expect(await flips.latest(id, { sinceAt: 0, limit: 5 })).toMatchObject([
        { to: 'down', reason: 'timeout', at: NOON + DAY + HOUR },
        { to: 'up' },
      ])
    }
    expect(logged.filter(({ message }) => message.startsWith('the first look after'))).toMatchObject([
      { fields: { deadlines: 20, down: 20 } },
    ])
  })

  it('lets a check that nobody can judge stand aside, and judges the others', async () => {
    await ping()
    const { store } = appliance.app
    const check = (await store.checks.findByCode(code))!
    const poisoned = await store.checks.add(
      aNewCheck(check.projectId, {
        code: '99999999-0000-4000-8000-000000000000',
        schedule: { kind: 'cron', expression: 'never ever', tz: 'UTC' },
      }),
    )
    await fetch(`${url}/ping/${poisoned.code}`)
    await pass(DAY + HOUR)
    expect(subjects()).toEqual(['DOWN | My first check'])
    expect(logged.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { check: '99999999' } }])
    expect((await person.get((await person.get('/')).location)).status).toBe(200)
    expect((await fetch(`${url}/ping/${poisoned.code}`)).status).toBe(200)
  })

  it('adds, edits, pauses, resumes and removes checks through its pages', async () => {
    const list = (await person.get('/')).location
    const added = await person.submit(`${list}add/`, BACKUP)
    expect(added.status).toBe(303)
    const [check] = (await appliance.app.store.checks.ofProject(1)).filter(({ name }) => name === BACKUP.name)
    const page = `/checks/${check?.code}/`
    const now = () => appliance.app.store.checks.findByCode(check?.code ?? '')
    expect(await now()).toMatchObject({ schedule: { kind: 'period', periodMs: 7 * DAY }, graceMs: 2 * HOUR })

    await person.submit(`${page}name/`, { ...BACKUP, name: 'Weekly <backup>', tags: 'prod db' })
    await person.submit(`${page}timeout/`, {
      period: '2',
      period_unit: 'days',
      grace: '30',
      grace_unit: 'minutes',
    })
    expect(await now()).toMatchObject({ name: 'Weekly <backup>', tags: 'prod db', graceMs: 30 * MINUTE })
    expect((await person.get(`${page}details/`)).text).toContain('Weekly &lt;backup&gt;')

    await person.submit(`${page}pause/`, {})
    expect(await now()).toMatchObject({ status: 'paused' })
    await person.submit(`${page}resume/`, {})
    expect(await now()).toMatchObject({ status: 'new' })

    const refused = await person.submit(`${page}timeout/`, {
      period: '5',
      period_unit: 'seconds',
      grace: 'x',
      grace_unit: 'minutes',
    })
    expect(refused.status).toBe(422)
    await fetch(`${url}/ping/${check?.code}`)
    expect((await person.submit(`${page}remove/`, { typed: 'something else' })).status).toBe(422)
    await person.submit(`${page}remove/`, { typed: 'Weekly <backup>' })
    expect(await now()).toBeNull()
    expect((await person.get(`${page}details/`)).status).toBe(404)
  })
})

/** Takes connections and says nothing. */
function createNetServer() {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
  })
  return Object.assign(server, { sockets })
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

interface Receiver {
  url: string
  heard: string[]
  close(): Promise<void>
}

async function aReceiver(): Promise<Receiver> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      heard.push(`${request.url} ${body}`)
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
