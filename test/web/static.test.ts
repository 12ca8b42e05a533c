import { Script } from 'node:vm'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'

let site: LocalSite
let page: string

beforeAll(async () => {
  site = await localSite({ SITE_ROOT: 'http://127.0.0.1:8000/hc' })
  page = await (await fetch(`${site.url}/hc/docs/`)).text()
})

afterAll(() => site.close())

/** Without the decoding that fetch does by itself. */
function raw(path: string, accept: string): Promise<{ encoding: string; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    get(site.url + path, { headers: { 'accept-encoding': accept } }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'] ?? '', bytes: Buffer.concat(parts) }),
      )
    }).on('error', reject)
  })
}

const style = (): string => /<link rel="stylesheet" href="([^"]+)"/.exec(page)?.[1] ?? ''
const script = (): string => /<script type="module" src="([^"]+)"/.exec(page)?.[1] ?? ''

describe('what pages are made of', () => {
  it('comes in one style sheet and one script, below the path of the site', () => {
    expect(style()).toMatch(/^\/hc\/static\/site-[\w-]{10}\.css$/)
    expect(script()).toMatch(/^\/hc\/static\/site-[\w-]{10}\.js$/)
    expect(page.match(/<link rel="stylesheet"/g)).toHaveLength(1)
  })

  it('is named by its content, so browsers may keep it for ever', async () => {
    const answer = await fetch(site.url + style())
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  it('is compressed as the browser likes it', { timeout: 20_000 }, async () => {
    const plain = await raw(style(), 'identity')
    const brotli = await raw(style(), 'gzip, deflate, br')
    const zipped = await raw(style(), 'gzip;q=0.5, br;q=0')
    expect([plain.encoding, brotli.encoding, zipped.encoding]).toEqual(['', 'br', 'gzip'])
    expect(brotliDecompressSync(brotli.bytes)).toEqual(plain.bytes)
    expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes)
    expect(brotli.bytes.length).toBeLessThan(plain.bytes.length / 2)
  })

  it('runs: the scripts, put together, are one valid module', async () => {
    const { bytes } = await raw(script(), 'identity')
    expect(() => new Script(bytes.toString('utf8'))).not.toThrow()
  })

  it('is missing under any other name', async () => {
    expect((await fetch(`${site.url}/hc/static/site-0000000000.css`)).status).toBe(404)
    expect((await fetch(`${site.url}/hc/static/../package.json`)).status).toBe(404)
    expect((await fetch(`${site.url}/hc/static/%2e%2e%2fpackage.json`)).status).toBe(404)
  })

  it('has an icon for the tab', async () => {
    const icons = [...page.matchAll(/<link rel="icon"[^>]* href="([^"]+)"/g)].map(([, icon]) => icon ?? '')
    const answers = await Promise.all(icons.map((icon) => fetch(site.url + icon)))
    // The last that a browser knows is the one that it shows.
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual(['image/png', 'image/svg+xml'])
    const [pixels] = answers
    const bytes = Buffer.from(await pixels!.arrayBuffer())
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([32, 32])
  })
})
