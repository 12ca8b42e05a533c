import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import type { Ping } from '../../core/ping'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import { reaches } from '../../core/role'
import { isTimed, mergeDays, runDaysOf } from '../../core/run-stats'
import type { RunDay } from '../../core/run-stats'
import type { Run } from '../../core/runs'
import { DAY } from '../../core/time'
import type { Instant } from '../../core/time'
import { intervals } from '../../core/uptime'
import { integrationOf } from '../../integrations/registry'
import { checkOf, onCheck, projectOf, roleOf, visitorOf } from '../auth'
import { targetOf, titleOf } from '../channel-names'
import { boardOf } from '../board'
import { checkPage } from '../check-page'
import { toldChannels } from '../check-told'
import { liveCheck, TOLD } from '../live-check'
import { logEntries } from '../log'
import { pathsBelow } from '../paths'
import { neighbourLinks } from '../neighbours'
import { answerPoll, Versions } from '../polls'
import { numberOf, valueOf } from '../query'
import { render } from '../render'
import { rangeOf, runChart } from '../run-chart'
import type { Range } from '../run-chart'
import { RunHistory } from '../run-history'
import { nameOf, rootPath } from '../show'
import { markRead } from '../unread'
import { monthCards } from '../uptime-calendar'

/** Events on the page at first, and at most. */
const EVENTS = 30
const MOST_EVENTS = 1000
const MORE_EVENTS = 100

/** Months of the uptime calendar, the current one included. */
const MONTHS = 3

/** Most changes of status that are looked at for them. */
const MOST_FLIPS = 5000

/** Bodies up to this size are read to show how they begin; of larger ones only the size is shown. */
const SMALL_BODY_BYTES = 2000

