import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import type { Ping } from '../../core/ping'
import { lastHiddenN } from '../../core/ping-log'
import { integrationOf } from '../../integrations/registry'
import { checkOf, onCheck, projectOf, visitorOf } from '../auth'
import { targetOf, titleOf } from '../channel-names'
import { checkPage } from '../check-page'
import { countsOf } from '../frame'
import { logEntries } from '../log'
import { pathsBelow } from '../paths'
import { numberOf } from '../query'
import { render } from '../render'
import { nameOf, rootPath } from '../show'

/** Events on the page at first, and at most. */
const EVENTS = 30
const MOST_EVENTS = 1000
const MORE_EVENTS = 100

/** Bodies up to this size are read to show how they begin; of larger ones only the size is shown. */
const SMALL_BODY_BYTES = 2000

/** The details of a check: web-ui.md C04. */
export function checkPages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get(
    '/checks/:check/details/',
    onCheck('read-only'),
    async (request: Request, response: Response) => {
      const check = checkOf(request)
      const project = projectOf(request)
      const { tz } = visitorOf(request).user
      const limit = numberOf(request, 'events', EVENTS, MOST_EVENTS)
      const owner = await store.users.find(project.ownerId)
      const afterN = lastHiddenN(check, owner)
      const [pings, flips, told, channels, siblings] = await Promise.all([
        store.pings.latest(check.id, { afterN, limit: limit + 1 }),
        store.flips.latest(check.id, { sinceAt: 0, limit: limit + 1 }),
        store.notifications.ofCheck(check.id, limit + 1),
        store.channels.ofCheck(check.id),
        store.checks.ofProject(project.id),
      ])
      const bodies = await smallBodies(check, pings.slice(0, EVENTS))
      const tookMs = await store.pingLog.durations(check.id, pings)
      const channelNames = new Map(channels.map((each) => [each.id, titleOf(each)]))
      const pingUrl = (n: number): string => paths.ping(check.code, n)
      const events = logEntries({ pings, tookMs, flips, told, channelNames, bodies, tz, pingUrl })
      const nowAt = clock()
      const model = checkPage({
        check,
        project,
        channels: channels.map((channel) => ({
          channel,
          kindLabel: integrationOf(channel.kind)?.label ?? channel.kind,
          target: targetOf(channel),
        })),
        pings,
        flips,
        events: events.slice(0, limit),
        olderUrl: events.length > limit && limit < MOST_EVENTS ? `?events=${limit + MORE_EVENTS}` : null,
        nowAt,
        tz,
        pingEndpoint: config.pingEndpoint,
        emailDomain: config.smtpd === null ? null : config.pingEmailDomain,
        paths,
      })
      const isDown = model.status.shape === 'down'
      await render(request, response, 'check', model, {
        title: nameOf(check),
        project,
        section: 'checks',
        ...(isDown ? { alarm: 'DOWN' } : {}),
        counts: countsOf(siblings, nowAt),
      })
    },
  )

  async function smallBodies(check: Check, pings: Ping[]): Promise<Map<number, Buffer>> {
    const small = pings.filter(({ bodyBytes }) => bodyBytes > 0 && bodyBytes <= SMALL_BODY_BYTES)
    const read = await Promise.all(
      small.map(async ({ n }) => [n, await store.pings.body(check.id, n)] as const),
    )
    return new Map(read.flatMap(([n, body]) => (body === null ? [] : [[n, body]])))
  }

  return routes
}
