import { afterEach, expect, it } from 'vitest'
import { pagesOf } from '../../src/web/server'
import { routeTable } from '../../src/web/routes'
import { freshSqlite } from '../support/databases'
import { aHousehold } from '../support/household'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { aPerson } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite

afterEach(() => site.close())

/** A page without what is different each time that it is shown. */
function settled(html: string): string {
  return html
    .replace(/\/tmp\/[\w-]+/g, 'FOLDER')
    .replaceAll(site.url, 'SITE')
    .replaceAll(site.url.replace('http://', ''), 'HOST')
    .replace(/(name="(?:csrf|once)" value=")[^"]*/g, '$1')
    .replace(/(data-t="request-id">)[^<]*/g, '$1')
}

async function pages(person: Person, paths: readonly string[]): Promise<Map<string, string>> {
  const shown = new Map<string, string>()
  for (const path of paths) {
    const { status, location, text } = await person.get(path)
    shown.set(path, `${status} ${location}\n${settled(text)}`)
  }
  return shown
}

/** What makes every page new, or is another person's business, or is measured or written down at each look. */
const NEVER_THE_SAME = /^\/accounts\/(logout|two_factor)|totp|^\/admin\/($|audit\/|storage\/)|qr/

it('what is saved holds at once: a restart changes no page', async () => {
  const database = freshSqlite()
  site = await localSite({ EMAIL_HOST: '' }, { database })
  const household = await aHousehold(site)
  const paths = routeTable(pagesOf(site.appliance.app))
    .all.filter(({ method, path }) => method === 'GET' && !NEVER_THE_SAME.test(path))
    .map(({ path }) => path.replaceAll(/:(\w+)/g, (_, name: string) => household.ids[name] ?? 'x'.repeat(20)))
  paths.push('/api/v3/openapi.json', '/docs/http_api/')
  const { ada } = household
  const before = await pages(ada, paths)

  const saved: [string, Record<string, string>][] = [
    ['site', { SITE_NAME: 'Other', SITE_ROOT: 'https://watch.example.org', MASTER_BADGE_LABEL: 'all of it' }],
    ['people', { REGISTRATION_OPEN: 'True', DEFAULT_CHECK_LIMIT: '77', ADMINS: 'help@example.org' }],
    ['server', { PING_BODY_LIMIT: '1234567', PROMETHEUS_ENABLED: 'False', WEBHOOKS_ENABLED: 'False' }],
    ['mail', { EMAIL_HOST: 'relay.example.org', DEFAULT_FROM_EMAIL: 'other@example.org' }],
  ]
  for (const [part, fields] of saved) {
    expect((await ada.submit(`/admin/config/${part}/`, fields)).status).toBe(303)
  }
  // The message that it was saved is on the next page only.
  await ada.get('/admin/config/')
  const atOnce = await pages(ada, paths)
  await site.close()
  site = await localSite({ EMAIL_HOST: '' }, { database })
  const again = aPerson(site.url)
  for (const [name, value] of ada.cookies) again.cookies.set(name, value)
  const restarted = await pages(again, paths)

  const changed = paths.filter((path) => before.get(path) !== atOnce.get(path))
  expect(changed.length).toBeGreaterThan(paths.length / 2)
  const differences = paths.flatMap((path) => {
    const [one, other] = [atOnce, restarted].map((shown) => (shown.get(path) ?? '').split('\n'))
    const at = one!.findIndex((line, i) => line !== other![i])
    return at === -1 ? [] : [`${path}: ${one![at]} | ${other![at]}`]
  })
  expect(differences).toEqual([])
}, 60_000)
