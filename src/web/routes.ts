import type { Router } from 'express'

/** Which pages there are, by path and method: for 405, and for where a sign-in may lead back to. */
export interface RouteTable {
  /** Upper case; empty when there is no such page. `path` without the prefix. */
  methodsOf(path: string): string[]
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
            },
          ],
    ),
  )
  return {
    methodsOf(path) {
      const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
      return [...new Set(methods)]
    },
  }
}

/** Our paths know plain text and `:name` only. The final slash may be missing. */
function patternOf(path: string): RegExp {
  const escaped = path
    .replace(/\/$/, '')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${escaped}/?$`, 'i')
}
