import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkFields } from '../../../src/core/check-fields'
import { HOUR } from '../../../src/core/time'
import { aPing } from '../../support/build'
import { anApiSite } from './site'
import type { ApiSite } from './site'

// What version 3 has besides what older clients know.

let site: ApiSite
let code: string

beforeEach(async () => {
  site = await anApiSite()
  const { json } = await site.call('POST', '/api/v3/checks/', { body: { name: 'one' } })
  code = (json as { uuid: string }).uuid
})

afterEach(() => site.close())

describe('the list of checks', () => {
  const asked = (tag: string, version = 3) =>
    site.call('GET', `/api/v${version}/checks/`, { headers: { 'If-None-Match': tag } })

  it('is sent again only when something has changed', async () => {
    const first = await site.call('GET', '/api/v3/checks/')
    const tag = first.headers.get('etag') ?? ''
    expect(await asked(`"other", ${tag}`)).toMatchObject({ status: 304, text: '' })
    expect((await asked(`W/${tag}`)).headers.get('access-control-allow-origin')).toBe('*')
    await site.call('POST', `/api/v3/checks/${code}`, { body: { name: 'two' } })
    expect((await asked(tag)).status).toBe(200)
  })

  it('is as it was in older versions', async () => {
    expect((await site.call('GET', '/api/v2/checks/')).headers.has('etag')).toBe(false)
    expect((await asked('*', 2)).status).toBe(200)
  })
})

describe('a long list', () => {
  /** Goes from page to page until there is no more. */
  async function pagesOf(path: string): Promise<unknown[][]> {
    const pages: unknown[][] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { json } = await site.call('GET', `${path}?limit=2${query}`)
      const page = json as { pings?: unknown[]; flips?: unknown[]; next: string | null }
      pages.push(page.pings ?? page.flips ?? [])
      cursor = page.next
    }
    return pages
  }

  beforeEach(async () => {
    const { store, clock } = site.app
    for (const signal of ['success', 'fail', 'success', 'fail', 'log'] as const) {
      await store.checks.recordPings([{ code, ping: aPing({ at: clock(), signal }) }])
      site.pass(HOUR)
    }
  })

  it('of pings comes in pages', async () => {
    const pages = await pagesOf(`/api/v3/checks/${code}/pings/`)
    expect(pages.flat().map((ping) => (ping as { n: number }).n)).toEqual([5, 4, 3, 2, 1])
    expect(pages[0]).toHaveLength(2)
  })

  it('of flips comes in pages', async () => {
    const pages = await pagesOf(`/api/v3/checks/${code}/flips/`)
    expect(pages.map((page) => page.map((flip) => (flip as { up: number }).up))).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  it('tells in a header where it goes on, too', async () => {
    const path = `/api/v3/checks/${code}/pings/`
    const first = await site.call('GET', `${path}?limit=2`)
    expect(first.headers.get('link')).toBe('<?limit=2&cursor=4>; rel="next"')
    expect(first.headers.get('access-control-expose-headers')).toContain('Link')
    const last = await site.call('GET', `${path}?limit=2&cursor=2`)
    expect(last.headers.has('link')).toBe(false)
  })

  it('keeps its place while new pings and flips come', async () => {
    const { store, clock } = site.app
    for (const kind of ['pings', 'flips'] as const) {
      const path = `/api/v3/checks/${code}/${kind}/`
      const whole = (await site.call('GET', path)).json as Record<string, unknown[]>
      const first = (await site.call('GET', `${path}?limit=1`)).json as Record<string, unknown[]> & {
        next: string
      }
      for (const signal of ['success', 'fail'] as const) {
        await store.checks.recordPings([{ code, ping: aPing({ at: clock(), signal }) }])
      }
      const rest = (await site.call('GET', `${path}?limit=1000&cursor=${first.next}`)).json as Record<
        string,
        unknown[]
      >
      expect([...(first[kind] ?? []), ...(rest[kind] ?? [])]).toEqual(whole[kind])
    }
  })

  it('comes whole to clients that know of no pages', async () => {
    const { json } = await site.call('GET', `/api/v2/checks/${code}/pings/?limit=2`)
    expect(Object.keys(json as object)).toEqual(['pings'])
    expect((json as { pings: unknown[] }).pings).toHaveLength(5)
  })

  it.each(['limit=0', 'limit=1001', 'limit=x', 'limit=', 'cursor=abc', 'cursor=9999999999999999'])(
    'refuses %s with a sentence',
    async (query) => {
      const answer = await site.call('GET', `/api/v3/checks/${code}/pings/?${query}`)
      expect(answer.status).toBe(400)
      expect((answer.json as { error: string }).error).toMatch(/^(limit|cursor) is not /)
    },
  )
})

describe('the description of the API', () => {
  interface Description {
    openapi: string
    paths: Record<string, Record<string, unknown>>
    components: { schemas: Record<string, { properties: Record<string, unknown> }> }
  }

  it('is made from what validates, and names every path', async () => {
    const { json } = await site.call('GET', '/api/v3/openapi.json', { key: '' })
    const { openapi, paths, components } = json as Description
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(components.schemas['CheckFields']?.properties ?? {})).toEqual(Object.keys(checkFields))
    expect(Object.keys(paths['/checks/{uuid}'] ?? {})).toEqual(['parameters', 'get', 'post', 'delete'])
  })

  it('has every member of the documents that are sent', async () => {
    const { json } = await site.call('GET', '/api/v3/openapi.json')
    const { schemas } = (json as Description).components
    const described = (name: string): string[] => Object.keys(schemas[name]?.properties ?? {})
    const { key } = await site.reader()
    const path = `/api/v3/checks/${code}`
    const document = (await site.call('GET', path)).json as object
    const forReaders = (await site.call('GET', path, { key })).json as object
    expect(described('Check')).toEqual(expect.arrayContaining(Object.keys(document)))
    expect(described('CheckForReaders')).toEqual(expect.arrayContaining(Object.keys(forReaders)))
    expect(described('CheckForReaders')).not.toContain('uuid')
  })
})
