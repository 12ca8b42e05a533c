import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import express from 'express'
import type { RequestHandler, Router } from 'express'
import type { App } from '../app'
import { SECOND } from '../core/time'
import { peerOf, trustBy } from '../world/peer'
import { callbackDoor } from './api/callbacks'
import { apiDoor, noSuchApi } from './api/door'
import { statusRoutes } from './api/status'
import { loadVisitor } from './auth'
import { badgeDoor } from './badges'
import { contextOf, setContext } from './context'
import type { Site } from './context'
import { errorHandler, showError } from './errors'
import { faviconRoute } from './favicon'
import { tellWhere } from './fragments'
import { guardForms } from './guard-forms'
import { onlyOnce } from './once'
import { hideAddress, keepPrivate, securityHeaders } from './headers'
import { guardHost } from './hosts'
import { loggable } from './loggable'
import { metricsDoor } from './metrics'
import { adminAuditPages } from './pages/admin-audit'
import { adminConfigPages } from './pages/admin-config'
import { adminDeliveryPages } from './pages/admin-deliveries'
import { adminHealthPages } from './pages/admin-health'
import { adminProjectPages } from './pages/admin-projects'
import { adminStoragePages } from './pages/admin-storage'
import { allChecksPages } from './pages/all-checks'
import { adminUserPages } from './pages/admin-user'
import { adminUserListPages } from './pages/admin-users'
import { acknowledgePages } from './pages/acknowledge'
import { badgePages } from './pages/badges'
import { bulkJobPages } from './pages/bulk-job'
import { channelLinkPages } from './pages/channel-links'
import { channelCheckPages } from './pages/channel-checks'
import { channelPages } from './pages/channels'
import { checkPages } from './pages/check'
import { checkBulkPages } from './pages/check-bulk'
import { checkChannelPages } from './pages/check-channels'
import { checkEditPages } from './pages/check-edit'
import { checkMovePages } from './pages/check-moves'
import { checkFilterPages } from './pages/check-filters'
import { checkAddPages } from './pages/check-add'
import { checksPages } from './pages/checks'
import { cloakedPages } from './pages/cloaked'
import { downtimePages } from './pages/downtimes'
import { cronHelpPages } from './pages/cron-help'
import { docsPages } from './pages/docs'
import { MOST_FORM_KB } from './pages/errors'
import { homePages } from './pages/home'
import { invitationPages } from './pages/invitations'
import { keyPages } from './pages/keys'
import { logPages } from './pages/log'
import { menuPages } from './pages/menu'
import { notificationPages } from './pages/notifications'
import { ownPasswordPages } from './pages/own-password'
import { pingNowPages } from './pages/ping-now'
import { pingPages } from './pages/pings'
import { projectPages } from './pages/projects'
import { reauthPages } from './pages/reauth'
import { schedulePreviewPages } from './pages/schedule-previews'
import { leadToSetup, setupPages } from './pages/setup'
import { setupStepPages } from './pages/setup-steps'
import { shortcutPages } from './pages/shortcuts'
import { signInPages } from './pages/sign-in'
import { tvPages } from './pages/tv'
import { teamPages } from './pages/team'
import { tokenPages } from './pages/tokens'
import { countRequests } from './request-counts'
import { accountPages } from './pages/account'
import { passkeyPages } from './pages/passkeys'
import { emailChangePages } from './pages/email-change'
import { headerSignOn } from './header-sign-on'
import { closeAccountPages } from './pages/close-account'
import { authenticatorPages } from './pages/authenticator'
import { securityPages } from './pages/security'
import { passwordResetPages } from './pages/password-reset'
import { secondStepPages } from './pages/second-step'
import { signInLinkPages } from './pages/sign-in-links'
import { signUpPages } from './pages/sign-up'
import { transferPages } from './pages/transfers'
import { apiDocsPages } from './pages/api-docs'
import { usagePages } from './pages/usage'
import { limitPolls } from './poll-limit'
import { probing } from './probing'
import { routeTable } from './routes'
import type { RouteTable } from './routes'
import { rootPath } from './show'
import { staticFiles } from './static'

