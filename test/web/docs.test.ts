import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingsTable } from '../../src/config'
import { PAGES } from '../../src/web/docs-contents'
import { searchDocs, searchWords } from '../../src/web/docs-search'
import { assetsBelow } from '../../src/world/assets'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { aPerson } from '../support/person'

let site: LocalSite

beforeAll(async () => {
  site = await localSite({ SITE_ROOT: 'http://127.0.0.1:8000/hc', SITE_NAME: 'Watch <&> Co' })
})

afterAll(() => site.close())

const get = (slug: string) => aPerson(site.url).get(`/hc/docs/${slug}`)

/** What Healthchecks calls its pages, so that links to them go on working. */
const KNOWN_SLUGS =
  `introduction configuring_checks configuring_notifications projects_teams badges http_api apiv3
  apiv2 apiv1 slug_urls monitoring_cron_jobs monitoring_systemd_tasks signaling_failures measuring_script_run_time
  attaching_logs cloning_checks autoprovisioning configuring_prometheus reliability_tips bash arduino network_routers
  csharp email github_actions go javascript php powershell python ruby resources self_hosted
  self_hosted_configuration self_hosted_docker`.split(/\s+/)

describe.each(PAGES.map(({ slug }) => slug))('the page %s', (slug) => {
  it('can be read by anybody, and leads only to pages and headings that there are', async () => {
    const { status, text } = await get(`${slug}/`)
    expect(status).toBe(200)
    expect(text.match(/<h1/g)).toHaveLength(1)
    expect(text).not.toMatch(/\{\{\w|undefined/)
    const article = /<article.*<\/article>/s.exec(text)?.[0] ?? ''
    for (const [, href] of article.matchAll(/href="([^"]+)"/g)) {
      if (/^https?:/.test(href ?? '')) continue
      const target = new URL(href ?? '', `http://127.0.0.1:8000/hc/docs/${slug}/`)
      const page = await aPerson(site.url).get(target.pathname)
      expect([href, page.status]).toEqual([href, 200])
      if (target.hash !== '') expect(page.text).toContain(`id="${target.hash.slice(1)}"`)
    }
  })
})

describe('the documentation', () => {
  it('has a file for each page of its contents, and no other', () => {
    const files = assetsBelow('views/docs').map((name) => name.replace(/^views\/docs\/|\.md$/g, ''))
    expect(files.toSorted()).toEqual(PAGES.map(({ slug }) => slug).toSorted())
  })

  it.each(KNOWN_SLUGS)('answers at the address that Healthchecks has for %s', async (slug) => {
    expect((await get(`${slug}/`)).status).toBe(200)
  })

  it('has no other pages', async () => {
    expect((await get('nothing/')).status).toBe(404)
    expect((await get('..%2Fchecks/')).status).toBe(404)
  })

  it('puts in what this instance is called and where it is, as text', async () => {
    const { text } = await get('introduction/')
    expect(text).toContain('Watch &lt;&amp;&gt; Co watches jobs')
    expect(text).toContain('http://127.0.0.1:8000/hc/ping/00000000-0000-4000-8000-000000000000')
  })

  it('names only settings that there are', async () => {
    const known = new Set(settingsTable().map(({ name }) => name))
    for (const { slug } of PAGES) {
      const { text } = await get(`${slug}/`)
      const named = [...text.matchAll(/<td><code>([A-Z][A-Z0-9_]+)(?:=\w+)?<\/code>/g)].map(
        ([, name]) => name,
      )
      expect(named.filter((name) => name !== 'OK' && !known.has(name ?? ''))).toEqual([])
    }
    expect(
      known.has('WATCHDOG_PING_URL') && known.has('METRICS_KEY') && known.has('REMOTE_USER_HEADER'),
    ).toBe(true)
  })
})

describe('a search in it', () => {
  it('finds pages that have all the words, and marks them', async () => {
    const { text } = await get('search/?q=grace+time')
    expect(text).toContain('<mark>grace</mark>')
    expect(text).toContain('configuring_checks/#grace-time')
  })

  it('says when there is nothing, and takes any text', async () => {
    expect((await get('search/?q=zeppelin')).text).toContain('No page matches “zeppelin”.')
    const hostile = await get(`search/?q=${encodeURIComponent('<script>alert(1)</script> (?:')}`)
    expect([hostile.status, hostile.text.includes('<script>alert')]).toEqual([200, false])
    expect((await get('search/?q=%2A')).text).toContain('at least two letters')
    expect((await get('search/')).status).toBe(200)
  })

  it('puts a page whose title says it first', () => {
    const page = (slug: string, title: string, text: string) => ({
      slug,
      doc: { title, html: '', headings: [], sections: [{ id: '', heading: title, text }] },
    })
    const docs = [page('a', 'Other things', 'badges badges badges'), page('b', 'Badges', 'pictures')]
    expect(searchDocs(docs, searchWords('BADGES!')).map(({ slug }) => slug)).toEqual(['b', 'a'])
  })
})

describe('the cheat-sheet', () => {
  const cron = (query: string) => get(`cron/?${query}`)

  it('shows when an expression runs, without scripts and without signing in', async () => {
    const { status, text } = await cron('schedule=30+3+*+*+*&tz=Europe/Riga')
    expect(status).toBe(200)
    expect(text).toContain('At 03:30 every day')
    expect(text.match(/<tbody><tr><td data-label="Europe\/Riga">/g)).toHaveLength(6)
    expect((await cron('kind=oncalendar&schedule=Mon..Fri+09:00')).text).toContain('data-t="preview-runs"')
  })

  it('says what is wrong with one', async () => {
    const { text } = await cron(`schedule=${encodeURIComponent('61 * * * * <marquee>')}`)
    expect(text).toContain('data-t="preview-problem"')
    expect(text).not.toContain('<marquee>')
  })

  it('lets strangers try thirty in a minute', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => cron('schedule=0+4+*+*+*')))
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    expect((await get('cron/')).status).toBe(200)
  })
})
