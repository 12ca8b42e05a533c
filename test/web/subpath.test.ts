import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aNewChannel, aNewCheck, aPing } from '../support/build'
import { mailed } from '../support/account'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

/** A site below a path of another: everything it says where something is has that path in front. */

const ROOT = 'http://127.0.0.1:8000/hc'

let site: LocalSite
let ada: Person

beforeAll(async () => {
  site = await localSite({ SITE_ROOT: ROOT, REGISTRATION_OPEN: 'True', RP_ID: 'localhost' })
  ada = await anAdministrator(site, '/hc')
  const { store, actions } = site.appliance.app
  const owner = (await store.users.findByEmail(ADA.email))!
  const [project] = await store.projects.ofUser(owner.id)
  const check = await store.checks.add(aNewCheck(project!.id, { name: 'Nightly', slug: 'nightly' }))
  await store.checks.recordPings([{ code: check.code, ping: aPing({ body: Buffer.from('3 files') }) }])
  await store.channels.add(aNewChannel(project!.id, { name: 'Hook' }))
  await actions.apiKeys.renewPingKey(project!)
})

afterAll(() => site.close())

/** What a page says where things are. */
function addressesIn(html: string): { links: string[]; others: string[] } {
  const unescaped = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#34;', '"')
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, url]) => unescaped(url ?? ''))
  return {
    links: all(/\bhref="([^"#]+)/g),
    others: all(
      /\b(?:src|action|formaction|data-(?:poll|switcher|preview|url|question|tail|version-url))="([^"]+)"/g,
    ),
  }
}

/** Pages of one kind are looked at once. */
const kindOf = (path: string) =>
  (path.split('?')[0] ?? '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replaceAll(/\/\d+\//g, '/N/')

describe('a site below a path', () => {
  it('has that path in every address, and none of them leads nowhere', { timeout: 60_000 }, async () => {
    const stranger = aPerson(site.url)
    const astray: string[] = []
    const seen = new Set<string>()
    for (const [person, starts] of [
      [ada, ['/hc/', '/hc/?all=1', '/hc/admin/', '/hc/accounts/profile/', '/hc/docs/']],
      [
        stranger,
        ['/hc/accounts/login/', '/hc/accounts/signup/', '/hc/accounts/password_reset/', '/hc/nothing/'],
      ],
    ] as const) {
      const waiting: string[] = [...starts]
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        if (seen.has(kindOf(path))) continue
        seen.add(kindOf(path))
        const answer = await person.get(path)
        if (answer.status >= 400 && path !== '/hc/nothing/') astray.push(`${path} answers ${answer.status}`)
        if (answer.location !== '') waiting.push(answer.location.replace(ROOT, '/hc'))
        if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
        const { links, others } = addressesIn(answer.text)
        for (const url of [...links, ...others]) {
          const isBelow = /^(\/hc\/|\?|#|data:)/.test(url) || url.startsWith(`${ROOT}/`)
          const isElsewhere = /^(mailto:|https?:)/.test(url) && !url.startsWith('http://127.0.0.1:8000')
          if (!isBelow && !isElsewhere && !/^\.\.?\//.test(url)) astray.push(`${path} has ${url}`)
        }
        for (const url of links) {
          const whole = new URL(url, `http://127.0.0.1:8000${path}`)
          if (whole.host === '127.0.0.1:8000') waiting.push(whole.pathname + whole.search)
        }
      }
    }
    expect(astray).toEqual([])
    expect(seen.size).toBeGreaterThan(80)
  })

  it('has it in mails, in cookies, in the addresses for pings, and in where it sends people', async () => {
    await aPerson(site.url).submit('/hc/accounts/login/', { action: 'link', identity: ADA.email })
    const [mail] = await mailed(site)
    expect(mail?.text).toMatch(new RegExp(`^${ROOT}/accounts/check_token/`, 'm'))
    expect(mail?.html).toContain(`href="${ROOT}/accounts/check_token/`)

    const stranger = aPerson(site.url)
    const asked = await stranger.get('/hc/checks/')
    expect(asked.location).toBe('/hc/accounts/login/?next=%2Fhc%2Fchecks%2F')
    const login = await stranger.get('/hc/accounts/login/')
    expect(login.headers.getSetCookie().every((cookie) => cookie.includes('Path=/hc;'))).toBe(true)
    const list = (await ada.get('/hc/')).location
    expect((await ada.get(list)).text).toContain(`${ROOT}/ping/`)
    expect((await ada.get('/checks/')).status).toBe(404)
  })
})
