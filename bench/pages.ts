import { gzipSync } from 'node:zlib'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { Check } from '../src/core/check'
import { DAY, HOUR, MINUTE } from '../src/core/time'
import { aNewChannel, aNewCheck, aPing, NOON } from '../test/support/build'
import { localSite } from '../test/support/local-site'
import type { LocalSite } from '../test/support/local-site'
import { ADA, anAdministrator, aPerson } from '../test/support/person'
import type { Person } from '../test/support/person'

/**
 * What pages cost: time to the last byte, measured over loopback one request at a time, beside an empty
 * Express route in the same process; and their weight, against the budgets of web-ui.md §15.
 *
 *   npm run bench:pages [-- 1 30 1000 10000]
 *   npm run bench:pages -- --load [seconds]
 *
 * The second is the load of §15.2: fifty people have a list of a thousand checks open, of which one in fifty changes
 * in a minute. Told is which share of a core that takes, beside as many requests that ask for nothing.
 */
const ARGUMENTS = process.argv.slice(2)
const SIZES = ARGUMENTS.map(Number)
const LOAD_S = 30
const ROUNDS = 40
const WARM_UP = 8

/** web-ui.md §15.1, in bytes, zipped. */
const MOST_STYLES_AND_SCRIPTS = 60_000
const MOST_LIST = 45_000
const MOST_DETAILS = 25_000
const MOST_REQUESTS = 7

interface Cost {
  p50Ms: number
  p95Ms: number
  zipped: number
  plain: number
  status: number
}

async function main(): Promise<void> {
  const empty = await emptyRoute()
  if (ARGUMENTS[0] === '--load') {
    await load(empty.url, Number(ARGUMENTS[1] ?? LOAD_S))
    return empty.close()
  }
  for (const size of SIZES.length > 0 ? SIZES : [1, 30, 1000, 10_000]) {
    const site = await localSite()
    const person = await anAdministrator(site)
    const { list, check } = await fill(site, person, size)
    console.log(`\n${size} checks`)
    const base = await measure(() => fetch(empty.url))
    show('empty Express route', base, base)
    const of = (path: string, headers: Record<string, string> = {}): Promise<Cost> =>
      measure(() => open(site, person, path, headers))
    show('list', await of(list), base, MOST_LIST)
    show('list, 500 rows', await of(`${list}?per_page=500`), base)
    const narrow = `${list}?search=job&tag=db&tag=prod&status=up&sort=next`
    show('list, filtered and sorted', await of(narrow), base)
    const { text } = await person.get(list)
    const poll = (/data-poll="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&')
    const version = /data-version="([^"]*)"/.exec(text)?.[1] ?? ''
    const rest = (): void => site.pass(MINUTE)
    show('poll, nothing new', await of(poll, { 'if-none-match': `"${version}"` }), base)
    // As many polls as a session may ask for in a minute.
    rest()
    show('poll, whole page', await of(poll), base, 12_000)
    rest()
    show('poll, a second later', await measure(() => later(site, person, poll, version)), base)
    show('details', await of(`/checks/${check}/details/`), base, MOST_DETAILS)
    await weigh(site, list, text)
    await spread(site, list)
    show('projects, ten of them', await of('/'), base)
    show('all checks', await of('/checks/'), base)
    await site.close()
  }
  empty.close()
}

/** Gives nine tenths of the checks to nine other projects. */
async function spread(site: LocalSite, list: string): Promise<void> {
  const { store, actions, clock } = site.appliance.app
  const first = await store.projects.findByCode(list.split('/')[2] ?? '')
  const owner = await store.users.find(first?.ownerId ?? 0)
  if (first === null || owner === null) return
  const projects = [first]
  for (let i = 1; i < 10; i++) {
    const added = await actions.projects.add(owner, `Project ${i}`)
    if (added.ok) projects.push(added.value)
  }
  for (const [i, { id }] of (await store.checks.ofProject(first.id)).entries()) {
    const to = projects[i % projects.length]
    if (to !== undefined && to.id !== first.id) await store.checkMoves.transfer(id, to.id, clock())
  }
}

const CLIENTS = 50
const POLL_MS = 5000
const LOADED = 1000
/** One in fifty in a minute. */
const CHANGE_MS = (60_000 * 50) / LOADED

