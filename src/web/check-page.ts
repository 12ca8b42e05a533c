import { alertAfter, expectedAt } from '../core/check'
import type { Channel } from '../core/channel'
import type { Check, Flip } from '../core/check'
import type { Ping } from '../core/ping'
import { suggestedCron } from '../core/cron/suggestion'
import { LONGEST_RUN_MS } from '../core/run-times'
import { isTimed, statsOf } from '../core/run-stats'
import type { Run } from '../core/runs'
import { preview } from '../core/schedule-preview'
import type { Instant } from '../core/time'
import { count, periodInWords } from '../core/words'
import type { MonthCard, RunChart } from './chart-models'
import type { ToldChannel } from './check-told'
import type { Paths } from './paths'
import { wordsOf } from './schedule-preview'
import {
  evaluated,
  fixedMoment,
  mark,
  markOf,
  moment,
  nameOf,
  pingUrlOf,
  statusOf,
  tagsOf,
  took,
} from './show'
import type { CheckPage } from './view-models'
import type { Ending, LogEntry, Sentence } from './view-parts'

/** How many runs to come the page lists. */
const NEXT_TIMES = 5

/** How many of the last runs tell whether the grace time is enough. */
const JUDGED_RUNS = 50

const SHORT_RUN_ID = 5

export interface CheckSource {
  check: Check
  project: { code: string; name: string; pingKey: string | null }
  /** Another check of the project has the same slug. */
  sharesSlug: boolean
  /** Of the visitor; `tz` is what this page shows times in. */
  ownTz: string
  told: ToldChannel[]
  neighbours: CheckPage['neighbours']
  /** Newest first; as far as the log is read. */
  pings: Ping[]
  flips: Flip[]
  events: LogEntry[]
  olderUrl: string | null
  nowAt: Instant
  tz: string
  pingEndpoint: string
  chart: RunChart
  months: MonthCard[]
  /** Newest first. */
  runs: Run[]
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
    description: check.description === '' ? [] : check.description.split(/\r?\n/),
    trail: [{ text: project.name, url: paths.checks(project.code) }],
    status: markOf(check, nowAt),
    ...statusInWords(source),
    notes: notesOf(source),
    isWaiting: check.pingCount === 0 && check.status === 'new',
    waitingMark: mark('new', true),
    pingUrl,
    curl,
    crontab: `${cronOf(check)} /path/to/job && ${curl}`,
    endings: ENDINGS,
    emailAddress: source.emailDomain === null ? null : `${code}@${source.emailDomain}`,
    pingNote: check.postOnly ? 'Only POST requests count.' : '',
    bySlug: bySlugOf(source),
    zones: zonesOf(source),
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
    olderUrl: source.olderUrl,
    newestUrl: null,
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

function zonesOf({ check, ownTz, tz }: CheckSource): CheckPage['zones'] {
  const own = check.schedule.kind === 'period' ? [] : [check.schedule.tz]
  const zones = [...new Set(['UTC', ownTz, ...own])]
  return zones.length === 1
    ? []
    : zones.map((each) => ({ tz: each, url: `?tz=${encodeURIComponent(each)}#events`, current: each === tz }))
}

/** The expression of a crontab that starts the job when it is expected; nightly, where there is none. */
function cronOf({ schedule }: Check): string {
  if (schedule.kind === 'cron') return schedule.expression
  return (schedule.kind === 'period' ? suggestedCron(schedule.periodMs) : null) ?? '0 3 * * *'
}

/** Its symbol in the sprite. */
export function iconOf(kind: string): string {
  return ['email', 'webhook'].includes(kind) ? `kind-${kind}` : 'kind-other'
}

/** Why a channel tells nobody, or did not the last time; null when all is well. */
export function problemOf({ disabled, verified, lastError }: Channel): string | null {
  if (disabled) return 'disabled'
  if (!verified) return 'not confirmed yet'
  return lastError === '' ? null : lastError
}

/** The status and why: the sentences of web-ui.md C04. */
function statusInWords(source: CheckSource): { headline: Sentence; sentence: Sentence } {
  const { check, flips, nowAt, tz } = source
  const at = (instant: Instant): ReturnType<typeof fixedMoment> => fixedMoment(instant, tz)
  switch (statusOf(check, nowAt)) {
    case 'new': {
      const isFirst = check.pingCount === 0
      return { headline: ['New'], sentence: [isFirst ? 'No ping yet.' : 'Ready for pings.'] }
    }
    case 'up':
      return { headline: ['Up'], sentence: lastPing(check, tz) }
    case 'late': {
      const expected = evaluated(() => expectedAt(check))
      const sentence: Sentence = expected === null ? [] : ['A ping was due ', moment(expected, tz), '.']
      return { headline: ['Late'], sentence }
    }
    case 'down': {
      const flip = flips.find(({ to }) => to === 'down')
      const since = check.status === 'down' ? flip?.at : evaluated(() => alertAfter(check))
      if (since === undefined || since === null) return { headline: ['Down'], sentence: lastPing(check, tz) }
      return { headline: ['Down since ', at(since)], sentence: whyDown(source, since) }
    }
    case 'paused': {
      const since = flips.find(({ to }) => to === 'paused')?.at
      const headline: Sentence = since === undefined ? ['Paused'] : ['Paused since ', at(since)]
      const next = check.manualResume
        ? 'Pings are ignored until you resume.'
        : 'No alarm is raised. The next ping resumes it.'
      return { headline, sentence: [next] }
    }
  }
}

function whyDown({ check, flips, pings, tz }: CheckSource, since: Instant): Sentence {
  const at = (instant: Instant): ReturnType<typeof fixedMoment> => fixedMoment(instant, tz)
  const flip = flips.find((each) => each.to === 'down' && each.at === since)
  if (flip?.reason === 'fail') {
    const ping = pings.find((each) => each.kind === 'fail' && each.at === since)
    const exit = ping?.exitStatus ?? null
    return [`The job reported failure${exit === null ? '' : ` (exit status ${exit})`}.`]
  }
  if (check.openRun !== null && check.openRun.startedAt + check.graceMs === since) {
    return [
      'The run that started at ',
      at(check.openRun.startedAt),
      ` did not finish within ${periodInWords(check.graceMs)}.`,
    ]
  }
  return ['No success ping arrived within the grace time after ', at(since - check.graceMs), '.']
}

function lastPing(check: Check, tz: string): Sentence {
  return check.lastPingAt === null ? [] : ['Last ping ', moment(check.lastPingAt, tz), '.']
}

/** The run that is open, and what comes next. */
function notesOf({ check, runs, nowAt, tz }: CheckSource): Sentence[] {
  const notes: Sentence[] = []
  if (check.openRun !== null) {
    const { startedAt, runId } = check.openRun
    const run = runId === null ? '' : `, run ${runId.slice(0, SHORT_RUN_ID)}`
    const others = runs.filter(
      (each) =>
        each.outcome === 'open' && each.startedAt !== startedAt && nowAt - each.startedAt < LONGEST_RUN_MS,
    ).length
    notes.push([
      `Running for ${took(Math.max(0, nowAt - startedAt))} of ${periodInWords(check.graceMs)} (started `,
      moment(startedAt, tz),
      `${run})`,
      others === 0 ? '.' : `; ${count(others, 'other run')} open.`,
    ])
  }
  const shown = statusOf(check, nowAt)
  if (shown !== 'up' && shown !== 'late') return notes
  const expected = evaluated(() => expectedAt(check))
  const alarm = evaluated(() => alertAfter(check))
  if (shown === 'up' && expected !== null) notes.push(['Next ping expected ', moment(expected, tz), '.'])
  if (alarm !== null) {
    notes.push(['Goes down ', moment(alarm, tz), ' if nothing arrives.'])
  }
  return notes
}

/** Runs that are longer than they may be bring down a check that is well. */
function hintOf({ graceMs }: Check, runs: Run[]): string {
  const stats = statsOf(runs.filter(isTimed).slice(0, JUDGED_RUNS))
  if (stats === null || stats.p95Ms <= graceMs) return ''
  return `Runs took up to ${took(stats.p95Ms)} lately; the grace time is ${periodInWords(graceMs)}.`
}
