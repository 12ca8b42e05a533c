import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountDoor } from '../../../src/web/api/account/door'
import { projectApi } from '../../../src/web/api/door'
import { anApiSite } from './site'
import type { ApiSite } from './site'

// The description of the API is complete, and true of the server that gives it.

interface Operation {
  operationId: string
  summary: string
  description: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, object> }>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: object
}

type PathItem = Record<string, Operation> & { parameters?: Parameter[] }

interface Description {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  paths: Record<string, PathItem>
  components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, object> }
}

const METHODS = ['get', 'post', 'delete'] as const

let site: ApiSite
let description: Description

beforeAll(async () => {
  site = await anApiSite()
  description = (await site.call('GET', '/api/v3/openapi.json', { key: '' })).json as Description
})

afterAll(() => site.close())

function operations(): { path: string; method: string; item: PathItem; operation: Operation }[] {
  return Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ path, method, item, operation }]
    }),
  )
}

/** A path with something of the right shape in its braces. */
function filled(path: string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'unique_key') return '0'.repeat(40)
    if (name === 'email') return 'nobody@example.org'
    return name === 'n' ? '1' : '00000000-0000-4000-8000-000000000000'
  })
}

describe('the description of the API', () => {
  it('names every route of the router with all its methods, and no other', () => {
    const routes = projectApi(site.app)
    const all = [...routes, ...accountDoor(site.app, routes).routes]
    // The alias of a check is told of where its UUID is.
    const real = all.flatMap(({ template, methods }) =>
      Object.keys(methods).map((method) => `${method} /${template.replace('{unique_key}', '{uuid}')}`),
    )
    const open = ['GET /status/', 'GET /openapi.json']
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    expect(described.toSorted()).toEqual([...new Set([...real, ...open])].toSorted())
    expect(described.length).toBeGreaterThan(40)
  })

  it('has no two paths that differ only in the names of their parts', () => {
    const shapes = Object.keys(description.paths).map((path) => path.replace(/\{\w+\}/g, '{}'))
    expect(shapes.filter((shape, i) => shapes.indexOf(shape) !== i)).toEqual([])
  })

  it('tells where the alias of a check does as well as its UUID', async () => {
    const told = Object.entries(description.paths)
      .filter(([, { parameters }]) => JSON.stringify(parameters ?? []).includes('unique_key'))
      .map(([path]) => path)
    const below = ['/checks/{uuid}', '/checks/{uuid}/flips/']
    expect(told).toEqual([...below, ...below.map((path) => `/projects/{project}${path}`)])
    const page = await (await fetch(`${site.url}/docs/api/`)).text()
    expect(page.match(/The unique_key of the check does as well as its UUID\./g)).toHaveLength(2)
  })

  it('tells what only some answer', () => {
    const statuses = (path: string, method: 'get' | 'post') =>
      Object.keys(description.paths[path]?.[method]?.responses ?? {})
    expect(statuses('/checks/', 'get')).toContain('304')
    expect(statuses('/checks/{uuid}/resume', 'post')).toContain('409')
    expect(statuses('/checks/{uuid}/pings/{n}/body', 'get')).toContain('503')
  })

  it('is true of the server: every operation is there, and asks for a key', async () => {
    for (const { path, method } of operations()) {
      const { status } = await site.call(method.toUpperCase(), `/api/v3${filled(path)}`, { key: '' })
      const isOpen = path === '/status/' || path === '/openapi.json'
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} ${isOpen ? 200 : 401}`)
    }
  })

  it('tells browsers the same methods', async () => {
    for (const [path, item] of Object.entries(description.paths)) {
      if (path === '/status/') continue
      const { headers } = await site.call('OPTIONS', `/api/v3${filled(path)}`)
      const allowed = (headers.get('access-control-allow-methods') ?? '')
        .split(', ')
        .filter((m) => m !== 'OPTIONS')
      const described = METHODS.filter((method) => item[method]).map((method) => method.toUpperCase())
      expect(`${path} ${allowed.toSorted().join()}`).toBe(`${path} ${described.toSorted().join()}`)
    }
  })

  it('has no reference that leads nowhere, and no schema that nobody uses', () => {
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, to]) => to ?? '',
    )
    const names = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect(references.filter((to) => !names.includes(to))).toEqual([])
    expect(names.filter((name) => !references.includes(name))).toEqual([])
  })

  it('has what OpenAPI 3.1 asks of a document', () => {
    expect(description).toMatchObject({
      openapi: '3.1.0',
      info: { title: expect.any(String), version: expect.any(String) },
    })
    expect(new URL(description.servers[0]?.url ?? '').pathname).toBe('/api/v3')
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const schemes = Object.keys(description.components.securitySchemes)
    for (const { path, item, operation } of operations()) {
      expect(operation.summary, path).not.toBe('')
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(
        parameters.filter((each) => each.in === 'path').map(({ name }) => name),
        path,
      ).toEqual(inPath)
      for (const parameter of parameters) {
        expect(['path', 'query']).toContain(parameter.in)
        expect(parameter.schema).toBeTypeOf('object')
        expect(parameter.required ?? false).toBe(parameter.in === 'path')
      }
      expect(Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status))).toBe(true)
      for (const { description: words } of Object.values(operation.responses)) expect(words).not.toBe('')
      const used = (operation as { security?: Record<string, unknown>[] }).security ?? []
      expect(used.flatMap(Object.keys).filter((name) => !schemes.includes(name))).toEqual([])
    }
  })

  it('says of schemas only what JSON Schema knows', () => {
    const known = [
      '$ref',
      'type',
      'properties',
      'required',
      'additionalProperties',
      'items',
      'enum',
      'oneOf',
      'anyOf',
    ]
    const facts = [
      'description',
      'format',
      'pattern',
      'minimum',
      'maximum',
      'maxLength',
      'default',
      'propertyNames',
    ]
    const walk = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return
      expect([...known, ...facts]).toEqual(expect.arrayContaining(Object.keys(schema)))
      const { properties = {}, items, oneOf = [], anyOf = [] } = schema as Record<string, unknown>
      for (const each of Object.values(properties as object)) walk(each)
      for (const each of [items, ...(oneOf as unknown[]), ...(anyOf as unknown[])]) walk(each)
    }
    for (const schema of Object.values(description.components.schemas)) walk(schema)
  })
})

describe('the page with the description', () => {
  it('shows every operation, to anybody', async () => {
    const { status, text } = await site.call('GET', '/docs/api/', { key: '' })
    expect(status).toBe(200)
    for (const { operation } of operations()) expect(text).toContain(`id="${operation.operationId}"`)
    expect(text).toContain('/api/v3/openapi.json')
  })
})