async function load(emptyUrl: string, seconds: number): Promise<void> {
  const site = await localSite()
  const owner = await anAdministrator(site)
  const { list } = await fill(site, owner, LOADED)
  const checks = await site.appliance.app.store.checks.ofProject(
    (await site.appliance.app.store.projects.findByCode(list.split('/')[2] ?? ''))?.id ?? 0,
  )
  const people = [owner]
  while (people.length < CLIENTS) {
    const another = aPerson(site.url)
    await another.submit('/accounts/login/', { action: 'login', email: ADA.email, password: ADA.password })
    people.push(another)
  }
  const { text } = await owner.get(list)
  const poll = (/data-poll="([^"]*)"/.exec(text)?.[1] ?? '').replaceAll('&amp;', '&')
  const first = /data-version="([^"]*)"/.exec(text)?.[1] ?? ''
  console.log(`\n${CLIENTS} clients ask every ${POLL_MS / 1000} s for ${seconds} s about ${LOADED} checks`)
  const base = await keepAsking(seconds, () => fetch(emptyUrl))
  told('empty Express route', base, base)

  // The clock of the site goes as ours does, and checks change.
  const clock = setInterval(() => site.pass(100), 100)
  let turn = 0
  const changes = setInterval(() => {
    const check = checks[turn % checks.length]
    turn++
    void fetch(`${site.url}/ping/${check?.code}${turn % 2 === 0 ? '' : '/fail'}`)
  }, CHANGE_MS)
  const versions = people.map(() => first)
  const loaded = await keepAsking(seconds, async (client) => {
    const person = people[client] ?? owner
    const answer = await open(site, person, poll, { 'if-none-match': `"${versions[client]}"` })
    versions[client] = answer.headers.get('etag')?.replaceAll('"', '') ?? ''
    return answer
  })
  clearInterval(clock)
  clearInterval(changes)
  told('polls of the list', loaded, base)
  await site.close()
}

interface Asked {
  cpuShare: number
  p50Ms: number
  worstMs: number
  statuses: Map<number, number>
}

/** Each client at its own moment within the interval, as people who opened the page at different times. */
async function keepAsking(seconds: number, ask: (client: number) => Promise<Response>): Promise<Asked> {
  const took: number[] = []
  const statuses = new Map<number, number>()
  const begun = { at: performance.now(), cpu: process.cpuUsage() }
  const client = async (n: number): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, (n * POLL_MS) / CLIENTS))
    while (performance.now() - begun.at < seconds * 1000) {
      const askedAt = performance.now()
      const answer = await ask(n)
      await answer.arrayBuffer()
      took.push(performance.now() - askedAt)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS - (performance.now() - askedAt)))
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)))
  const { user, system } = process.cpuUsage(begun.cpu)
  took.sort((a, b) => a - b)
  return {
    cpuShare: (user + system) / 1000 / (performance.now() - begun.at),
    p50Ms: took[Math.floor(took.length / 2)] ?? NaN,
    worstMs: took.at(-1) ?? NaN,
    statuses,
  }
}

/** The share of the clients, which are in the same process, is in both. */
function told(name: string, asked: Asked, base: Asked): void {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const answers = [...asked.statuses].map(([status, n]) => `${n} x ${status}`).join(', ')
  console.log(
    `${name.padEnd(24)} ${percent(asked.cpuShare).padStart(7)} of a core, ${percent(asked.cpuShare - base.cpuShare)} above` +
      ` nothing; p50 ${asked.p50Ms.toFixed(1)}, longest ${asked.worstMs.toFixed(0)} ms; ${answers}`,
  )
}

/** Time has passed, so that all is read anew. */
function later(site: LocalSite, person: Person, poll: string, version: string): Promise<Response> {
  site.pass(1000)
  return open(site, person, poll, { 'if-none-match': `"${version}"` })
}

async function open(
  site: LocalSite,
  person: Person,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return await fetch(site.url + path, { headers: { cookie, 'accept-encoding': 'identity', ...headers } })
}

