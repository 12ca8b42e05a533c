import { checkFields } from '../../core/check-fields'
import { accountOperation, accountSchemas, TOKEN_SCHEMES } from './account/openapi'
import type { AccountRoute } from './account/route'
import type { ApiMethod, ApiRoute, Endpoint } from './route'

/** A document of OpenAPI 3.1, as far as we read one ourselves. */
export interface Description {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  security: object[]
  paths: Record<string, object>
  components: { securitySchemes: object; schemas: Record<string, object> }
}

type Operation = Record<string, unknown>

/** Types of what answers hold, for the description only; what is sent comes from `core/check-document.ts`. */
const time = { type: ['string', 'null'], format: 'date-time' }
const text = { type: 'string' }
const yesOrNo = { type: 'boolean' }
const whole = { type: 'integer' }
const uri = { type: 'string', format: 'uri' }

const COMMON = {
  name: text,
  slug: text,
  tags: text,
  desc: text,
  grace: whole,
  n_pings: whole,
  status: { enum: ['new', 'up', 'grace', 'down', 'paused'] },
  started: yesOrNo,
  last_ping: time,
  next_ping: time,
  manual_resume: yesOrNo,
  methods: { enum: ['', 'POST'] },
  subject: text,
  subject_fail: text,
  start_kw: text,
  success_kw: text,
  failure_kw: text,
  filter_subject: yesOrNo,
  filter_body: yesOrNo,
  filter_http_body: yesOrNo,
  filter_default_fail: yesOrNo,
  badge_url: uri,
  last_duration: { ...whole, description: 'Seconds; only if it is known.' },
  timeout: { ...whole, description: 'Only without a schedule.' },
  schedule: { ...text, description: 'Only with one.' },
  tz: { ...text, description: 'Only with a schedule.' },
}

const WRITER = {
  uuid: { type: 'string', format: 'uuid' },
  ping_url: uri,
  update_url: uri,
  pause_url: uri,
  resume_url: uri,
  channels: { ...text, description: 'UUIDs between commas.' },
}

const object = (properties: Record<string, unknown>): object => ({ type: 'object', properties })
const list = (name: string, of: object): object => object({ [name]: { type: 'array', items: of } })
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const either = { oneOf: [ref('Check'), ref('CheckForReaders')] }

const flips = {
  ...list('flips', object({ timestamp: time, up: { enum: [0, 1] } })),
  description: 'With limit or cursor also `next`: the cursor of the following page, or null.',
}

/** What a successful request is answered with, by its path. */
const ANSWERS: Record<string, object> = {
  'checks/': list('checks', either),
  'checks/{uuid}': either,
  'checks/{uuid}/pause': ref('Check'),
  'checks/{uuid}/resume': ref('Check'),
  'checks/{uuid}/pings/': {
    ...list('pings', ref('Ping')),
    description: 'With limit or cursor also `next`: the cursor of the following page, or null.',
  },
  'checks/{uuid}/flips/': flips,
  'channels/': list('channels', object({ id: { type: 'string', format: 'uuid' }, name: text, kind: text })),
  'badges/': object({
    badges: { type: 'object', additionalProperties: { type: 'object', additionalProperties: uri } },
  }),
}

const PAGING = [
  ['limit', 'Most items of a page, 1 to 1000.'],
  ['cursor', 'The `next` of the page before.'],
]

/** What may be asked for besides the path. */
const QUERIES: Record<string, string[][]> = {
  'GET checks/': [
    ['tag', 'Only checks with this tag; may be repeated.'],
    ['slug', 'Only checks with this slug.'],
  ],
  'GET checks/{uuid}/pings/': PAGING,
  'GET checks/{uuid}/flips/': [
    ['seconds', 'Only those of the last seconds.'],
    ['start', 'Not before this Unix time.'],
    ['end', 'Before this Unix time.'],
    ...PAGING,
  ],
}

const ERRORS: Record<string, string> = {
  '400': 'Something is wrong with the request; `error` says what.',
  '401': 'The API key is missing or wrong.',
  '403': 'The check belongs to another project, or there may be no more checks.',
  '404': 'There is no such thing.',
  '429': 'Too many requests; Retry-After says when to go on.',
}

/** What else some answer. */
const MORE: Record<string, Record<string, string>> = {
  'GET checks/': { '304': 'It is as the ETag in If-None-Match says.' },
  'POST checks/{uuid}/resume': { '409': 'The check is not paused.' },
  'GET checks/{uuid}/pings/{n}/body': { '503': 'Object storage is away; try again later.' },
}