/** The details of a check: web-ui.md C04. */
export function checkPages(app: App): Router {
  const { store, config, clock } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const versions = new Versions()
  const board = boardOf(app)
  const history = new RunHistory(store)

  routes.get(
    '/checks/:check/details/',
    onCheck('read-only'),
    async (request: Request, response: Response) => {
      const check = checkOf(request)
      const project = projectOf(request)
      const { user } = visitorOf(request)
      const ownTz = user.tz
      const tz = zoneOf(valueOf(request, 'tz'), check, ownTz)
      const limit = numberOf(request, 'events', EVENTS, MOST_EVENTS)
      const owner = await store.users.find(project.ownerId)
      const afterN = lastHiddenN(check, logLimitOf(project, owner))
      const nowAt = clock()
      const range = rangeOf(valueOf(request, 'chart'))
      const months = intervals('month', MONTHS, nowAt, tz)
      const [pings, flips, told, channels, switches, snapshot, usualSort, { runs, days }, monthFlips, older] =
        await Promise.all([
          store.pings.latest(check.id, { afterN, limit: limit + 1 }),
          store.flips.latest(check.id, { sinceAt: 0, limit: limit + 1 }),
          store.notifications.ofCheck(check.id, limit + 1),
          store.channels.ofProject(project.id),
          store.switches.ofChecks([check.id]),
          board.now(project.id),
          store.listSettings.sortOf(user.id),
          runsIn(range, check, afterN, nowAt),
          store.flips.latest(check.id, { sinceAt: months.at(-1)?.startAt ?? 0, limit: MOST_FLIPS }),
          'days' in range ? store.runDays.since(check.id, nowAt - range.days * DAY) : [],
        ])
      const bodies = await smallBodies(check, pings.slice(0, EVENTS))
      const tookMs = await store.pingLog.durations(check.id, pings)
      const channelNames = new Map(channels.map((each) => [each.id, titleOf(each)]))
      const pingUrl = (n: number): string => paths.ping(check.code, n)
      const runUrl = (runId: string): string => paths.run(check.code, runId)
      const events = logEntries({ pings, tookMs, flips, told, channelNames, bodies, tz, pingUrl, runUrl })
      const model = checkPage({
        check,
        project,
        told: toldChannels({
          channels: channels.map((channel) => ({
            channel,
            kindLabel: integrationOf(channel.kind)?.label ?? channel.kind,
            target: targetOf(channel),
          })),
          on: switches.get(check.id) ?? new Set(),
          told,
          check,
          tz,
          paths,
        }),
        neighbours: neighbourLinks(
          snapshot,
          { text: valueOf(request, 'list'), usualSort, downFirst: user.appearance.downFirst },
          check.id,
          paths,
        ),
        pings,
        flips,
        events: events.slice(0, limit),
        olderUrl: events.length > limit && limit < MOST_EVENTS ? `?events=${limit + MORE_EVENTS}` : null,
        chart: runChart({
          range,
          runs,
          days:
            'days' in range
              ? mergeDays([...older, ...days, ...daysWithin(runs, nowAt - range.days * DAY)])
              : [],
          graceMs: check.graceMs,
          nowAt,
          tz,
          pingUrl,
          rangeUrl: (key) => `?chart=${key}#run-times`,
          helpUrl: `${paths.checkPart(check.code, 'usage')}?lang=shell&variant=status`,
        }),
        months: monthCards({ check, flips: monthFlips, nowAt, tz }, MONTHS),
        runs,
        may: reaches(roleOf(request), 'member'),
        poll: {
          url: paths.checkPart(check.code, 'status'),
          version: versions.of(check.code, liveCheck(check, told, nowAt)),
        },
        ownTz,
        sharesSlug:
          check.slug !== '' &&
          snapshot.all.some(({ check: { id, slug } }) => id !== check.id && slug === check.slug),
        nowAt,
        tz,
        pingEndpoint: config.pingEndpoint,
        emailDomain: config.smtpd === null ? null : config.pingEmailDomain,
        paths,
      })
      await markRead(store, user.id, check)
      const isDown = model.status.shape === 'down'
      await render(request, response, 'check', model, {
        title: nameOf(check),
        project,
        section: 'checks',
        ...(isDown ? { alarm: 'DOWN' } : {}),
        scripts: ['chart', 'details'],
        canRefresh: true,
        counts: snapshot.counts,
      })
    },
  )

  routes.get('/checks/:check/status/', onCheck('read-only'), async (request: Request, response: Response) => {
    const check = checkOf(request)
    const nowAt = clock()
    const polled = liveCheck(check, await store.notifications.ofCheck(check.id, TOLD), nowAt)
    await answerPoll(request, response, { versions, scope: check.code, polled, nowAt })
  })

  /** Of a range of days, those long ago are summed up already. */
  async function runsIn(
    range: Range,
    check: Check,
    afterN: number,
    nowAt: Instant,
  ): Promise<{ runs: Run[]; days: RunDay[] }> {
    if ('days' in range) return history.since(check, { afterN, sinceAt: nowAt - range.days * DAY, nowAt })
    return { runs: await store.runs.latest(check.id, { afterN, ...reachOf(range) }), days: [] }
  }

  async function smallBodies(check: Check, pings: Ping[]): Promise<Map<number, Buffer>> {
    const small = pings.filter(({ bodyBytes }) => bodyBytes > 0 && bodyBytes <= SMALL_BODY_BYTES)
    const read = await Promise.all(
      small.map(async ({ n }) => [n, await store.pings.body(check.id, n)] as const),
    )
    return new Map(read.flatMap(([n, body]) => (body === null ? [] : [[n, body]])))
  }

  return routes
}

/** How far back the runs of a range are looked for: a run may have several pings, and be interleaved with others. */
function reachOf(range: { runs: number }): { limit: number; mostPings: number } {
  // As many again: the trend is against those before.
  return { limit: 3 * range.runs, mostPings: 8 * range.runs }
}

function daysWithin(runs: Run[], sinceAt: Instant): RunDay[] {
  return runDaysOf(runs.filter(isTimed).filter(({ endedAt }) => endedAt >= sinceAt))
}

/** UTC, the zone of the visitor, or that of the check: others are not offered. */
function zoneOf(wanted: string, { schedule }: Check, ownTz: string): string {
  const offered = ['UTC', ...(schedule.kind === 'period' ? [] : [schedule.tz])]
  return offered.find((each) => each === wanted) ?? ownTz
}
