import { z } from 'zod'
import { area, choice, headerLines, headers, text, webAddress } from '../forms'
import { integration } from '../integration'
import type { Call, Field } from '../integration'
import { repetitionKey, summaryKey } from '../messages'
import {
  PLACEHOLDERS,
  inHeader,
  inUrl,
  substitute,
  summaryValues,
  tellsMany,
  valuesOf,
  withBody,
} from '../placeholders'
import type { Values } from '../placeholders'

const METHODS = ['GET', 'POST', 'PUT'] as const

const MAX_NAME_LENGTH = 100
const MAX_URL_LENGTH = 1000
/** Enough for a chat message with formatting, little enough to keep with every channel. */
const MAX_BODY_LENGTH = 10_000

/**
 * The same for every attempt to tell one flip, so that the receiver can tell a repetition.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
const REPETITION_HEADER = 'Idempotency-Key'

const stored = z.object({
  name: z.string().default(''),
  method_down: z.enum(METHODS).default('GET'),
  url_down: z.string().default(''),
  body_down: z.string().default(''),
  headers_down: z.record(z.string(), z.string()).default({}),
  method_up: z.enum(METHODS).default('GET'),
  url_up: z.string().default(''),
  body_up: z.string().default(''),
  headers_up: z.record(z.string(), z.string()).default({}),
})

type Settings = z.infer<typeof stored>

const posted = z
  .object({
    name: text(MAX_NAME_LENGTH),
    method_down: choice(METHODS),
    url_down: webAddress(MAX_URL_LENGTH),
    body_down: area(MAX_BODY_LENGTH),
    headers_down: headers(),
    method_up: choice(METHODS),
    url_up: webAddress(MAX_URL_LENGTH),
    body_up: area(MAX_BODY_LENGTH),
    headers_up: headers(),
  })
  .refine(({ url_down, url_up }) => url_down !== '' || url_up !== '', {
    path: ['url_down'],
    message: 'Enter a valid URL.',
  })

export const webhook = integration<Settings>({
  kind: 'webhook',
  label: 'Webhook',
  blurb: 'Calls an address of your choice, with the method, headers and body that you give.',
  notes: [
    'A call counts as delivered when it is answered with status 200, 201, 202 or 204 within 30 seconds.',
    'One that fails is repeated twice within seconds, and later again if the other side seems to be away.',
    'After an outage of this site the checks that went down meanwhile are told in one call, if what you fill in names $CHECKS or $CHECKS_JSON, or no check at all. Otherwise each has a call of its own.',
    `Every call carries the header ${REPETITION_HEADER}; repetitions of a call have the same value.`,
  ],
  placeholders: PLACEHOLDERS,
  fields: [...fieldsFor('down'), ...fieldsFor('up')],
  settings: stored,
  form: posted,

  toForm: (settings) => ({
    ...settings,
    headers_down: headerLines(settings.headers_down),
    headers_up: headerLines(settings.headers_up),
  }),

  // The rest of an address often holds a token.
  describe: ({ url_down, url_up }) =>
    URL.parse(url_down || url_up)?.host ?? (url_down || url_up ? 'webhook' : ''),

  suggestName: ({ name }) => name,
  wants: ({ url_down, url_up }) => ({ down: url_down !== '', up: url_up !== '' }),
  enabled: ({ webhooksEnabled }) => webhooksEnabled || 'Webhook notifications are not enabled.',
  insistent: true,

  build(notice, settings, config) {
    const values = valuesOf(notice, config)
    const template = notice.status === 'down' ? forDown(settings) : forUp(settings)
    return [callBy(template, repetitionKey(notice), values, withBody(values, notice))]
  },

  summary: {
    suits(settings) {
      const { url, headers: own, body } = forDown(settings)
      return tellsMany([url, body, ...Object.values(own)])
    },
    build: (summary, settings) => [callBy(forDown(settings), summaryKey(summary), summaryValues(summary))],
  },
})

/** `inBody`: what the body may carry beyond the rest. */
function callBy(
  { method, url, headers: own, body }: Template,
  key: string,
  values: Values,
  inBody = values,
): Call {
  const filled = method === 'GET' ? '' : substitute(body, inBody)
  return {
    method,
    url: substitute(url, mapped(values, inUrl)),
    headers: headersOf(own, values, key),
    ...(filled === '' ? {} : { body: Buffer.from(filled) }),
  }
}

interface Template {
  method: Call['method']
  url: string
  headers: Record<string, string>
  body: string
}

function forDown(settings: Settings): Template {
  const { method_down: method, url_down: url, headers_down: headers, body_down: body } = settings
  return { method, url, headers, body }
}

function forUp(settings: Settings): Template {
  const { method_up: method, url_up: url, headers_up: headers, body_up: body } = settings
  return { method, url, headers, body }
}

function headersOf(templates: Record<string, string>, values: Values, key: string): Record<string, string> {
  const own: Record<string, string> = {}
  for (const [name, value] of Object.entries(templates)) own[name] = inHeader(substitute(value, values))
  const taken = Object.keys(templates).some((name) => name.toLowerCase() === REPETITION_HEADER.toLowerCase())
  return { ...(taken ? {} : { [REPETITION_HEADER]: key }), ...own }
}

function mapped(values: Values, encode: (value: string) => string): Values {
  return new Map([...values].map(([name, value]) => [name, encode(value)]))
}

function fieldsFor(group: 'down' | 'up'): Field[] {
  const when = group === 'down' ? 'goes down' : 'comes back up'
  return [
    {
      name: `method_${group}`,
      label: 'Method',
      widget: 'select',
      initial: 'GET',
      required: true,
      options: METHODS,
      group,
    },
    {
      name: `url_${group}`,
      secret: true,
      label: 'URL',
      widget: 'url',
      initial: '',
      required: false,
      maxLength: MAX_URL_LENGTH,
      help: `Called when a check ${when}. Leave it empty to call nothing then.`,
      group,
    },
    {
      name: `body_${group}`,
      secret: true,
      label: 'Request body',
      widget: 'area',
      initial: '',
      required: false,
      maxLength: MAX_BODY_LENGTH,
      group,
      onlyFor: { field: `method_${group}`, values: ['POST', 'PUT'] },
    },
    {
      name: `headers_${group}`,
      secret: true,
      label: 'Request headers',
      widget: 'headers',
      initial: '',
      required: false,
      help: 'Header-Name: value, one per line.',
      group,
    },
  ]
}
