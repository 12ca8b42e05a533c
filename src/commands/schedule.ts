import { preview } from '../core/schedule-preview'
import { kindOf, scheduleProblem } from '../core/schedule-problem'
import { inWords } from '../core/schedule-words'
import type { ExpressionSchedule } from '../core/schedule'
import type { Instant } from '../core/time'
import { wallTime } from '../core/zones/wall-time'
import { systemClock } from '../world/clock'
import { command, EXIT, type Call } from './command'
import { answerLine, MOST_RUNS, previousRuns } from './schedule-lines'

/** As many as the preview on the pages has ([S65] of spec/schedules.md). */
const RUNS = '6'

/** Tells what an expression means and when it comes; nothing is read or written. */
export const schedule = command({
  name: 'schedule',
  help: `Usage: rollcall schedule [options] EXPRESSION
       rollcall schedule --stdin

Tells what a cron or OnCalendar expression means, and when it comes next.

  --kind KIND        cron or oncalendar (else by its looks: five fields are cron)
  --tz ZONE          the time zone it is meant in, such as Europe/Riga (UTC)
  --after TIME       from when on, as 2025-03-30T01:00:00Z (now); UTC unless it says otherwise
  --count N          how many of the next runs (${RUNS}, at most ${MOST_RUNS})
  --previous N       how many of the runs before (0, at most ${MOST_RUNS})
  --stdin            reads JSON lines such as {"kind": "cron", "schedule": "0 4 * * *", "tz": "UTC",
                     "after": 1735689600, "count": 3, "previous": 1} and answers each with one line:
                     {"ok": true, "words": …, "next": […], "previous": […]} with Unix seconds,
                     or {"ok": false, "error": …}
  --help             this text`,
  options: {
    kind: { type: 'string' },
    tz: { type: 'string', default: 'UTC' },
    after: { type: 'string' },
    count: { type: 'string', default: RUNS },
    previous: { type: 'string', default: '0' },
    stdin: { type: 'boolean' },
  },
  takesArguments: true,
  withoutSettings: true,
  async run(options, call) {
    if (options.stdin) return answerLines(call)
    const question = readQuestion(options, call.args)
    if (typeof question === 'string') {
      call.terminal.err(`${question} See: rollcall schedule --help`)
      return EXIT.usage
    }
    const problem = scheduleProblem(question.schedule)
    if (problem !== null) {
      call.terminal.err(problem)
      return EXIT.failed
    }
    for (const line of describe(question)) call.terminal.out(line)
    return EXIT.done
  },
})

/** One line out for each line in, in order, as soon as it comes. */
async function answerLines({ terminal }: Call): Promise<number> {
  for await (const lines of terminal.lines()) {
    const answers = lines.map((line) => `${answerLine(line, systemClock())}\n`)
    await terminal.pass('out', Buffer.from(answers.join('')))
  }
  return EXIT.done
}

interface Question {
  schedule: ExpressionSchedule
  afterAt: Instant
  count: number
  previous: number
}

interface Options {
  kind?: string | undefined
  tz: string
  after?: string | undefined
  count: string
  previous: string
}

/** What was asked, or a sentence about what is wrong with the question. */
function readQuestion(options: Options, args: readonly string[]): Question | string {
  const [expression, ...more] = args
  if (expression === undefined) return 'Give an expression, such as "0 4 * * *".'
  if (more.length > 0) return 'Give one expression, in quotes.'
  const kind = options.kind ?? kindOf(expression)
  if (kind !== 'cron' && kind !== 'oncalendar') return '--kind is cron or oncalendar.'
  const afterAt = options.after === undefined ? systemClock() : readTime(options.after)
  if (afterAt === null) return '--after is a time such as 2025-03-30T01:00:00Z.'
  const [count, previous] = [readCount(options.count), readCount(options.previous)]
  if (count === null || previous === null) return `--count and --previous are numbers up to ${MOST_RUNS}.`
  return { schedule: { kind, expression, tz: options.tz }, afterAt, count, previous }
}

/** ISO 8601; without an offset it is UTC, wherever the program runs. */
function readTime(text: string): Instant | null {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text)
  if (!parts) return null
  const [, date = '', time = '00:00', offset = 'Z'] = parts
  const at = Date.parse(`${date}T${time}${offset.toUpperCase().replace(/^(...)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(at) ? null : at
}

function readCount(text: string): number | null {
  const count = /^\d+$/.test(text) ? Number(text) : NaN
  return count <= MOST_RUNS ? count : null
}

function describe({ schedule, afterAt, count, previous }: Question): string[] {
  const before = previousRuns(schedule, afterAt, previous).toReversed()
  const next = preview(schedule, { afterAt, count })
  return [
    inWords(schedule),
    ...titled(
      `Before ${shown(afterAt, schedule.tz)}`,
      before.map((at) => shown(at, schedule.tz)),
      previous,
    ),
    ...titled(
      'Next',
      next.map(({ at, note }) => `${shown(at, schedule.tz)}${note === undefined ? '' : `   ${note}`}`),
      count,
    ),
  ]
}

function titled(title: string, lines: readonly string[], wanted: number): string[] {
  if (wanted === 0) return []
  const end = lines.length < wanted ? ['no more'] : []
  return ['', `${title}:`, ...[...lines, ...end].map((line) => `  ${line}`)]
}

/** 'Sun 2025-03-30 03:00 +02:00 (01:00 UTC)'; the day in UTC only where it is another. */
function shown(at: Instant, tz: string): string {
  const [here, utc] = [wallTime(at, tz), wallTime(at, 'UTC')]
  const there = here.date === utc.date ? utc.time : `${utc.date} ${utc.time}`
  return `${here.weekday} ${here.date} ${here.time} ${here.offset} (${there} UTC)`
}
