import type { Request, RequestHandler, Response } from 'express'
import type { App } from '../app'
import { badgeState, shieldsBadge, svgBadge, tallyOf } from '../core/badge'
import type { Tally } from '../core/badge'
import { ALL, readBadgePath } from '../core/badge-address'
import type { BadgeAddress, BadgeFormat, BadgeSubject } from '../core/badge-address'
import { shownStatus } from '../core/check'
import { tagsOf } from '../core/tags'
import { sameSecret } from '../world/secrets'
import { allowOrigins, noPage } from './api/answer'
import { contextOf } from './context'

/** What a badge says, and of whom. */
interface Badge extends Tally {
  label: string
}

const NEVER_KEPT = 'max-age=0, no-cache, no-store, must-revalidate, private'

/** What is answered for an address whose signature was looked at; null: there is no such check. */
export interface BadgeDocument {
  type: string
  text: string
}

/** Makes badges. Who asks has looked at the signature. */
export function badgeMaker({
  store,
  config,
  clock,
}: Pick<App, 'store' | 'config' | 'clock'>): (address: BadgeAddress) => Promise<BadgeDocument | null> {
  async function ofTag({ badgeKey, tag }: Extract<BadgeSubject, { kind: 'tag' }>): Promise<Badge> {
    const nowAt = clock()
    const checks = await store.checkSearch.standings(badgeKey)
    const meant = tag === ALL ? checks : checks.filter((check) => tagsOf(check).includes(tag))
    const tally = tallyOf(meant.map((check) => shownStatus(check, nowAt)))
    return { label: tag === ALL ? config.badgeLabel : tag, ...tally }
  }

  async function ofCheck({ badgeKey }: BadgeSubject): Promise<Badge | null> {
    const check = await store.checkSearch.findByBadgeKey(badgeKey)
    if (check === null) return null
    return { label: check.name === '' ? check.code : check.name, ...tallyOf([shownStatus(check, clock())]) }
  }

  return async ({ subject, showsLate, format }) => {
    const badge = await (subject.kind === 'tag' ? ofTag(subject) : ofCheck(subject))
    if (badge === null || format === null) return null
    const type = format === 'svg' ? 'image/svg+xml' : 'application/json'
    return { type, text: drawn(badge, { showsLate, format }) }
  }
}

/** Pictures and figures for anybody who knows their address: spec/management-api.md §9. Other paths go on. */
export function badgeDoor(app: App): RequestHandler {
  const { signer, clock } = app
  const make = badgeMaker(app)

  return async (request, response, next) => {
    const address = addressOf(request)
    if (address === null) return next()
    contextOf(request).route = 'badge'
    switch (request.method) {
      case 'GET':
        return await answer(response, address)
      case 'OPTIONS':
        return nothing(response, 204)
      case 'POST':
      case 'PUT':
      case 'PATCH':
      case 'DELETE':
        return noPage(response, 403)
      default:
        return nothing(response, 405)
    }
  }

  async function answer(response: Response, address: BadgeAddress): Promise<void> {
    if (address.format === null || !isSigned(address.subject)) return nothing(response, 404)
    const badge = await make(address)
    if (badge === null) return noPage(response)
    open(response)
    response.setHeader('Content-Type', badge.type)
    response.end(badge.text)
  }

  function isSigned(subject: BadgeSubject): boolean {
    return (
      subject.kind === 'check' || sameSecret(signer.badge(subject.badgeKey, subject.tag), subject.signature)
    )
  }

  function nothing(response: Response, status: number): void {
    open(response)
    response.statusCode = status
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end()
  }

  /** Badges are shown on the pages of others, and always as things are now. */
  function open(response: Response): void {
    allowOrigins(response, ['GET'])
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    response.setHeader('Cache-Control', NEVER_KEPT)
    response.setHeader('Expires', new Date(clock()).toUTCString())
  }
}

function drawn(
  { label, ...tally }: Badge,
  { showsLate, format }: { showsLate: boolean; format: BadgeFormat },
): string {
  const state = badgeState(tally, { showsLate })
  switch (format) {
    case 'json':
      return JSON.stringify({ status: state, ...tally })
    case 'shields':
      return JSON.stringify(shieldsBadge(label, state))
    case 'svg':
      return svgBadge(label, state)
  }
}

/** Null when it is somebody else's. */
function addressOf({ path }: Request): BadgeAddress | null {
  if (!path.startsWith('/b/') && !path.startsWith('/badge/')) return null
  try {
    return readBadgePath(decodeURIComponent(path))
  } catch {
    return null
  }
}
