import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/core/time'
import { argon2Passwords } from '../../src/world/passwords'
import { systemRandom } from '../../src/world/random'
import { aNewChannel } from '../support/build'
import { somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson, csrfIn, withoutRequestId } from '../support/person'
import type { Person } from '../support/person'
import { statementsOf } from '../support/statements'

/**
 * As much is done for an address that nobody has as for one that somebody has, and for what is not there as for what
 * one may not see: spec/web-ui.md §16.4. How long that takes is measured by `npm run bench:timing`.
 */

const LOGIN = '/accounts/login/'
const NOBODY = 'nobody@example.org'

let site: LocalSite
let hashes = 0

beforeAll(async () => {
  const passwords = argon2Passwords({ random: systemRandom, cost: { memoryKib: 64, passes: 1 } })
  site = await localSite(
    { REGISTRATION_OPEN: 'True' },
    {},
    {
      passwords: {
        ...passwords,
        verify: (password, hash) => {
          hashes++
          return passwords.verify(password, hash)
        },
      },
    },
  )
  await anAdministrator(site)
  const { store, actions } = site.appliance.app
  const by = { user: (await store.users.findByEmail(ADA.email))!, address: null }
  const { userId } = await somebody(site, 'disabled@example.org')
  await actions.administration.setDisabled(by, (await store.users.find(userId))!, true)
  await actions.administration.addAccount(by, 'no-password@example.org')
})

afterAll(() => site.close())

/** What is done for a form that was posted, by a browser that has posted it before. */
async function workFor(path: string, fields: (email: string) => Record<string, string>, email: string) {
  const person = aPerson(site.url)
  const { text } = await person.get(path)
  const hidden = { csrf: csrfIn(text), began: /name="began" value="([^"]*)"/.exec(text)?.[1] ?? '' }
  const post = () => {
    site.pass(HOUR)
    return person.post(path, { ...hidden, ...fields(email) })
  }
  await post()
  const before = hashes
  let status = 0
  const statements = await statementsOf(async () => {
    status = (await post()).status
  })
  return { status, statements: statements.length, hashes: hashes - before }
}

describe.each([
  ['the sign-in', LOGIN, (email: string) => ({ action: 'login', email, password: 'not it' }), 1],
  ['asking for a link', LOGIN, (identity: string) => ({ action: 'link', identity }), 0],
  ['asking for another password', '/accounts/password_reset/', (identity: string) => ({ identity }), 0],
  ['signing up', '/accounts/signup/', (identity: string) => ({ identity }), 0],
] as const)('%s', (_name, path, fields, verified) => {
  it.each([ADA.email, 'disabled@example.org', 'no-password@example.org'])(
    'does for %s what it does for nobody',
    async (email) => {
      const nobody = await workFor(path, fields, NOBODY)
      expect(nobody).toMatchObject({ hashes: verified })
      expect(nobody.statements).toBeGreaterThan(3)
      expect(await workFor(path, fields, email)).toEqual(nobody)
    },
  )
})

describe('what one may not see', () => {
  let xena: Person
  let theirs: { check: string; project: string; channel: string }

  beforeAll(async () => {
    const { store } = site.appliance.app
    const olga = await somebody(site, 'olga@example.org')
    const project = (await store.projects.findByCode(olga.projectCode))!
    const [check] = await store.checks.ofProject(project.id)
    const channel = await store.channels.add(aNewChannel(project.id, {}))
    theirs = { check: check!.code, project: project.code, channel: channel.code }
    xena = await somebody(site, 'xena@example.org')
  })

  it.each([
    ['check', (id: string) => `/checks/${id}/details/`],
    ['project', (id: string) => `/projects/${id}/checks/`],
    ['channel', (id: string) => `/integrations/${id}/edit/`],
  ] as const)('is looked for like a %s that is not there', async (kind, address) => {
    const ask = async (id: string) => {
      let text = ''
      const statements = await statementsOf(async () => {
        const answer = await xena.get(address(id))
        expect(answer.status).toBe(404)
        text = withoutRequestId(answer.text)
      })
      return { statements, text }
    }
    await ask(theirs[kind])
    const [hidden, missing] = [await ask(theirs[kind]), await ask(randomUUID())]
    expect(hidden.statements.length).toBeGreaterThan(2)
    expect(hidden).toEqual(missing)
  })
})
