import { MINUTE, HOUR } from '../src/core/time'
import { affordableCost, argon2Passwords } from '../src/world/passwords'
import { systemRandom } from '../src/world/random'
import { somebody } from '../test/support/cast'
import { localSite } from '../test/support/local-site'
import type { LocalSite } from '../test/support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn } from '../test/support/person'
import type { Answer } from '../test/support/person'
import { median } from './support/figures'

/**
 * Whether the time of an answer tells what its text does not: whether an address has an account, and whether
 * something that one may not see is there (web-ui.md §16.4, §18.1). The two are asked in turn, over loopback. Sign-ins
 * are measured with the password hashes of this machine, and with cheap ones that hide nothing of the rest.
 *
 *   npm run bench:timing [-- 200]
 */
const SAMPLES = Number(process.argv[2] ?? 200)
const WARM_UP = 20

/** web-ui.md §16.4: five of a hundred; of what is not there, two milliseconds. */
const MOST_SHARE = 0.05
const MOST_MS = 2

/** |z| beyond which a sign test calls a difference real, once in a hundred by mistake. */
const SIGNIFICANT = 2.58

const NOBODY = 'nobody-at-all@example.org'

async function main(): Promise<void> {
  console.log(`${SAMPLES} pairs each; medians, and that of the differences, in ms`)
  const cost = affordableCost()
  const dear = await localSite({}, {}, { passwords: argon2Passwords({ random: systemRandom, cost }) })
  await anAdministrator(dear)
  await compareAddresses(dear, `${cost.memoryKib} KiB`, [FORMS[0]], ['an account'])
  await dear.close()

  const site = await localSite({ REGISTRATION_OPEN: 'True' })
  await anAdministrator(site)
  await compareAddresses(site, 'cheap', FORMS)
  await compareMissing(site)
  await site.close()
}

const FORMS = [
  {
    name: 'sign-in',
    path: '/accounts/login/',
    fields: (email: string) => ({ action: 'login', email, password: 'not it' }),
  },
  {
    name: 'sign-in link',
    path: '/accounts/login/',
    fields: (identity: string) => ({ action: 'link', identity }),
  },
  { name: 'password reset', path: '/accounts/password_reset/', fields: (identity: string) => ({ identity }) },
  { name: 'sign-up', path: '/accounts/signup/', fields: (identity: string) => ({ identity }) },
] as const

async function compareAddresses(
  site: LocalSite,
  hashes: string,
  forms: readonly (typeof FORMS)[number][],
  kinds?: string[],
): Promise<void> {
  const accounts = await prepare(site)
  for (const { name, path, fields } of forms) {
    for (const [kind, email] of Object.entries(accounts).filter(([each]) => kinds?.includes(each) ?? true)) {
      const ask = await asker(site, path, fields)
      const title = `${name}${name === 'sign-in' ? ` (${hashes})` : ''}: ${kind}`
      await compare(
        title,
        () => ask(email),
        () => ask(NOBODY),
        'share',
      )
    }
  }
}

/** Accounts of every kind that is to look like none. */
async function prepare(site: LocalSite): Promise<Record<string, string>> {
  const { store, actions } = site.appliance.app
  const ada = (await store.users.findByEmail(ADA.email))!
  const disabled = await somebody(site, 'disabled@example.org')
  const by = { user: ada, address: null }
  await actions.administration.setDisabled(by, (await store.users.find(disabled.userId))!, true)
  await actions.administration.addAccount(by, 'no-password@example.org')
  return {
    'an account': ADA.email,
    'one that is disabled': 'disabled@example.org',
    'one without a password': 'no-password@example.org',
  }
}

/** Posts a form for one address, always from the same browser, and never so often that a limit answers. */
async function asker(
  site: LocalSite,
  path: string,
  fields: (email: string) => Record<string, string>,
): Promise<(email: string) => Promise<Answer>> {
  const person = aPerson(site.url)
  const { text } = await person.get(path)
  const hidden = { csrf: csrfIn(text), began: /name="began" value="([^"]*)"/.exec(text)?.[1] ?? '' }
  site.pass(MINUTE)
  return async (email) => {
    site.pass(HOUR)
    return await person.post(path, { ...hidden, ...fields(email) })
  }
}

/** What somebody without a place in a project is told of it, and of what is nowhere. */
async function compareMissing(site: LocalSite): Promise<void> {
  const owner = await somebody(site, 'olga@example.org')
  const { store } = site.appliance.app
  const project = (await store.projects.findByCode(owner.projectCode))!
  const [check] = await store.checks.ofProject(project.id)
  const [channel] = await store.channels.ofProject(project.id)
  const nowhere = 'a6b3c0de-1111-4222-8333-444455556666'
  for (const [name, address, code] of [
    ['a check', (id: string) => `/checks/${id}/details/`, check?.code],
    ['a project', (id: string) => `/projects/${id}/checks/`, project.code],
    ['an integration', (id: string) => `/integrations/${id}/edit/`, channel?.code],
  ] as const) {
    const stranger = await somebody(site, `stranger-of-${name.replaceAll(' ', '-')}@example.org`)
    const ask = (id: string): Promise<Answer> => stranger.get(address(id))
    await compare(
      `404 of ${name}`,
      () => ask(code ?? ''),
      () => ask(nowhere),
      'ms',
    )
  }
}

async function compare(
  name: string,
  one: () => Promise<Answer>,
  other: () => Promise<Answer>,
  limit: 'share' | 'ms',
): Promise<void> {
  const [ones, others]: [number[], number[]] = [[], []]
  const statuses = new Set<number>()
  for (let i = 0; i < SAMPLES + WARM_UP; i++) {
    // Whoever comes second finds warm caches: they take turns in that, too.
    for (const isOne of i % 2 === 0 ? [true, false] : [false, true]) {
      const begunAt = performance.now()
      const { status } = await (isOne ? one() : other())
      const took = performance.now() - begunAt
      statuses.add(status)
      if (i >= WARM_UP) (isOne ? ones : others).push(took)
    }
  }
  const [first, second] = [median(ones), median(others)]
  // Within a pair, because whoever else is busy on this machine slows both down.
  const away = median(ones.map((took, i) => took - (others[i] ?? NaN)))
  const slower = ones.filter((took, i) => took > (others[i] ?? 0)).length
  const z = (2 * slower - SAMPLES) / Math.sqrt(SAMPLES)
  const isOver = limit === 'ms' ? Math.abs(away) >= MOST_MS : Math.abs(away) / second >= MOST_SHARE
  const isReal = Math.abs(z) > SIGNIFICANT
  const verdict = isOver && isReal ? 'TELLS' : isReal ? 'small, but not by chance' : 'the same'
  console.log(
    `${name.padEnd(50)} ${first.toFixed(2).padStart(6)} ${second.toFixed(2).padStart(6)}` +
      `  away ${away.toFixed(3).padStart(6)} (${((away / second) * 100).toFixed(1).padStart(5)} %)` +
      `  z ${z.toFixed(1).padStart(5)}  ${[...statuses].join(', ')}  ${verdict}`,
  )
}

void main()
