import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Problem } from '../../core/problem'
import { STATUS } from '../answer'
import { empty, wrong } from './route'
import type { ApiAnswer } from './route'

/** What headers scripts in browsers are told, whatever the answer: spec/management-api.md [M8]. */
export function allowOrigins(
  response: Response,
  methods: readonly string[],
  headers: readonly string[] = ['X-Api-Key'],
): void {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', headers.join(', '))
  response.setHeader('Access-Control-Allow-Methods', [...methods, 'OPTIONS'].join(', '))
  response.setHeader('Access-Control-Max-Age', '600')
}

const CORS = ['Origin', 'Headers', 'Methods'].map((name) => `Access-Control-Allow-${name}`)

export function withoutOrigins(response: Response): void {
  for (const name of [...CORS, 'Access-Control-Max-Age']) response.removeHeader(name)
}

export function send(request: Request, response: Response, answer: ApiAnswer): void {
  if (answer === 'no page') return noPage(response)
  response.statusCode = answer.status
  response.setHeader('Cache-Control', 'no-store')
  if ('json' in answer) {
    const bytes = Buffer.from(JSON.stringify(answer.json))
    if (answer.tagged && isKnown(request, response, bytes)) return void response.writeHead(304).end()
    if (answer.link !== undefined) response.setHeader('Link', answer.link)
    if (answer.link !== undefined || answer.tagged) {
      response.setHeader('Access-Control-Expose-Headers', 'ETag, Link')
    }
    response.setHeader('Content-Type', 'application/json')
    response.end(bytes)
  } else if ('bytes' in answer) {
    response.setHeader('Content-Type', 'text/plain')
    response.end(answer.bytes)
  } else {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(answer.status === 204 ? undefined : answer.text)
  }
}

/** Whether the client has just this already; tells it how to ask the next time. */
function isKnown(request: Request, response: Response, bytes: Buffer): boolean {
  const tag = `"${createHash('sha1').update(bytes).digest('base64url')}"`
  response.setHeader('ETag', tag)
  response.setHeader('Cache-Control', 'private, no-cache')
  const known = (request.get('if-none-match') ?? '').split(',').map((each) => each.trim())
  return known.some((each) => each === '*' || each.replace(/^W\//, '') === tag)
}

/** What is not there looks the same to everybody, and says nothing to scripts in browsers. */
export function noPage(response: Response, status = 404): void {
  withoutOrigins(response)
  response.statusCode = status
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  const words = status === 403 ? 'Forbidden' : 'Not Found'
  response.end(`<!doctype html>\n<html lang="en"><title>${words}</title><h1>${words}</h1></html>\n`)
}

/** What an action could not do, in the way of the API: only what is invalid is explained. */
export function refusal({ code, message }: Problem): ApiAnswer {
  return code === 'invalid' ? wrong(message) : empty(STATUS[code])
}
