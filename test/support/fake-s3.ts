import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ObjectsConfig } from '../../src/config'

/** What the fake does instead of what it is asked. Null: it behaves. */
export type Fault =
  | { kind: 'error'; status: number; code: string }
  /** An answer that is none of the protocol. */
  | { kind: 'page'; status: number }
  /** Takes the request and never answers. */
  | { kind: 'stall' }
  /** Answers after so long. */
  | { kind: 'slow'; ms: number }
  /** Closes the connection without an answer. */
  | { kind: 'hang up' }
  /** DeleteObjects only: these keys are not removed. */
  | { kind: 'keys'; keys: string[] }

export type Operation = 'put' | 'get' | 'list' | 'delete' | 'head' | 'location' | 'make'

export interface Asked {
  operation: Operation
  key: string
  query: URLSearchParams
  body: Buffer
  headers: IncomingMessage['headers']
}

/** Enough of the S3 protocol to try out what storages do wrong. Real ones are in test/s3. */
export interface FakeS3 {
  config: ObjectsConfig
  objects: Map<string, { bytes: Buffer; modifiedAt: number }>
  asked: Asked[]
  /** Most requests that were in its hands at the same time. */
  mostAtOnce(): number
  /** Decides what goes wrong; asked anew for each request. */
  faults: (asked: Asked) => Fault | null
  close(): Promise<void>
}

export interface FakeOptions {
  /** Keys in one page of a listing. */
  pageSize?: number
  /** Settings other than the usual. */
  config?: Partial<ObjectsConfig>
  /** When objects were put; the epoch if not given. */
  clock?: () => number
}

export async function fakeS3({
  pageSize = 1000,
  config,
  clock = () => 0,
}: FakeOptions = {}): Promise<FakeS3> {
  const objects: FakeS3['objects'] = new Map()
  const asked: Asked[] = []
  let atOnce = 0
  let most = 0

  const server = createServer((request, response) => {
    most = Math.max(most, ++atOnce)
    response.once('close', () => atOnce--)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = toAsked(request, Buffer.concat(chunks))
      asked.push(one)
      answer(one, response)
    })
  })

  function answer(one: Asked, response: ServerResponse): void {
    const fault = fake.faults(one)
    switch (fault?.kind) {
      case 'error':
        return send(response, fault.status, errorXml(fault.code))
      case 'page':
        return send(response, fault.status, '<html><body>Bad gateway & more</body></html>')
      case 'hang up':
        return void response.destroy()
      case 'stall':
        return
      case 'slow':
        setTimeout(() => behave(one, response, []), fault.ms)
        return
      case 'keys':
        return behave(one, response, fault.keys)
      case undefined:
        return behave(one, response, [])
    }
  }

  function behave(one: Asked, response: ServerResponse, stubborn: string[]): void {
    switch (one.operation) {
      case 'put':
        objects.set(one.key, { bytes: one.body, modifiedAt: clock() })
        return send(response, 200, '', { ETag: `"${md5(one.body)}"` })
      case 'get': {
        const found = objects.get(one.key)
        return found ? send(response, 200, found.bytes) : send(response, 404, errorXml('NoSuchKey'))
      }
      case 'list':
        return send(response, 200, listing(one.query))
      case 'delete': {
        const keys = [...one.body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? '')
        const gone = keys.filter((key) => !stubborn.includes(key))
        for (const key of gone) objects.delete(key)
        const errors = keys
          .filter((key) => stubborn.includes(key))
          .map((key) => `<Error><Key>${key}</Key><Code>InternalError</Code><Message>Oops</Message></Error>`)
        return send(response, 200, `<DeleteResult>${errors.join('')}</DeleteResult>`)
      }
      case 'head':
      case 'make':
        return send(response, 200, '')
      case 'location':
        return send(response, 200, '<LocationConstraint>eu-test-1</LocationConstraint>')
    }
  }

  function listing(query: URLSearchParams): string {
    const prefix = query.get('prefix') ?? ''
    const delimiter = query.get('delimiter') ?? ''
    const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
    const found = new Map<string, string>()
    for (const key of [...objects.keys()].toSorted()) {
      if (!key.startsWith(prefix)) continue
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      const common = end === -1 ? null : key.slice(0, end + 1)
      if ((common ?? key) <= after) continue
      const modified = new Date(objects.get(key)?.modifiedAt ?? 0).toISOString()
      found.set(
        common ?? key,
        common === null
          ? `<Contents><Key>${encodeURIComponent(key)}</Key><LastModified>${modified}</LastModified><Size>1</Size></Contents>`
          : `<CommonPrefixes><Prefix>${encodeURIComponent(common)}</Prefix></CommonPrefixes>`,
      )
    }
    const page = [...found].slice(0, pageSize)
    const more = found.size > page.length
    const token = more ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : ''
    const entries = page.map(([, xml]) => xml).join('')
    return `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${entries}</ListBucketResult>`
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeS3 = {
    config: {
      bucket: 'bodies',
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      secure: false,
      accessKey: 'me',
      secretKey: 'hush',
      region: 'eu-test-1',
      timeoutMs: 2000,
      upload: 'async',
      concurrency: 8,
      spoolLimitBytes: 1_000_000,
      ...config,
    },
    objects,
    asked,
    mostAtOnce: () => most,
    faults: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake
}

function toAsked(request: IncomingMessage, body: Buffer): Asked {
  const url = new URL(request.url ?? '', 'http://localhost')
  const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/')
  return {
    operation: operationOf(request.method ?? '', key, url.searchParams),
    key,
    query: url.searchParams,
    body,
    headers: request.headers,
  }
}

function operationOf(method: string, key: string, query: URLSearchParams): Operation {
  if (method === 'PUT') return key === '' ? 'make' : 'put'
  if (method === 'POST') return 'delete'
  if (method === 'HEAD') return 'head'
  if (query.has('location')) return 'location'
  return key === '' ? 'list' : 'get'
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body), ...headers }).end(body)
}

function errorXml(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}, says the fake</Message></Error>`
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}
