import { alertAfter, expectedAt } from '../core/check'
import type { Check, Flip } from '../core/check'
import { downReason } from '../core/downtimes'
import type { Ping } from '../core/ping'
import { LONGEST_RUN_MS } from '../core/run-times'
import type { Run } from '../core/runs'
import type { Instant } from '../core/time'
import { count, periodInWords } from '../core/words'
import { evaluated, fixedMoment, moment, statusOf, took } from './show'
import type { Sentence } from './view-parts'

/** How a check is, and why: the sentences of web-ui.md C04. */

const SHORT_RUN_ID = 5

export interface StatusSource {
  check: Check
  /** Newest first, as all of these; as far as the log is read. */
  pings: Ping[]
  flips: Flip[]
  runs: Run[]
  nowAt: Instant
  tz: string
}

export function statusInWords(source: StatusSource): { headline: Sentence; sentence: Sentence } {
  const { check, flips, nowAt, tz } = source
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
      return { headline: ['Down since ', fixedMoment(since, tz)], sentence: whyDown(source, since) }
    }
    case 'paused': {
      const since = flips.find(({ to }) => to === 'paused')?.at
      const headline: Sentence = since === undefined ? ['Paused'] : ['Paused since ', fixedMoment(since, tz)]
      const next = check.manualResume
        ? 'Pings are ignored until you resume.'
        : 'No alarm is raised. The next ping resumes it.'
      return { headline, sentence: [next] }
    }
  }
}

function whyDown({ check, flips, pings, runs, tz }: StatusSource, since: Instant): Sentence {
  const at = (instant: Instant): ReturnType<typeof fixedMoment> => fixedMoment(instant, tz)
  // One that nobody has noticed yet.
  const missed: Flip = { at: since, from: check.status, to: 'down', reason: 'timeout', silent: false }
  const flip = flips.find((each) => each.to === 'down' && each.at === since) ?? missed
  // Its start may have left the log.
  const open = check.openRun === null ? [] : [{ ...check.openRun, endedAt: null }]
  switch (downReason(flip, [...runs, ...open], check.graceMs)) {
    case 'failure': {
      const exit = pings.find((each) => each.kind === 'fail' && each.at === since)?.exitStatus ?? null
      return [`The job reported failure${exit === null ? '' : ` (exit status ${exit})`}.`]
    }
    case 'run took too long':
      return [
        'The run that started at ',
        at(since - check.graceMs),
        ` did not finish within ${periodInWords(check.graceMs)}.`,
      ]
    case 'schedule changed':
      return ['Its schedule was changed, and by the new one it is overdue. Nobody was told.']
    case 'timeout':
      return ['No success ping arrived within the grace time after ', at(since - check.graceMs), '.']
  }
}

function lastPing(check: Check, tz: string): Sentence {
  return check.lastPingAt === null ? [] : ['Last ping ', moment(check.lastPingAt, tz), '.']
}

/** The run that is open, and what comes next. */
export function notesOf({ check, runs, nowAt, tz }: StatusSource): Sentence[] {
  const notes: Sentence[] = []
  if (check.openRun !== null) {
    const { startedAt, runId } = check.openRun
    const run = runId === null ? '' : `, run ${runId.slice(0, SHORT_RUN_ID)}`
    const others = runs.filter(
      (each) =>
        each.outcome === 'open' && each.startedAt !== startedAt && nowAt - each.startedAt < LONGEST_RUN_MS,
    ).length
    const forMs = Math.max(0, nowAt - startedAt)
    const allowed = periodInWords(check.graceMs)
    const limit = forMs > check.graceMs ? `, longer than the ${allowed} it may take` : ` of ${allowed}`
    notes.push([
      `Running for ${took(forMs)}${limit} (started `,
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
