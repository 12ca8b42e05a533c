import { randomUUID } from 'node:crypto'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time'
import { aNewChannel, aNewCheck, aPing, NOON } from './build'
import { join, somebody } from './cast'
import type { LocalSite } from './local-site'
import { ADA, anAdministrator } from './person'
import type { Person } from './person'

/** A site as it is after some months of use, with a bit of everything, for tests that look at pages. */
export interface Household {
  ada: Person
  project: string
  /** A check with a long log: runs, failures, bodies, a mail. */
  check: string
  channel: string
  /** What parameters of addresses can stand for. */
  ids: Record<string, string>
}

const LONG =
  'A name that somebody meant well with and that is as long as a name of a check may be, to the letter'

const MAIL = [
  'From: NAS <nas@example.org>',
  'To: somebody@example.org',
  'Subject: Backup =?utf-8?q?fertig_=E2=9C=93?=',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<h1>Done</h1><p>3 files <b>copied</b>.</p>',
].join('\r\n')

/** `checks`: how many there are besides the special ones. */
export async function aHousehold(site: LocalSite, { checks = 12 } = {}): Promise<Household> {
  const ada = await anAdministrator(site)
  const { store, actions } = site.appliance.app
  const code = (await ada.get('/')).location.split('/')[2] ?? ''
  const project = (await store.projects.findByCode(code))!
  const owner = (await store.users.findByEmail(ADA.email))!
  await confirmed(ada)

  const add = (facts: Parameters<typeof aNewCheck>[1]) =>
    store.checks.add(aNewCheck(project.id, { createdAt: NOON - 90 * DAY, ...facts }))
  const main = await add({
    name: 'Nightly backup',
    tags: 'prod db',
    description: 'See https://wiki.example.org/backup',
  })
  const late = await add({ name: 'Late one', slug: 'late-one', schedule: { kind: 'period', periodMs: HOUR } })
  const running = await add({ name: LONG, slug: '', tags: 'a-tag-of-some-length another third fourth' })
  const paused = await add({ name: 'Paused', slug: 'paused' })
  const silent = await add({ name: 'Silent since yesterday', slug: 'silent' })
  const cron = { kind: 'cron', expression: '*/7 3-5 1,15 * mon', tz: 'Europe/Riga' } as const
  await add({ name: '', slug: '', schedule: cron })
  for (let i = 0; i < checks; i++)
    await add({ name: `Job ${i + 1}`, slug: `job-${i + 1}`, tags: i % 2 ? 'web' : 'db' })

  const arrivals = Array.from({ length: 40 }, (_, i) => {
    const at = NOON - (40 - i) * DAY
    const runId = randomUUID()
    const body = Buffer.from(`copied ${i * 3} files\n\u001b[31mwarning\u001b[0m: <b>odd</b>\n`)
    const failed = i % 9 === 4
    const end = { at: at + (4 + (i % 7)) * MINUTE + i * SECOND, runId, body, method: 'POST' }
    return [
      aPing({ at, runId, signal: 'start' }),
      aPing({ ...end, signal: failed ? 'fail' : 'success', exitStatus: failed ? 3 : 0 }),
    ]
  }).flat()
  const mail = aPing({
    at: NOON - HOUR,
    scheme: 'email',
    method: '',
    userAgent: 'Email from nas@example.org',
    body: Buffer.from(MAIL),
  })
  await store.checks.recordPings([...arrivals, mail].map((ping) => ({ code: main.code, ping })))
  await store.checks.recordPings([
    { code: late.code, ping: aPing({ at: NOON - HOUR - 10 * MINUTE }) },
    { code: running.code, ping: aPing({ at: NOON - 5 * MINUTE, signal: 'start' }) },
    {
      code: silent.code,
      ping: aPing({
        at: NOON - 3 * DAY,
        signal: 'fail',
        exitStatus: 1,
        body: Buffer.from('no space left on device'),
      }),
    },
  ])
  await actions.checks.pause(paused)

  const channel = await store.channels.add(
    aNewChannel(project.id, {
      kind: 'email',
      name: 'On call',
      value: JSON.stringify({ value: 'ops@example.org', up: true, down: true }),
    }),
  )
  await store.channels.noteAttempt(channel.id, {
    at: NOON - HOUR,
    tookMs: 30_000,
    error: 'Connection timed out',
    disable: false,
  })
  await ada.submit(`/projects/${code}/settings/keys/`, { name: 'Dashboard', access: 'read-only' })
  const key = (await store.apiKeys.ofProject(project.id))[0]!
  const mia = await somebody(site, 'mia@example.org')
  await join(site, code, mia, 'manager')
  const invitation = await store.invitations.add(
    {
      code: randomUUID(),
      projectId: project.id,
      email: 'new@example.org',
      role: 'member',
      invitedBy: owner.email,
      createdAt: NOON,
      expiresAt: NOON * 2,
    },
    randomUUID(),
    null,
  )
  await confirmed(ada)
  return {
    ada,
    project: code,
    check: main.code,
    channel: channel.code,
    ids: {
      project: code,
      check: main.code,
      channel: channel.code,
      key: key.code,
      kind: 'webhook',
      n: String(arrivals.length),
      slug: 'http_api',
      user: String(mia.userId),
      member: String(mia.userId),
      code,
      invitation: typeof invitation === 'string' ? '' : invitation.code,
    },
  }
}

/** Says who they are once more, so that dangerous pages open. */
export async function confirmed(person: Person): Promise<void> {
  await person.submit('/accounts/reauth/', { way: 'password', password: ADA.password, answer: '' })
}
