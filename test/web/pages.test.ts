import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { PageBase, Views } from '../../src/web/views'
import { asset, assetsBelow } from '../../src/world/assets'
import { templates } from '../../src/world/templates'
import { examples, frame, waiting } from './examples'

const views = templates()
const base: PageBase = { csrf: 'token', once: 'once', root: '', icons: '/static/icons.svg' }

/** A view filled with its example, in which a name that is not in the model is an error. */
function filled<V extends keyof Views>(view: V, model: Views[V]): string {
  return views.fill(view, strict({ ...model, ...base }))
}

describe.each(Object.keys(examples) as (keyof Views)[])('the page %s', (view) => {
  const html = filled(view, examples[view])

  it('knows every name that it asks for', () => {
    expect(html).not.toMatch(/undefined|\[object|NaN/)
  })

  it('has one heading of the first rank', () => {
    expect(html.match(/<h1/g)).toHaveLength(1)
  })

  it('needs no inline script or style', () => {
    expect(html).not.toMatch(/ style=| on\w+=|<script|<style/)
  })

  it('guards every form that changes something', () => {
    for (const form of html.match(/<form[^>]*method="post".*?<\/form>/gs) ?? []) {
      expect(form).toContain('name="csrf" value="token"')
    }
  })

  it('has no two elements with the same id', () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('asks only for symbols that the sprite has', () => {
    const sprite = asset('public/img/icons.svg').toString('utf8')
    for (const [, name] of html.matchAll(/icons\.svg#([\w-]+)/g)) expect(sprite).toContain(`id="${name}"`)
  })
})

it('shows a check that waits for its first ping how to be pinged', () => {
  const html = filled('check', waiting)
  expect(html).toContain('Waiting for the first ping')
  expect(html).toContain('nobody will be told')
})

it('puts a page into the frame', () => {
  const html = views.fill('layout', strict({ ...frame, body: '<h1>Here</h1>' }))
  expect(html).toContain('<title>1 down – Home – Rollcall</title>')
  expect(html).toContain('<h1>Here</h1>')
  expect(html).not.toMatch(/undefined|\[object/)
})

it('escapes what people and jobs say', () => {
  const html = filled('check', { ...examples.check, name: '<script>alert(1)</script>' })
  expect(html).not.toContain('<script>')
})

/** Besides parts: the page in the layout, and our own Markdown (web-ui.md §16.6). */
const RAW = ['views/layout.ejs <%- page.body %>', 'views/docs.ejs <%- page.html %>']

it('puts raw text into pages only for parts and for what we made ourselves', () => {
  for (const name of assetsBelow('views').filter(
    (each) => each.endsWith('.ejs') && !each.includes('email/'),
  )) {
    for (const [raw] of asset(name)
      .toString('utf8')
      .matchAll(/<%-.*?%>/gs)) {
      const isPage = RAW.includes(`${name} ${raw}`)
      expect(isPage || /^<%- include\('parts\/[\w-]+'(, \{.*\})?\) %>$/s.test(raw), `${name}: ${raw}`).toBe(
        true,
      )
    }
  }
})

it('keeps styles, scripts and symbols small', () => {
  const zipped = (names: string[]): number => gzipSync(Buffer.concat(names.map((name) => asset(name)))).length
  const ofOnePage = (name: string): boolean => name.startsWith('public/js/pages/')
  const scripts = assetsBelow('public/js')
  expect(zipped(assetsBelow('public/css'))).toBeLessThan(18_000)
  expect(zipped(scripts.filter((name) => !ofOnePage(name)))).toBeLessThan(12_000)
  for (const name of scripts.filter(ofOnePage)) expect(zipped([name]), name).toBeLessThan(8_000)
  expect(gzipSync(asset('public/img/icons.svg')).length).toBeLessThan(10_000)
})

/** The same value, but to ask it for something that it does not have throws. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, strict(each)]))
  return new Proxy(copy, {
    get(target, key) {
      // A piece of a sentence is a text or a moment; which one shows in whether it has `iso`.
      if (typeof key === 'string' && !(key in target)) throw new Error(`There is no ${key} in the model`)
      return Reflect.get(target, key) as unknown
    },
  })
}