/** What neither a key nor a token is needed for. */
const OPEN: Record<string, object> = {
  '/status/': {
    get: {
      operationId: 'get_status',
      summary: 'Says whether the server is well.',
      description: 'Takes no key. OK, or what is wrong; JSON for whoever accepts it.',
      security: [],
      responses: {
        '200': { description: 'All is well.', content: { 'text/html': { schema: text } } },
        '500': { description: 'Something is wrong; the text says what.' },
        '503': { description: 'The server is about to stop.' },
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'get_openapi',
      summary: 'This description.',
      description: 'Takes no key.',
      security: [],
      responses: {
        '200': {
          description: 'This description.',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
      },
    },
  },
}

/** Version 3 of the API in the terms of OpenAPI 3.1, made from the routes and the schemas that validate. */
export function openApi(
  routes: readonly ApiRoute[],
  accountRoutes: readonly AccountRoute[],
  about: { siteRoot: string; version: string },
): Description {
  const templates = [...routes, ...accountRoutes].map(({ template }) => template)
  const isAlias = ({ template }: { template: string }): boolean =>
    template.includes(ALIAS) && templates.includes(template.replace(ALIAS, '{uuid}'))
  const own = routes.filter((route) => !isAlias(route))
  const ofAccounts = accountRoutes.filter((route) => !isAlias(route))
  return {
    openapi: '3.1.0',
    info: { title: 'Management API', version: about.version },
    servers: [{ url: `${about.siteRoot}/api/v3` }],
    security: [{ key: [] }],
    paths: {
      ...Object.fromEntries(own.map((route) => [`/${route.template}`, pathItem(route)])),
      ...Object.fromEntries(ofAccounts.map((route) => [`/${route.template}`, accountPathItem(route)])),
      ...OPEN,
    },
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key of one project.' },
        ...TOKEN_SCHEMES,
      },
      schemas: {
        ...accountSchemas(),
        CheckFields: object(
          Object.fromEntries(Object.entries(checkFields).map(([name, { schema }]) => [name, schema])),
        ),
        Check: object({ ...COMMON, ...WRITER }),
        CheckForReaders: object({ ...COMMON, unique_key: text }),
        Ping: object({
          type: { enum: ['success', 'start', 'fail', 'log', 'ign'] },
          date: time,
          n: whole,
          scheme: { enum: ['http', 'https', 'email'] },
          remote_addr: { type: ['string', 'null'] },
          method: text,
          ua: text,
          rid: { type: ['string', 'null'] },
          body_url: { type: ['string', 'null'] },
          duration: { type: 'number', description: 'Seconds; only if it is known.' },
        }),
        Error: object({ error: text }),
      },
    },
  }
}

/** OpenAPI takes paths for the same that differ only in a name, so the alias is told of at the UUID. */
const ALIAS = '{unique_key}'

/** Where the alias of a check does as well as its UUID. */
const TAKES_ALIAS = /checks\/\{uuid\}(\/flips\/)?$/

function pathItem({ template, methods }: ApiRoute): object {
  return {
    ...pathParameters(template),
    ...Object.fromEntries(
      Object.entries(methods).map(([method, endpoint]) => [
        method.toLowerCase(),
        { operationId: operationId(method, template), ...operation(method, template, endpoint) },
      ]),
    ),
  }
}

function accountPathItem(route: AccountRoute): object {
  const { template, methods, mirrors } = route
  return {
    ...pathParameters(template),
    ...Object.fromEntries(
      Object.entries(methods).map(([method, endpoint]) => {
        const original = mirrors?.methods[method as ApiMethod]
        const same = mirrors && original ? operation(method, mirrors.template, original) : {}
        const own = accountOperation(endpoint, {
          isMirror: mirrors !== undefined,
          isWriting: method !== 'GET',
        })
        return [method.toLowerCase(), { operationId: operationId(method, template), ...same, ...own }]
      }),
    ),
  }
}

function pathParameters(template: string): object {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  if (names.length === 0) return {}
  const about = (name: string | undefined): object =>
    name === 'uuid' && TAKES_ALIAS.test(template)
      ? { description: 'The UUID of the check. To read, its unique_key does as well.' }
      : {}
  return {
    parameters: names.map((name) => ({ name, in: 'path', required: true, ...about(name), schema: text })),
  }
}

/** 'post_projects_project_keys' */
function operationId(method: string, template: string): string {
  return [method.toLowerCase(), ...template.split(/[^a-z_]+/).filter((word) => word !== '')].join('_')
}

function operation(method: string, template: string, { needs, summary }: Endpoint): Operation {
  const takesFields = method === 'POST' && !/pause|resume/.test(template)
  const isCreation = method === 'POST' && template === 'checks/'
  const schema = method === 'GET' ? ANSWERS[template] : ref('Check')
  const success = {
    description: summary,
    content: schema ? { 'application/json': { schema } } : { 'text/plain': {} },
  }
  const queries = QUERIES[`${method} ${template}`] ?? []
  const takesAlias = method === 'GET' && TAKES_ALIAS.test(template)
  const alias = takesAlias ? ' The unique_key of the check does as well as its UUID.' : ''
  const failures = Object.fromEntries(
    Object.entries({ ...ERRORS, ...MORE[`${method} ${template}`] }).map(([status, description]) => [
      status,
      { description },
    ]),
  )
  return {
    summary,
    description: `${needs === 'read-only' ? 'Takes any key.' : 'Takes a read-write key.'}${alias}`,
    ...(queries.length === 0
      ? {}
      : {
          parameters: queries.map(([name, description]) => ({
            name,
            in: 'query',
            description,
            schema: text,
          })),
        }),
    ...(takesFields
      ? { requestBody: { content: { 'application/json': { schema: ref('CheckFields') } } } }
      : {}),
    responses: {
      '200': success,
      ...(isCreation ? { '201': { ...success, description: 'It was created.' } } : {}),
      ...failures,
    },
  }
}
