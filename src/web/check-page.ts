import type { Check } from '../core/check'
import { suggestedCron } from '../core/cron/suggestion'
import { isTimed, statsOf } from '../core/run-stats'
import type { Run } from '../core/runs'
import { preview } from '../core/schedule-preview'
import { MINUTE } from '../core/time'
import { periodInWords } from '../core/words'
import type { MonthCard, RunChart } from './chart-models'
import { notesOf, statusInWords } from './check-status'
import type { StatusSource } from './check-status'
import type { ToldChannel } from './check-told'
import { zoneLinks } from './check-zones'
import { linked } from './linked'
import type { Paths } from './paths'
import { wordsOf } from './schedule-preview'
import { evaluated, fixedMoment, mark, markOf, moment, nameOf, pingUrlOf, tagsOf, took } from './show'
import type { CheckPage } from './check-models'
import type { Ending, LogEntry } from './view-parts'

/** How many runs to come the page lists. */
const NEXT_TIMES = 5

/** How many of the last runs tell whether the grace time is enough. */
const JUDGED_RUNS = 50

/** So long the page says that the first ping has come. */
const FIRST_PING_MS = 10 * MINUTE

export interface CheckSource extends StatusSource {
  project: { code: string; name: string; pingKey: string | null }
  /** Another check of the project has the same slug. */
  sharesSlug: boolean
  /** Of the visitor; `tz` is what this page shows times in. */
  ownTz: string
  told: ToldChannel[]
  neighbours: CheckPage['neighbours']
  events: LogEntry[]
  older: CheckPage['older']
  /** Set when events before the newest are looked at. */
  newestUrl: string | null
  /** Of this page, with these parameters set and the others as they are. */
  address(changes: { tz?: string; chart?: string; before?: string }): string
  pingEndpoint: string
  chart: RunChart
  months: MonthCard[]
  may: boolean
  poll: CheckPage['poll']
  /** Of the addresses of checks; null while no mails are taken. */
  emailDomain: string | null
  paths: Paths
}

/** What can be added to a ping address: web-ui.md C04. */
export const ENDINGS: Ending[] = [
  { ending: '(nothing)', meaning: 'the job has finished well' },
  { ending: '/start', meaning: 'it has started: run times are measured, and a run that hangs is noticed' },
  { ending: '/fail', meaning: 'it has failed: the alarm is raised at once' },
  { ending: '/log', meaning: 'only keep this message; the status stays as it is' },
  { ending: '/0 … /255', meaning: 'its exit status: 0 is success, all others are failures' },
  { ending: '?rid=…', meaning: 'a UUID of your choice that tells runs apart when several overlap' },
]

/** Everything about one check: web-ui.md C04. */
export function checkPage(source: CheckSource): CheckPage {
  const { check, project, nowAt, tz, paths } = source
  const { code } = check
  const pingUrl = pingUrlOf(check, source.pingEndpoint)
  const curl = `curl -fsS -m 10 --retry 5 -o /dev/null ${pingUrl.whole}`
  return {
    name: nameOf(check),
    code,
    tags: tagsOf(check).map((tag) => ({
      text: tag,
      url: `${paths.checks(project.code)}?tag=${encodeURIComponent(tag)}`,
    })),
    description: check.description === '' ? [] : check.description.split(/\r?\n/).map(linked),
    trail: [{ text: project.name, url: paths.checks(project.code) }],
    status: markOf(check, nowAt),
    ...statusInWords(source),
    notes: notesOf(source),
    isWaiting: check.pingCount === 0 && check.status === 'new',
    waitingMark: mark('new', true),
    firstPing: firstPingOf(source),
    pingUrl,
    curl,
    crontab: `${cronOf(check)} /path/to/job && ${curl}`,
    endings: ENDINGS,
    emailAddress: source.emailDomain === null ? null : `${code}@${source.emailDomain}`,
    pingNote: check.postOnly ? 'Only POST requests count.' : '',
    bySlug: bySlugOf(source),
    zones: zoneLinks(check, source, (tz) => `${source.address({ tz })}#events`),
    may: source.may,
    poll: source.poll,
    chart: source.chart,
    months: source.months,
    schedule: scheduleOf(source),
    told: source.told,
    neighbours: source.neighbours,
    channelsUrl: paths.channels(project.code),
    addChannelUrl: paths.addChannel(project.code),
    events: source.events,
    older: source.older,
    newestUrl: source.newestUrl,
    tz,
    isPaused: check.status === 'paused',
    urls: {
      edit: paths.checkPart(code, 'name'),
      schedule: paths.checkPart(code, 'timeout'),
      filters: paths.checkPart(code, 'filtering_rules'),
      pause: paths.checkPart(code, 'pause'),
      resume: paths.checkPart(code, 'resume'),
      remove: paths.checkPart(code, 'remove'),
      pingNow: paths.checkPart(code, 'ping_now'),
      copy: paths.checkPart(code, 'copy'),
      transfer: paths.checkPart(code, 'transfer'),
      clear: paths.checkPart(code, 'clear_events'),
      usage: paths.checkPart(code, 'usage'),
      log: paths.checkPart(code, 'log'),
      downtimes: paths.checkPart(code, 'downtimes'),
      channels: paths.checkPart(code, 'channels'),
    },
  }
}

