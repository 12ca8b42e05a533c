import type { RequestHandler, Response } from 'express'
import type { App } from '../../app'
import { readHeaders, mailboxes } from '../../core/mime/headers'
import { contextOf } from '../context'
import { readBytes } from './body'
import { UUID } from './route'

const STATUS = new RegExp(`^/api/v[123]/notifications/(${UUID})/status/?$`)
const BOUNCES = /^\/api\/v[123]\/bounces\/?$/

/** Of a mail that came back this much is looked through for the address that it came back to. */
const MOST_HEADER_BYTES = 262_144

/**
 * What services and relays tell of messages that did not arrive: E17 and E18 of spec/management-api.md §11.
 * Whatever they say, they are answered 200, for they would come again and again. Other paths go on.
 */
export function callbackDoor({ actions }: App): RequestHandler {
  return async (request, response, next) => {
    const code = STATUS.exec(request.path)?.[1]
    if (code === undefined && !BOUNCES.test(request.path)) return next()
    contextOf(request).route = code === undefined ? '/api/bounces/' : '/api/notifications/{uuid}/status'
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST')
      return answer(response, 405, '')
    }
    const bytes = await readBytes(request)
    if (bytes === 'gone') return
    if (!request.complete) response.setHeader('Connection', 'close')
    const said = await (code === undefined ? bounce(bytes) : status(code, bytes))
    answer(response, 200, said)
  }

  async function status(code: string, bytes: Buffer | 'too large'): Promise<string> {
    if (bytes !== 'too large') {
      await actions.callbacks.status(code, new URLSearchParams(bytes.toString('utf8')))
    }
    return ''
  }

  async function bounce(bytes: Buffer | 'too large'): Promise<string> {
    if (bytes === 'too large') return 'OK (ignored)'
    const [to] = mailboxes(readHeaders(bytes, MOST_HEADER_BYTES).headers, 'to')
    const address = to?.address ?? ''
    return actions.callbacks.bounce(address.slice(0, address.lastIndexOf('@')), bytes)
  }
}

function answer(response: Response, code: number, text: string): void {
  response.statusCode = code
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(text)
}
