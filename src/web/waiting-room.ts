import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Config } from '../config'
import type { Templates } from '../world/templates'
import { securityHeaders } from './headers'
import { rootPath } from './show'
import { staticFiles } from './static'

/** When to come again. */
const RETRY_S = 5

/**
 * Answers while the database is being opened, which may mean brought up to date: E13 of web-ui.md. Pages load
 * themselves again; a ping is refused with the words of spec/ping-api.md, which clients send again.
 */
export function waitingRoom({
  config,
  templates,
}: {
  config: Pick<Config, 'siteRoot' | 'siteName' | 'siteLogoUrl' | 'hstsSeconds'>
  templates: Templates
}): Server {
  const root = rootPath(config.siteRoot)
  const files = staticFiles(root)
  const setHeaders = securityHeaders(config)
  const { siteName } = config
  const about = { siteName, styles: files.styles, icons: files.image('icons.svg') }
  const html = templates.fill('upgrading', about)

  return createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (path.startsWith(`${root}/static/`) && files.answer(path.slice(root.length), request, response)) return
    setHeaders(response, 'http')
    // What is sent is not read, and nothing comes after it on this connection.
    response.setHeader('Connection', 'close')
    response.setHeader('Retry-After', RETRY_S)
    response.setHeader('Cache-Control', 'no-store')
    response.statusCode = 503
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (!isPage) return void response.setHeader('Content-Type', 'text/plain').end('try again later')
    response.setHeader('Refresh', String(RETRY_S))
    response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html)
  })
}