/** For a while after it has come. */
function firstPingOf({ check, pings, nowAt, tz }: CheckSource): CheckPage['firstPing'] {
  const first = pings.find(({ n }) => n === 1)
  if (first === undefined || nowAt - first.at > FIRST_PING_MS || check.status === 'paused') return null
  const from = first.scheme === 'email' ? 'a mail' : (first.remoteAddress ?? '')
  return { time: moment(first.at, tz), from }
}

function scheduleOf({ check, nowAt, runs }: CheckSource): CheckPage['schedule'] {
  const { schedule } = check
  const words = evaluated(() => wordsOf(schedule))
  const problem =
    words === null ? 'This schedule cannot be used: no alarm is raised until you change it.' : ''
  const known = {
    words: words ?? '',
    grace: periodInWords(check.graceMs),
    problem,
    hint: hintOf(check, runs),
  }
  if (schedule.kind === 'period') return { ...known, lines: [], tz: '', next: [] }
  const { expression, tz } = schedule
  const times = evaluated(() => preview(schedule, { afterAt: nowAt, count: NEXT_TIMES })) ?? []
  return {
    ...known,
    lines: expression.trim().split(/\s*\n\s*/),
    tz,
    next: times.map(({ at, note }) => ({ time: fixedMoment(at, tz), note: note ?? '' })),
  }
}

/** The other way to address a check, for jobs that should not know its code: web-ui.md C04. */
function bySlugOf({
  check,
  project,
  sharesSlug,
  may,
  pingEndpoint,
  paths,
}: CheckSource): CheckPage['bySlug'] {
  if (check.slug === '') {
    const link = { text: 'Set a slug first', url: paths.checkPart(check.code, 'name') }
    return {
      url: null,
      text: may ? '' : 'It has no slug, so it has no address by name.',
      link: may ? link : null,
    }
  }
  // Its ping key is not for those who only read.
  if (!may) return { url: null, text: '', link: null }
  if (project.pingKey === null) {
    const link = { text: 'Create a ping key', url: paths.keys(project.code) }
    const text = 'For an address by name, the project needs a ping key.'
    return { url: null, text, link }
  }
  const rest = `${project.pingKey}/${check.slug}`
  return {
    url: { endpoint: pingEndpoint, rest, whole: pingEndpoint + rest },
    text: sharesSlug
      ? 'Another check uses this slug. Pings by slug are refused (409) until it is unique.'
      : '',
    link: null,
  }
}

/** The expression of a crontab that starts the job when it is expected; nightly, where there is none. */
function cronOf({ schedule }: Check): string {
  if (schedule.kind === 'cron') return schedule.expression
  return (schedule.kind === 'period' ? suggestedCron(schedule.periodMs) : null) ?? '0 3 * * *'
}

/** Runs that are longer than they may be bring down a check that is well. */
function hintOf({ graceMs }: Check, runs: Run[]): string {
  const stats = statsOf(runs.filter(isTimed).slice(0, JUDGED_RUNS))
  if (stats === null || stats.p95Ms <= graceMs) return ''
  return `Runs took up to ${took(stats.p95Ms)} lately; the grace time is ${periodInWords(graceMs)}.`
}
