import { z } from 'zod'
import { ROLE_WORDS } from '../../../core/role'
import type { AccountEndpoint } from './route'
import { NAMED } from './schemas'

/** The ways to send an access token. */
export const TOKEN_SCHEMES = {
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: 'An access token of an account, which opens all projects that its person works in.',
  },
  bearer: { type: 'http', scheme: 'bearer', description: 'The same, as Authorization: Bearer.' },
}

const ERRORS: Record<string, string> = {
  '400': 'Something is wrong with the request; `error` says what.',
  '401': 'The access token is missing or wrong.',
  '403': 'The token only reads, or the person may not do this in the project.',
  '404': 'There is no such thing, or it is nothing to this person.',
  '409': 'It cannot be done as things are; `error` says why.',
  '429': 'Too many requests; Retry-After says when to go on.',
}

/** The schemas that validate, by name. */
export function accountSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => {
      const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
      return [name, rest]
    }),
  )
}

/** What is to be said of an endpoint; what a mirrored one takes and answers is said where it comes from. */
export function accountOperation(
  { role, summary, body, answers }: AccountEndpoint,
  { isMirror, isWriting }: { isMirror: boolean; isWriting: boolean },
): object {
  const needs = role === null ? '' : ` of somebody who is ${ROLE_WORDS[role]} or more in the project`
  const failures = Object.entries(ERRORS).map(([status, description]) => [
    status,
    { description, content: json({ $ref: '#/components/schemas/Error' }) },
  ])
  return {
    summary,
    description: `Takes an access token${isWriting ? ' that may write' : ''}${needs}.`,
    security: [{ token: [] }, { bearer: [] }],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(reference(body)) } }),
    ...(isMirror
      ? {}
      : {
          responses: {
            [String(answers?.status ?? 200)]: {
              description: summary,
              ...(answers === undefined ? {} : { content: json(reference(answers.schema)) }),
            },
            ...(Object.fromEntries(failures) as object),
          },
        }),
  }
}

function reference(schema: z.ZodType): object {
  const name = Object.keys(NAMED).find((each) => NAMED[each] === schema)
  if (name === undefined) throw new Error('A schema of the API has no name')
  return { $ref: `#/components/schemas/${name}` }
}

function json(schema: object): object {
  return { 'application/json': { schema } }
}