async function measure(request: () => Promise<Response>): Promise<Cost> {
  const took: number[] = []
  let last = { zipped: 0, plain: 0, status: 0 }
  for (let i = 0; i < ROUNDS + WARM_UP; i++) {
    const begunAt = performance.now()
    const answer = await request()
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (i >= WARM_UP) took.push(performance.now() - begunAt)
    last = { zipped: zip(bytes), plain: bytes.length, status: answer.status }
  }
  took.sort((a, b) => a - b)
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? NaN
  return { p50Ms: at(0.5), p95Ms: at(0.95), ...last }
}

function show(name: string, cost: Cost, base: Cost, most = Infinity): void {
  const ratio = (cost.p50Ms / base.p50Ms).toFixed(1)
  const weight = `${(cost.zipped / 1000).toFixed(1)} kB of ${(cost.plain / 1000).toFixed(0)}`
  console.log(
    `${name.padEnd(28)} p50 ${cost.p50Ms.toFixed(1).padStart(6)}  p95 ${cost.p95Ms.toFixed(1).padStart(6)} ms` +
      `  x${ratio.padStart(6)}  ${weight}${cost.zipped > most ? `  OVER ${most / 1000} kB` : ''}` +
      `${cost.status >= 400 ? `  status ${cost.status}` : ''}`,
  )
}

/** All that a first visit fetches. */
async function weigh(site: LocalSite, list: string, html: string): Promise<void> {
  const found = [...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map(([, path]) => path ?? '')
  const files = [...new Set(found)]
  let sum = 0
  for (const file of files) {
    const bytes = Buffer.from(await (await fetch(site.url + file)).arrayBuffer())
    if (/\.(css|js)$/.test(file)) sum += zip(bytes)
  }
  const requests = files.length + 1
  console.log(
    `first visit of ${list.slice(0, 10)}…      ${requests} requests${requests > MOST_REQUESTS ? ' OVER' : ''}, ` +
      `styles and scripts ${(sum / 1000).toFixed(1)} kB${sum > MOST_STYLES_AND_SCRIPTS ? ' OVER' : ''}`,
  )
}

function zip(bytes: Buffer): number {
  return gzipSync(bytes).length
}

async function emptyRoute(): Promise<{ url: string; close(): void }> {
  const app = express()
  app.get('/', (_request, response) => void response.send('OK'))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}

const SCHEDULES: Check['schedule'][] = [
  { kind: 'period', periodMs: DAY },
  { kind: 'period', periodMs: 5 * MINUTE },
  { kind: 'cron', expression: '*/5 * * * *', tz: 'Europe/Riga' },
  { kind: 'cron', expression: '15 3 * * 1-5', tz: 'America/New_York' },
]

const TAGS = ['db prod', 'web', 'db prod frankfurt-1', '', 'backup offsite nightly']

/** As many checks, of all sorts, three integrations, and what was heard of them. */
async function fill(site: LocalSite, person: Person, size: number): Promise<{ list: string; check: string }> {
  const { store } = site.appliance.app
  const list = (await person.get('/')).location
  const project = await store.projects.findByCode(list.split('/')[2] ?? '')
  const projectId = project?.id ?? 0
  for (const name of ['Ops', 'On call']) await store.channels.add(aNewChannel(projectId, { name }))
  const [first] = await store.checks.ofProject(projectId)
  const codes = [first?.code ?? '']
  for (let i = 1; i < size; i++) {
    const { code } = await store.checks.add(
      aNewCheck(projectId, {
        name: `Job ${i} of the night`,
        slug: `job-${i}`,
        tags: TAGS[i % TAGS.length] ?? '',
        schedule: SCHEDULES[i % SCHEDULES.length] ?? { kind: 'period', periodMs: DAY },
        graceMs: HOUR,
        description: 'What it does, and what to do when it fails.',
      }),
    )
    codes.push(code)
  }
  for (let round = 0; round < 3; round++) {
    for (let from = 0; from < codes.length; from += 500) {
      await store.checks.recordPings(
        codes.slice(from, from + 500).map((code, i) => ({
          code,
          ping: aPing({ at: NOON - MINUTE * (i % 7), signal: (i + round) % 50 === 0 ? 'fail' : 'success' }),
        })),
      )
    }
  }
  return { list, check: codes.at(-1) ?? '' }
}

void main()