/** spec/operations.md §11.5 */
const LIMITS = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 15 * SECOND,
  // Slow pings are judged by their pace, not by their length; everything else has a limit of its own.
  requestTimeout: 0,
  keepAliveTimeout: 65 * SECOND,
  // A heartbeat must not die of a header that is missing; pages ask for theirs.
  requireHostHeader: false,
}
const REQUEST_MS = 30 * SECOND
const MAX_CONNECTIONS = 20_000

const MAX_FORM_FIELDS = 1000

/** Lists of ticks have a field for each of up to 10,000 checks; only people who are signed in send them. */
const TICKS = /^\/integrations\/[^/]+\/checks\/?$/
const MAX_TICKS = 11_000

/** Takes a request if it is its own, and says whether it was. */
export type FirstDoor = (request: IncomingMessage, response: ServerResponse) => boolean

/** The web server, not listening yet. Pings are asked first: they must not wait for anything of Express. */
export function createSite({ app, pings }: { app: App; pings: FirstDoor }): Server {
  const site = siteApp(app)
  const take = (request: IncomingMessage, response: ServerResponse) => {
    if (pings(request, response)) return
    limitTime(request, response)
    site(request, response)
  }
  const server = createServer(LIMITS, take)
  // Whatever a client expects besides being told to go on, it gets our ordinary answer.
  server.on('checkExpectation', take)
  server.maxConnections = MAX_CONNECTIONS
  server.on('drop', () => server.closeIdleConnections())
  return server
}

/** Hangs up on a request that is still not complete after its time. */
function limitTime(request: IncomingMessage, response: ServerResponse): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy()
  }, REQUEST_MS)
  response.once('close', () => clearTimeout(timer))
}

/** All pages, each with who may use it. */
export function pagesOf(app: App): Router[] {
  return [
    setupPages(app),
    setupStepPages(app),
    signInPages(app),
    signInLinkPages(app),
    secondStepPages(app),
    signUpPages(app),
    passwordResetPages(app),
    accountPages(app),
    securityPages(app),
    authenticatorPages(app),
    closeAccountPages(app),
    emailChangePages(app),
    passkeyPages(app),
    reauthPages(app),
    ownPasswordPages(app),
    homePages(app),
    menuPages(app),
    shortcutPages(app),
    checksPages(app),
    allChecksPages(app),
    checkAddPages(app),
    checkChannelPages(app),
    checkBulkPages(app),
    bulkJobPages(app),
    checkPages(app),
    checkEditPages(app),
    checkFilterPages(app),
    checkMovePages(app),
    pingNowPages(app),
    downtimePages(app),
    logPages(app),
    usagePages(app),
    schedulePreviewPages(app),
    pingPages(app),
    projectPages(app),
    keyPages(app),
    badgePages(app),
    teamPages(app),
    transferPages(app),
    invitationPages(app),
    adminHealthPages(app),
    adminUserListPages(app),
    adminUserPages(app),
    adminProjectPages(app),
    adminDeliveryPages(app),
    adminStoragePages(app),
    adminConfigPages(app),
    adminAuditPages(app),
    cloakedPages(app),
    channelPages(app),
    channelCheckPages(app),
    channelLinkPages(app),
    acknowledgePages(app),
    notificationPages(app),
    tokenPages(app),
    cronHelpPages(app),
    apiDocsPages(app),
    docsPages(app),
    tvPages(app),
  ]
}

/** Everything but pings, below the path of SITE_ROOT. */
function siteApp(app: App): express.Express {
  const pages = pagesOf(app)
  const table = routeTable(pages)
  const root = rootPath(app.config.siteRoot)
  const site: Site = {
    app,
    root,
    files: staticFiles(root),
    probing: probing(app.store.budgets),
    isPage: (path) => table.methodsOf(path).includes('GET'),
  }

  const all = express()
  all.disable('x-powered-by')
  all.disable('etag')
  all.set('query parser', 'simple')
  all.use(begin(site))
  all.use(root === '' ? '/' : root, below(site, pages, table))
  all.use((request, response) => showError(request, response, 404))
  all.use(errorHandler)
  return all
}

