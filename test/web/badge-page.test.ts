import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aNewCheck } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let person: Person
let project: { id: number; code: string }

beforeEach(async () => {
  site = await localSite({ SITE_ROOT: 'http://localhost:8000/hc', ALLOWED_HOSTS: '*' })
  person = await anAdministrator(site, '/hc')
  const { users, projects } = site.appliance.app.store
  const ada = await users.findByEmail('ada@example.org')
  project = (await projects.ofUser(ada!.id))[0]!
})

afterEach(() => site.close())

const add = (name: string, tags = '') =>
  site.appliance.app.store.checks.add(aNewCheck(project.id, { name, tags }))

const page = async (query = '') => (await person.get(`/hc/projects/${project.code}/badges/${query}`)).text

/** What a snippet says to those who copy it. */
function taken(html: string, hook: string): string {
  const written = new RegExp(`data-t="${hook}">([^<]*)<`).exec(html)?.[1] ?? ''
  return written
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&amp;', '&')
}

const works = async (address: string) => (await fetch(site.url + new URL(address).pathname)).status

describe('the page of badges', () => {
  it('offers the badge of all checks, as an address that works, HTML and Markdown', async () => {
    const html = await page()
    const url = taken(html, 'url')
    expect(url).toMatch(/^http:\/\/localhost:8000\/hc\/badge\/[^/]+\/[\w-]{8}-2\.svg$/)
    expect(await works(url)).toBe(200)
    expect(taken(html, 'markdown')).toBe(`![Rollcall](${url})`)
    expect(taken(html, 'html')).toBe(`<img src="${url}" alt="Rollcall">`)
    expect(html).toContain(`<img src="${new URL(url).pathname}" alt="Badge of Rollcall">`)
  })

  it('offers what its address asks for, without scripts', async () => {
    await add('a', 'db@dc1 "prod"')
    const url = taken(await page('?target=tag&tag=db@dc1&states=3&format=json'), 'url')
    expect(url).toMatch(/\/badge\/[^/]+\/[\w-]{8}\/db%2540dc1\.json$/)
    expect(await works(url)).toBe(200)
    const html = await page(`?target=tag&tag=${encodeURIComponent('"prod"')}&format=json`)
    expect(html).toContain(
      '{&#34;status&#34;:&#34;up&#34;,&#34;total&#34;:1,&#34;grace&#34;:0,&#34;down&#34;:0}',
    )
  })

  it('names Shields without asking it anything', async () => {
    const { code, badgeKey } = await add('Photos [all] "<new>"')
    const html = await page(`?target=check&check=${code}&format=shields`)
    const url = `http://localhost:8000/hc/b/2/${badgeKey}.shields`
    const image = `https://img.shields.io/endpoint?url=${encodeURIComponent(url)}`
    expect(taken(html, 'image')).toBe(image)
    expect(taken(html, 'markdown')).toBe(`![Photos \\[all\\] "<new>"](${image})`)
    expect(taken(html, 'html')).toContain('alt="Photos [all] &quot;&lt;new>&quot;"')
    expect(html).not.toContain('src="https:')
  })

  it('does not offer the badge of a check without a name, which would give away its address', async () => {
    const { code, badgeKey } = await add('')
    const html = await page(`?target=check&check=${code}`)
    expect(html).toContain('data-t="refusal"')
    expect(html).not.toContain(badgeKey)
  })

  it('says why there is nothing to choose, and takes any address', async () => {
    const html = await page('?target=tag&tag=x&format=png&states=9&check=%00')
    expect(html).toContain('No check has a tag.')
    expect(taken(html, 'url')).toMatch(/-2\.svg$/)
  })

  it('is open to read-only guests, and to nobody else', async () => {
    await site.close()
    site = await localSite()
    await anAdministrator(site)
    const olga = await somebody(site, 'olga@example.org')
    const [rita, xena] = [await somebody(site, 'rita@example.org'), await somebody(site, 'xena@example.org')]
    await join(site, olga.projectCode, rita, 'read-only')
    const path = `/projects/${olga.projectCode}/badges/`
    expect((await rita.get(path)).status).toBe(200)
    expect((await xena.get(path)).status).toBe(404)
  })
})

describe('the guide to Prometheus', () => {
  it('is found among the integrations', async () => {
    const { text } = await person.get(`/hc/projects/${project.code}/integrations/add/`)
    expect(text).toContain(`href="/hc/projects/${project.code}/add_prometheus/"`)
  })

  it('shows what to write, with the address of this project and no real key', async () => {
    const { text } = await person.get(`/hc/projects/${project.code}/add_prometheus/`)
    expect(taken(text, 'bearer')).toBe(
      [
        'scrape_configs:',
        '  - job_name: rollcall',
        '    scheme: http',
        `    metrics_path: /hc/projects/${project.code}/metrics/`,
        '    authorization:',
        '      credentials: YOUR_READ_ONLY_KEY',
        '    static_configs:',
        '      - targets: ["localhost:8000"]',
      ].join('\n'),
    )
    expect(text).toContain('hc_check_last_duration_seconds')
  })
})
