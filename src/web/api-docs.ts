import type { Description } from './api/openapi'
import type { Crumb } from './view-parts'

/** Every route of the API, made from its description: D01 of web-ui.md. */
export interface ApiDocsPage {
  trail: Crumb[]
  /** Where the document itself is. */
  documentUrl: string
  tokensUrl: string
  base: string
  groups: { id: string; heading: string; text: string; operations: ApiOperation[] }[]
  objects: { id: string; name: string; fields: ApiField[] }[]
}

export interface ApiOperation {
  id: string
  method: string
  path: string
  summary: string
  access: string
  parameters: ApiField[]
  /** Objects that it takes and answers with. */
  takes: ApiType | null
  gives: ApiType | null
}

export interface ApiField {
  name: string
  type: ApiType
  text: string
}

/** `object`: the id of the object on this page, or ''. */
export interface ApiType {
  text: string
  object: string
}

const GROUPS = [
  {
    id: 'key',
    heading: 'With an API key of a project',
    text: 'As X-Api-Key. The same as version 3 of Healthchecks.',
  },
  {
    id: 'token',
    heading: 'With an access token of an account',
    text: 'As X-Api-Key or as Authorization: Bearer. Opens all projects that its person works in, with the role there.',
  },
  {
    id: 'both',
    heading: 'Checks of any project, with an access token',
    text: 'Below the address of a project, a token does what an API key of it does.',
  },
  { id: 'open', heading: 'With neither', text: 'Open to everybody.' },
] as const

type GroupId = (typeof GROUPS)[number]['id']

interface Operation {
  operationId: string
  summary: string
  description: string
  security?: object[]
  parameters?: { name: string; in: string; description?: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  format?: string
  description?: string
  items?: Schema
  oneOf?: Schema[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  minimum?: number
  maximum?: number
  maxLength?: number
}

const METHODS = ['get', 'post', 'delete'] as const

export function apiDocsPage(
  description: Description,
  about: Pick<ApiDocsPage, 'trail' | 'documentUrl' | 'tokensUrl'>,
): ApiDocsPage {
  const all = Object.entries(description.paths).flatMap(([path, item]) => {
    const operations = item as Partial<Record<string, Operation>>
    return METHODS.flatMap((method) => {
      const operation = operations[method]
      return operation
        ? [{ group: groupOf(path, operation), shown: shownOperation(method, path, operation) }]
        : []
    })
  })
  return {
    ...about,
    base: '/api/v3',
    groups: GROUPS.map((group) => ({
      ...group,
      operations: all.filter((each) => each.group === group.id).map(({ shown }) => shown),
    })),
    objects: Object.entries(description.components.schemas).map(([name, schema]) => ({
      id: objectId(name),
      name,
      fields: fieldsOf(schema),
    })),
  }
}

function groupOf(path: string, { security }: Operation): GroupId {
  if (security?.length === 0) return 'open'
  if (!path.startsWith('/projects/')) return 'key'
  return /^\/projects\/(\{project\}\/(channels|keys|members)\/.*|\{project\}(\/ping_key)?)?$/.test(path)
    ? 'token'
    : 'both'
}

function shownOperation(method: string, path: string, operation: Operation): ApiOperation {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? []
  const given = Object.values(success?.content ?? {})[0]?.schema
  const taken = requestBody?.content['application/json']?.schema
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    // Words of code are marked in the document, which is Markdown.
    summary: summary.replaceAll('`', ''),
    access: description,
    parameters: parameters.map(({ name, description: text = '', schema }) => ({
      name,
      type: typeOf(schema),
      text,
    })),
    takes: taken ? typeOf(taken) : null,
    gives: given ? typeOf(given) : null,
  }
}

function fieldsOf({ properties = {}, required }: Schema): ApiField[] {
  return Object.entries(properties).map(([name, schema]) => {
    const isOptional = required !== undefined && !required.includes(name)
    return {
      name,
      type: typeOf(schema),
      text: [schema.description, limits(schema), isOptional ? 'May be left out.' : '']
        .filter((part) => part !== undefined && part !== '')
        .join(' '),
    }
  })
}

/** In words, with a link where an object on the page is meant. */
function typeOf({ $ref, type, enum: values, format, items, oneOf, anyOf, properties }: Schema): ApiType {
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? ''
    return { text: name, object: objectId(name) }
  }
  const several = oneOf ?? anyOf
  if (several) {
    const types = several.map(typeOf)
    return { text: types.map(({ text }) => text).join(' or '), object: types[0]?.object ?? '' }
  }
  if (items) {
    const of = typeOf(items)
    return { text: `list of ${of.text}`, object: of.object }
  }
  if (values) return { text: values.map((value) => JSON.stringify(value)).join(' · '), object: '' }
  const [only, ...others] = Object.entries(properties ?? {})
  if (only && others.length === 0) {
    const of = typeOf(only[1])
    return { text: `${only[0]}: ${of.text}`, object: of.object }
  }
  const words = (Array.isArray(type) ? type : [type ?? 'anything']).map((word) => WORDS[word] ?? word)
  return {
    text:
      format === undefined
        ? words.join(' or ')
        : words.map((word) => (word === 'text' ? (FORMATS[format] ?? word) : word)).join(' or '),
    object: '',
  }
}

const WORDS: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
}

const FORMATS: Record<string, string> = { uuid: 'UUID', uri: 'address', 'date-time': 'time' }

function limits({ minimum, maximum, maxLength }: Schema): string {
  if (maxLength !== undefined) return `At most ${maxLength} characters.`
  const isRange = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  return isRange ? `${minimum} to ${maximum}.` : ''
}

function objectId(name: string): string {
  return `object-${name}`
}
