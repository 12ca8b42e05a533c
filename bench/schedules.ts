import { Cron } from 'croner'
import { CronExpressionParser } from 'cron-parser'
import { parseCron } from '../src/core/cron/parse'
import { parseOnCalendar } from '../src/core/oncalendar/parse'
import { nextDue } from '../src/core/schedule'
import type { ExpressionSchedule } from '../src/core/schedule'
import { ScheduleError } from '../src/core/zones/schedule-error'

/**
 * What the next occurrence costs per call, of mixed expressions in mixed zones, beside croner and cron-parser
 * in the same run; each reads its expression once and is asked from the same instants. The median is taken over
 * all calls, and the largest is the slowest expression's own median, so that a pause of the machine is not one.
 *
 *   npm run bench:schedules [-- --expressions 10000]
 */
const EXPRESSIONS = Number(process.argv[process.argv.indexOf('--expressions') + 1]) || 10_000
const CALLS = 5
const SLOWEST_MS = 2
const SLOWEST_PARSE_MS = 1
const WANTED_RATIO = 5

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Africa/Cairo',
]

/** The dear ones: leap days on one weekday, and walls of years that no clock shows. */
const RARE = ['0 0 29 2 1', '0 0 29 2 *', '0 0 29 2 MON#5', '0 0 * 2 MON#5', '59 23 31 12 *', '0 0 L 2 *']

/** Always the same sequence, so that runs can be compared. */
function sequence(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const pick = sequence(42)
const one = <T>(choices: readonly T[]): T => choices[pick(choices.length)]!

/** Only what all three understand in the same way. */
function anExpression(): string {
  const minute = one([
    '*',
    '*/5',
    '*/15',
    '0',
    `${pick(60)}`,
    `${pick(60)}`,
    `${pick(30)}-${30 + pick(30)}`,
    '0,30',
  ])
  const hour = one([
    '*',
    '*',
    '*/2',
    '*/6',
    `${pick(24)}`,
    `${pick(24)}`,
    `${pick(12)}-${12 + pick(12)}`,
    '3,15',
  ])
  const day = one(['*', '*', '*', '*', `${1 + pick(28)}`, '1,15', 'L'])
  const month = one(['*', '*', '*', '*', `${1 + pick(12)}`, '1-6', '*/3'])
  const weekday = day === '*' ? one(['*', '*', '1-5', `${pick(7)}`, '6,0']) : '*'
  return `${minute} ${hour} ${day} ${month} ${weekday}`
}

interface Case {
  expression: string
  tz: string
  starts: number[]
}

const cases = Array.from({ length: EXPRESSIONS }, (_, index): Case => {
  const expression = index % 100 === 0 ? RARE[(index / 100) % RARE.length]! : anExpression()
  const from = Date.UTC(2025, 0, 1) + pick(365 * 24 * 60) * 60_000
  return {
    expression,
    tz: one(ZONES),
    starts: Array.from({ length: CALLS }, (_, call) => from + call * 7_777_777),
  }
})

type Next = (start: number) => unknown

const libraries: Record<string, (given: Case) => Next> = {
  ours: ({ expression, tz }) => {
    const schedule: ExpressionSchedule = { kind: 'cron', expression, tz }
    return (start) => nextDue(schedule, start)
  },
  croner: ({ expression, tz }) => {
    const cron = new Cron(expression, { timezone: tz, paused: true })
    return (start) => cron.nextRun(new Date(start))
  },
  'cron-parser': ({ expression, tz }) => {
    const parsed = CronExpressionParser.parse(expression, { tz })
    return (start) => {
      parsed.reset(new Date(start))
      return parsed.next()
    }
  },
}

function measure(name: string, prepare: (given: Case) => Next): number {
  const all: number[] = []
  let slowest = { took: 0, expression: '' }
  let unable = 0
  for (const given of cases) {
    const took: number[] = []
    try {
      const next = prepare(given)
      for (const start of given.starts) {
        const begun = performance.now()
        next(start)
        took.push(performance.now() - begun)
      }
    } catch {
      unable++
      continue
    }
    all.push(...took)
    const usual = median(took)
    if (usual > slowest.took) slowest = { took: usual, expression: given.expression }
  }
  const middle = median(all)
  console.log(
    `${name.padEnd(12)} median ${inMicroseconds(middle)}   99 % ${inMicroseconds(quantile(all, 0.99))}` +
      `   slowest expression ${inMicroseconds(slowest.took)} (${slowest.expression})   refused ${unable}`,
  )
  if (name === 'ours' && slowest.took > SLOWEST_MS) fail(`${slowest.expression} takes ${slowest.took} ms`)
  return middle
}

/** Any 100 characters: reading them must end within a millisecond. Each text is read thrice, the quickest counts. */
function fuzz(): void {
  const alphabets = [
    '0123456789',
    '*/-,# L',
    '0123456789*/-,#~.: \tLWMONTUEjan',
    '\n \r\t*:',
    '1,',
    '1..,/9:',
    'é٣😀*/0',
  ]
  const texts = [
    `${'0-59,'.repeat(18)}1 * * * *`,
    `${'*,'.repeat(45)}* * * * *`,
    `${'0..59,'.repeat(16)}1:1`,
    '*:*:*\n'.repeat(16),
    'daily UTC\n'.repeat(10).slice(0, -1),
  ]
  for (let round = 0; round < 20_000; round++) {
    const alphabet = Array.from(alphabets[round % alphabets.length]!)
    texts.push(Array.from({ length: 100 }, () => one(alphabet)).join(''))
  }
  const took = texts.map((text) => {
    const tries = [0, 1, 2].map(() => {
      const begun = performance.now()
      for (const read of [parseCron, parseOnCalendar]) {
        try {
          read(text)
        } catch (error) {
          if (!(error instanceof ScheduleError)) throw error
        }
      }
      return performance.now() - begun
    })
    return Math.min(...tries)
  })
  const most = Math.max(...took)
  console.log(
    `parsing      median ${inMicroseconds(median(took))}   99.9 % ${inMicroseconds(quantile(took, 0.999))}` +
      `   most ${inMicroseconds(most)}, for both kinds, of ${took.length} texts of 100 characters`,
  )
  if (most > SLOWEST_PARSE_MS) fail(`a text of 100 characters takes ${most} ms to read`)
}

function median(numbers: number[]): number {
  return quantile(numbers, 0.5)
}

function quantile(numbers: number[], part: number): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)] ?? 0
}

function inMicroseconds(ms: number): string {
  return `${(ms * 1000).toFixed(2)} µs`.padStart(11)
}

function fail(sentence: string): void {
  console.error(`Too slow: ${sentence}`)
  process.exitCode = 1
}

const medians = Object.entries(libraries).map(([name, prepare]) => [name, measure(name, prepare)] as const)
const [, ours = NaN] = medians[0] ?? []
const fastest = Math.min(...medians.slice(1).map(([, middle]) => middle))
for (const [name, middle] of medians.slice(1))
  console.log(`${name}: ${(middle / ours).toFixed(1)} times ours`)
if (!(fastest / ours >= WANTED_RATIO))
  fail(`only ${(fastest / ours).toFixed(1)} times as fast as the faster one`)
fuzz()
