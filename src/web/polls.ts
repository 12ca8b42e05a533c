import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { Recent } from '../core/recent'
import type { Instant } from '../core/time'
import { sendText } from './render'

/**
 * What pages ask again and again, to stay as things are: spec/web-ui.md §2.5. The script behind it is
 * `public/js/live.js`.
 */

/** What a poll is answered with, were it the first one. */
export interface Polled {
  /** Sent in every answer that says something. */
  about: object
  /** By id, each as JSON: those that the asking page knows already are left out. */
  rows: ReadonlyMap<string, string>
  /** Of a row that the page still has and should not have any more: what it is now, as JSON. */
  gone?: (id: string) => string
}

/** Answers that are remembered, so that the next one need only say what has changed; at most twice as many. */
const REMEMBERED = 64

/** What pages know, by what they were told last. */
export class Versions {
  readonly #known = new Recent<Polled['rows']>(REMEMBERED)

  /** The version of an answer, for a page that shows just that. `scope` keeps the pages of one from another's. */
  of(scope: string, { about, rows }: Polled): string {
    const hash = createHash('sha256').update(JSON.stringify(about))
    for (const row of rows.values()) hash.update(row)
    const version = hash.digest('hex').slice(0, 16)
    const key = `${scope} ${version}`
    if (this.#known.get(key) === undefined) this.#known.set(key, rows)
    return version
  }

  rowsOf(scope: string, version: string): Polled['rows'] | null {
    return this.#known.get(`${scope} ${version}`) ?? null
  }
}

/** Answers a poll: 304 to a page that is as things are, else what has changed since, or all. */
export async function answerPoll(
  request: Request,
  response: Response,
  { versions, scope, polled, nowAt }: { versions: Versions; scope: string; polled: Polled; nowAt: Instant },
): Promise<void> {
  const version = versions.of(scope, polled)
  const had = /"([\da-f]{16})"/.exec(request.get('if-none-match') ?? '')?.[1] ?? ''
  response.setHeader('ETag', `"${version}"`)
  response.setHeader('Cache-Control', 'private, no-cache')
  if (had === version) {
    response.status(304).end()
    return
  }
  const known = versions.rowsOf(scope, had)
  const head = { version, full: known === null, generated_at: new Date(nowAt).toISOString(), ...polled.about }
  const rows = known === null ? [...polled.rows.values()] : changesOf(known, polled)
  const json = `${JSON.stringify(head).slice(0, -1)},"rows":[${rows.join(',')}]}`
  await sendText(request, response, { status: 200, type: 'application/json; charset=utf-8', text: json })
}

function changesOf(known: Polled['rows'], { rows, gone }: Polled): string[] {
  const changed = [...rows].filter(([id, row]) => known.get(id) !== row).map(([, row]) => row)
  const left = gone === undefined ? [] : [...known.keys()].filter((id) => !rows.has(id)).map(gone)
  return [...changed, ...left]
}
