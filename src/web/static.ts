import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { asset, assetsBelow } from '../world/assets'

/** Files for browsers, held in memory under names that say what is in them, so they never go stale. */
export interface StaticFiles {
  styles: string[]
  scripts: string[]
  /** The address of a script that only some pages need: `public/js/pages/<name>.js`. */
  pageScript(name: string): string
  /** The address of a file of `public/img`, such as 'icons.svg'. Throws when there is none. */
  image(name: string): string
  /** Answers if the path, without the prefix, is one of ours, and says whether it was. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean
}

interface Served {
  type: string
  /** Made when it is first asked for: a start should not wait for it. */
  encoded: Partial<Record<Encoding, Promise<Buffer>>>
  bytes: Buffer
}

type Encoding = 'br' | 'gzip'

const BEST_FIRST: Encoding[] = ['br', 'gzip']

const FOLDER = '/static/'

/** Scripts of single pages are not part of the one that all pages share. */
const PAGE_SCRIPTS = 'public/js/pages'

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
}

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) }

/** `root` is the path of SITE_ROOT. */
export function staticFiles(root: string): StaticFiles {
  const files = new Map<string, Served>()

  function add(name: string, bytes: Buffer): string {
    const [stem = '', ending = ''] = name.split('.')
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 10)
    const path = `${FOLDER}${stem}-${hash}.${ending}`
    files.set(path, { type: TYPES[ending] ?? 'application/octet-stream', encoded: {}, bytes })
    return root + path
  }

  const images = new Map(
    assetsBelow('public/img').map((name) => [
      name.replace('public/img/', ''),
      add(name.split('/').at(-1) ?? '', asset(name)),
    ]),
  )
  const pageScripts = new Map(
    assetsBelow(PAGE_SCRIPTS).map((name) => {
      const stem = name.slice(PAGE_SCRIPTS.length + 1, -'.js'.length)
      return [stem, add(`${stem}.js`, asset(name))]
    }),
  )

  function known(addresses: Map<string, string>, name: string): string {
    const address = addresses.get(name)
    if (address === undefined) throw new Error(`There is no file ${name} for pages`)
    return address
  }

  return {
    styles: [add('site.css', Buffer.concat(sources('public/css', '.css')))],
    // Each in a block of its own: what one file calls `button` is not another's.
    scripts: [add('site.js', Buffer.concat(sources('public/js', '.js').map(inBlock)))],

    image: (name) => known(images, name),
    pageScript: (name) => known(pageScripts, name),

    answer(path, request, response) {
      const file = files.get(path)
      if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) return false
      void send(file, request, response)
      return true
    },
  }
}

async function send(file: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const accepted = request.headers['accept-encoding']
  const encoding = BEST_FIRST.find((each) => takes(each, accepted)) ?? null
  const bytes = encoding === null ? file.bytes : await encoded(file, encoding)
  response.setHeader('Content-Type', file.type)
  response.setHeader('Content-Length', bytes.length)
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
  response.setHeader('Vary', 'Accept-Encoding')
  if (encoding !== null) response.setHeader('Content-Encoding', encoding)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

function encoded(file: Served, encoding: Encoding): Promise<Buffer> {
  return (file.encoded[encoding] ??= compress[encoding](file.bytes))
}

/** Whether the browser takes an answer in this encoding. */
export function takes(encoding: Encoding, accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .some((offer) => {
      const [name = '', weight = ''] = offer.split(';').map((part) => part.trim())
      return name === encoding && !/^q=0(\.0*)?$/.test(weight)
    })
}

function sources(folder: string, ending: string): Buffer[] {
  return assetsBelow(folder)
    .filter((name) => name.endsWith(ending) && !name.startsWith(PAGE_SCRIPTS))
    .toSorted()
    .map((name) => asset(name))
}

function inBlock(source: Buffer): Buffer {
  return Buffer.concat([Buffer.from('{\n'), source, Buffer.from('\n}\n')])
}
