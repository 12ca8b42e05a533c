import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import type { Check } from '../../core/check'
import { lastHiddenN, logLimitOf } from '../../core/ping-log'
import { reaches } from '../../core/role'
import { isTimed, mergeDays, runDaysOf } from '../../core/run-stats'
import type { RunDay } from '../../core/run-stats'
import type { Run } from '../../core/runs'
import { DAY } from '../../core/time'
import type { Instant } from '../../core/time'
import { intervals } from '../../core/uptime'
import { NEWEST } from '../../store/event-log'
import { integrationOf } from '../../integrations/registry'
import { checkOf, onCheck, projectOf, roleOf, visitorOf } from '../auth'
import { targetOf } from '../channel-names'
import { boardOf } from '../board'
import { checkPage } from '../check-page'
import type { CheckSource } from '../check-page'
import { toldChannels } from '../check-told'
import { zoneOf } from '../check-zones'
import { liveCheck, TOLD } from '../live-check'
import { entriesOf } from '../log-entries'
import { cursorOf, cursorText, everything, logQuery } from '../log-filter'
import { pathsBelow } from '../paths'
import { neighbourLinks } from '../neighbours'
import { answerPoll, Versions } from '../polls'
import { valueOf } from '../query'
import { render } from '../render'
import { rangeOf, runChart } from '../run-chart'
import type { Range } from '../run-chart'
import { RunHistory } from '../run-history'
import { nameOf, rootPath } from '../show'
import { markRead } from '../unread'
import { monthCards } from '../uptime-calendar'

/** Events on the page at first, and of each older page. */
const EVENTS = 30
const MORE_EVENTS = 50

/** Changes of status, and alerts, that are looked at for how the check is and who was told last. */
const LATEST = 50

/** Months of the uptime calendar, the current one included. */
const MONTHS = 3

/** Most changes of status that are looked at for them. */
const MOST_FLIPS = 5000

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
      const before = cursorOf(valueOf(request, 'before'))
      const filter = everything({ tz, ownTz })
      const owner = await store.users.find(project.ownerId)
      const afterN = lastHiddenN(check, logLimitOf(project, owner))
      const nowAt = clock()
      const range = rangeOf(valueOf(request, 'chart'))
      const months = intervals('month', MONTHS, nowAt, tz)
      const found = await store.eventLog.page(check.id, {
        filter: filter.events,
        before: before ?? NEWEST,
        afterN,
        limit: before === null ? EVENTS : MORE_EVENTS,
      })
      const [
        flips,
        told,
        channels,
        switches,
        snapshot,
        { sort: usualSort },
        { runs, days },
        monthFlips,
        older,
      ] = await Promise.all([
        store.flips.latest(check.id, { sinceAt: 0, limit: LATEST }),
        store.notifications.ofCheck(check.id, LATEST),
        store.channels.ofProject(project.id),
        store.switches.ofChecks([check.id]),
        board.now(project.id),
        store.listSettings.of(user.id),
        runsIn(range, check, afterN, nowAt),
        store.flips.latest(check.id, { sinceAt: months.at(-1)?.startAt ?? 0, limit: MOST_FLIPS }),
        'days' in range ? store.runDays.since(check.id, nowAt - range.days * DAY) : [],
      ])
      const pingUrl = (n: number): string => paths.ping(check.code, n)
      const address = addressOf(request)
      const live = { check, told, nowAt, counts: snapshot.counts, checksUrl: paths.checks(project.code) }
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
        pings: found.events.flatMap((each) => (each.type === 'ping' ? [each.ping] : [])),
        flips,
        events: await entriesOf(store, {
          check,
          events: found.events,
          channels,
          tz,
          paths,
          pingQuery: '',
        }),
        older:
          found.next === null
            ? null
            : {
                url: `${address({ before: cursorText(found.next) })}#events`,
                eventsUrl: `${paths.checkPart(check.code, 'log_events')}?${logQuery(filter, { before: cursorText(found.next) })}`,
              },
        newestUrl: before === null ? null : `${address({})}#events`,
        address,
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
          rangeUrl: (chart) => `${address({ chart })}#run-times`,
          helpUrl: `${paths.checkPart(check.code, 'usage')}?lang=shell&variant=status`,
        }),
        months: monthCards({ check, flips: monthFlips, nowAt, tz }, MONTHS),
        runs,
        may: reaches(roleOf(request), 'member'),
        poll: {
          url: paths.checkPart(check.code, 'status'),
          version: versions.of(check.code, liveCheck(live)),
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
        scripts: ['details', 'events'],
        canRefresh: true,
        shown: model.status.shape,
        counts: snapshot.counts,
      })
    },
  )

  routes.get('/checks/:check/status/', onCheck('read-only'), async (request: Request, response: Response) => {
    const check = checkOf(request)
    const { id, code } = projectOf(request)
    const nowAt = clock()
    const [told, { counts }] = await Promise.all([
      store.notifications.ofCheck(check.id, TOLD),
      board.lately(id),
    ])
    const polled = liveCheck({ check, told, nowAt, counts, checksUrl: paths.checks(code) })
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

/** Makes the address of this page with something of it changed: what else was chosen stays. */
function addressOf(request: Request): CheckSource['address'] {
  const kept = (['list', 'tz', 'chart'] as const).map((name) => [name, valueOf(request, name)] as const)
  const chosen = Object.fromEntries(kept.filter(([, value]) => value !== ''))
  return (changes) => {
    return `?${new URLSearchParams({ ...chosen, ...changes }).toString()}`
  }
}
