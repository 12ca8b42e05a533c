import type { Router } from 'express'
import type { Access, Guard } from './auth'

/** Which pages there are, by path and method: for 405, and for where a sign-in may lead back to. */
export interface RouteTable {
  /** Upper case; empty when there is no such page. `path` without the prefix. */
  methodsOf(path: string): string[]
  /** All of them, and who may use each. */
  all: readonly Route[]
}

/** One way to ask for one page. */
export interface Route {
  /** With parameters as `:name`. */
  path: string
  /** Upper case. */
  method: string
  access: Access | 'everybody'
}

export function routeTable(routers: readonly Router[]): RouteTable {
  const routes = routers.flatMap((router) =>
    router.stack.flatMap(({ route }) =>
      route === undefined
        ? []
        : [
            {
              pattern: patternOf(route.path),
              methods: route.stack.map(({ method }) => method.toUpperCase()),
              path: route.path,
              access: accessOf(route.stack.map(({ handle }) => handle)),
            },
          ],
    ),
  )
  return {
    all: routes.flatMap(({ path, methods, access }) =>
      [...new Set(methods)].map((method) => ({ path, method, access })),
    ),

    methodsOf(path) {
      const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
      return [...new Set(methods)]
    },
  }
}

/** What the guard among the handlers of a route says; a page without one is for everybody. */
function accessOf(handlers: readonly Guard[]): Route['access'] {
  return handlers.find(({ access }) => access !== undefined)?.access ?? 'everybody'
}

/** Our paths know plain text and `:name` only. The final slash may be missing. */
function patternOf(path: string): RegExp {
  const escaped = path
    .replace(/\/$/, '')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${escaped}/?$`, 'i')
}