/** In the order in which a request meets them. */
function below({ app, files }: Site, pages: Router[], table: RouteTable): Router {
  const routes = express.Router()
  routes.use(statusRoutes(app))
  routes.use(guardHost())
  routes.use(apiDoor(app))
  routes.use(callbackDoor(app))
  routes.use(metricsDoor(app))
  routes.use(noSuchApi)
  routes.use(badgeDoor(app))
  routes.use((request, response, next) => {
    if (!files.answer(request.path, request, response)) return next()
    contextOf(request).route = 'static'
  })
  routes.use(faviconRoute)
  routes.use(addSlash(table))
  routes.use(keepPrivate)
  routes.use(hideAddress)
  routes.use(loadVisitor)
  routes.use(headerSignOn(app))
  routes.use(leadToSetup(app))
  routes.use(limitPolls(app))
  routes.use(readForm())
  routes.use(guardForms)
  routes.use(tellWhere)
  routes.use(onlyOnce())
  for (const page of pages) routes.use(page)
  routes.use(wrongMethod(table))
  return routes
}

/** The fields of a form that was posted. */
function readForm(): RequestHandler {
  const parser = (parameterLimit: number): RequestHandler =>
    express.urlencoded({ extended: false, limit: MOST_FORM_KB * 1024, parameterLimit })
  const [usual, ticks] = [parser(MAX_FORM_FIELDS), parser(MAX_TICKS)]
  return (request, response, next) => {
    const isLong = TICKS.test(request.path) && contextOf(request).visitor !== null
    return (isLong ? ticks : usual)(request, response, next)
  }
}

/** What every request begins with: who it is from, and the headers of its answer. */
function begin(site: Site): RequestHandler {
  const { config, random, log } = site.app
  const trust = trustBy(config)
  const setHeaders = securityHeaders(config)
  const count = countRequests(site.app.metrics)
  return (request, response, next) => {
    const { remoteAddress, encrypted } = request.socket as TLSSocket
    const peer = peerOf(request.headers, remoteAddress, encrypted === true, trust)
    const requestId = random.uuid().slice(0, 8)
    setContext(request, {
      site,
      peer,
      requestId,
      route: null,
      visitor: null,
      hadVisitor: false,
      needsSudo: false,
      project: null,
      role: null,
      asAdministrator: false,
      check: null,
      channel: null,
    })
    setHeaders(response, peer.scheme)
    // To be found again in the log.
    response.setHeader('X-Request-Id', requestId)
    count(request, response)
    if (config.log.requests) {
      const path = loggable(request.originalUrl)
      response.once('finish', () =>
        log.info(`${request.method} ${path} ${response.statusCode}`, { request: requestId }),
      )
    }
    next()
  }
}

/** Addresses end with a slash; whoever forgets it is led there. Forms are taken as they come. */
function addSlash(table: RouteTable): RequestHandler {
  return (request, response, next) => {
    const isGet = request.method === 'GET' || request.method === 'HEAD'
    const [path = '', query] = request.originalUrl.split('?', 2)
    if (!isGet || path.endsWith('/') || table.methodsOf(request.path).length === 0) return next()
    response.redirect(308, query === undefined ? `${path}/` : `${path}/?${query}`)
  }
}

/** Nobody wanted it: the page is there, but not for this method; or there is no such page. */
function wrongMethod(table: RouteTable): RequestHandler {
  return (request, response) => {
    const methods = table.methodsOf(request.path)
    const { site } = contextOf(request)
    if (methods.length === 0) return showError(request, response, 404)
    // A page that was there and said "not mine" is missing; only another method is a wrong one.
    const asked = request.method === 'HEAD' ? 'GET' : request.method
    if (methods.includes(asked)) return showError(request, response, 404)
    site.app.log.debug('a wrong method', { method: request.method })
    response.setHeader(
      'Allow',
      methods.includes('GET') ? ['HEAD', ...methods].join(', ') : methods.join(', '),
    )
    const link = { text: 'Open the page', url: request.originalUrl }
    return showError(request, response, 405, methods.includes('GET') ? { link } : {})
  }
}
