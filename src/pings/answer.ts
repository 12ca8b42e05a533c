import type { ServerResponse } from 'node:http'
import { SECOND } from '../core/time'
import { whileSame } from '../core/while-same'
import type { Clock } from '../world/clock'

/** The words of every answer: spec/ping-api.md §9. */
const WORDS = {
  200: 'OK',
  201: 'Created',
  400: 'invalid url format',
  403: 'forbidden',
  404: 'not found',
  408: 'request timeout',
  409: 'ambiguous slug',
  429: 'rate limit exceeded',
  503: 'try again later',
} as const

export type PingStatus = keyof typeof WORDS

export interface PingAnswer {
  status: PingStatus
  text?: string
  retryAfterMs?: number
  /** The connection is of no further use: the client has more to send than we will read. */
  close?: boolean
}

export type Answer = (response: ServerResponse, answer: PingAnswer) => void

/** Answers pings: the same headers for all, and for accepted ones the body limit as well ([P28]). */
export function pingAnswers(about: {
  clock: Clock
  /** Read at use, since it may change. */
  bodyLimitBytes: number | null
}): Answer {
  const { clock } = about
  // A date has seconds only, so that it is put into words once a second and not once a ping.
  let second = -1
  let date = ''
  function expires(): string {
    const now = Math.floor(clock() / SECOND)
    if (now !== second) {
      second = now
      date = new Date(now * SECOND).toUTCString()
    }
    return date
  }

  const accepted = whileSame(
    () => about.bodyLimitBytes,
    (limit) => [
      'Access-Control-Allow-Origin',
      '*',
      ...(limit === null ? [] : ['Ping-Body-Limit', String(limit)]),
    ],
  )

  return (response, { status, text = WORDS[status], retryAfterMs, close }) => {
    if (response.destroyed || response.writableEnded) return
    const headers = [
      'Content-Type',
      'text/html; charset=utf-8',
      'Content-Length',
      String(text.length),
      'Cache-Control',
      'max-age=0, no-cache, no-store, must-revalidate, private',
      'Expires',
      expires(),
      'X-Content-Type-Options',
      'nosniff',
    ]
    if (status === 200 || status === 201) headers.push(...accepted())
    if (retryAfterMs !== undefined) headers.push('Retry-After', String(Math.ceil(retryAfterMs / SECOND)))
    if (close) headers.push('Connection', 'close')
    response.writeHead(status, headers)
    response.end(text)
  }
}
