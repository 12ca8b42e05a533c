import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import { uniqueKey } from '../../core/check-document'
import { signedIn, visitorOf } from '../auth'
import { pathsBelow } from '../paths'
import { rootPath } from '../show'

/** Leads from the public alias of a check to its page, for who may see that: management-api.md [M55]. */
export function cloakedPages({ store, config }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/cloaked/:key/', signedIn, async (request: Request, response: Response, next: NextFunction) => {
    const { key } = request.params
    for (const project of await store.projects.ofUser(visitorOf(request).user.id)) {
      const check = await store.checkSearch.findByCodeOf(project.id, (code) => uniqueKey(code) === key)
      if (check) return response.redirect(302, paths.check(check.code))
    }
    next()
  })

  return routes
}
