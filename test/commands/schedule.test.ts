import { describe, expect, it } from 'vitest'
import { schedule } from '../../src/commands/schedule'
import { aTerminal } from '../support/terminal'
import vectors from '../vectors/cron-explain.json'
import cron from '../vectors/cron.json'
import invalid from '../vectors/invalid-schedules.json'
import onCalendar from '../vectors/oncalendar.json'

async function run(args: string[], input = '') {
  const { terminal, out, err, passed } = aTerminal({ input })
  const code = await schedule.execute(args, { env: {}, cwd: '/', terminal })
  const answers = Buffer.concat(passed.map(({ bytes }) => bytes)).toString()
  return {
    code,
    out,
    err,
    answers: answers
      .split('\n')
      .slice(0, -1)
      .map((line): unknown => JSON.parse(line)),
  }
}

async function ask(...questions: unknown[]) {
  const input = questions.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')
  return (await run(['--stdin'], input)).answers
}

describe('rollcall schedule', () => {
  it('tells the words, the runs around a moment, and what the clocks do to them', async () => {
    const args = ['30 2 * * *', '--tz', 'Europe/Berlin', '--after', '2026-03-28T12:00Z', '--count', '2']
    expect(await run([...args, '--previous', '1'])).toMatchObject({
      code: 0,
      err: [],
      out: [
        'At 02:30 every day',
        '',
        'Before Sat 2026-03-28 13:00 +01:00 (12:00 UTC):',
        '  Sat 2026-03-28 02:30 +01:00 (01:30 UTC)',
        '',
        'Next:',
        '  Sun 2026-03-29 03:00 +02:00 (01:00 UTC)   Moved from 02:30: the clocks jump from 02:00 to 03:00',
        '  Mon 2026-03-30 02:30 +02:00 (00:30 UTC)',
      ],
    })
  })

  it('says so when the schedule ends', async () => {
    const { out } = await run(['2025-06-01', '--after', '2025-01-01', '--count', '3'])
    expect(out.slice(-2)).toEqual(['  Sun 2025-06-01 00:00 +00:00 (00:00 UTC)', '  no more'])
  })

  it.each([
    [['61 * * * *'], 1, 'Bad minute: "61" is not between 0 and 59.'],
    [['* * * * *', '--tz', 'Mars'], 1, '"Mars" is not a valid timezone.'],
    [['* * * * *', '--kind', 'oncalendar'], 1, 'Wrong number of fields'],
    [[], 2, 'Give an expression'],
    [['0', '4', '*', '*', '*'], 2, 'in quotes'],
    [['* * * * *', '--kind', 'at'], 2, '--kind is cron or oncalendar'],
    [['* * * * *', '--after', 'tomorrow'], 2, '--after is a time'],
    [['* * * * *', '--count', '1001'], 2, 'numbers up to 1000'],
    [['* * * * *', '--previous', '-1'], 2, 'See: rollcall schedule --help'],
  ])('refuses %j', async (args, code, sentence) => {
    const refused = await run(args)
    expect(refused.code).toBe(code)
    expect(refused.err.join()).toContain(sentence)
  })
})

describe('rollcall schedule --stdin', () => {
  it('answers every line, in order', async () => {
    const question = { kind: 'cron', schedule: '0 4 * * *', tz: 'UTC', after: 1735689600 }
    expect(await ask({ ...question, count: 2, previous: 1 }, 'nonsense', { ...question, count: 0 })).toEqual([
      { ok: true, words: 'At 04:00 every day', next: [1735704000, 1735790400], previous: [1735617600] },
      { ok: false, error: 'The line is not a JSON object.' },
      { ok: true, words: 'At 04:00 every day', next: [], previous: [] },
    ])
  })

  it('gives fewer runs when the schedule ends', async () => {
    const [answer] = await ask({ kind: 'oncalendar', schedule: '2025-06-01', after: 1735689600, count: 5 })
    expect(answer).toMatchObject({ ok: true, next: [1748736000] })
  })

  it.each([
    ['', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    [{ schedule: 5 }, 'schedule is missing'],
    [{ schedule: '* * * * *', kind: 'simple' }, 'kind is neither'],
    [{ schedule: '* * * * *', tz: 'Mars' }, 'not a valid timezone'],
    [{ schedule: '* * * * *', tz: 5 }, 'tz is not a text'],
    [{ schedule: '* * * * *', after: '2025' }, 'after is not a number'],
    [{ schedule: '* * * * *', count: 1e9 }, 'whole numbers from 0 to 1000'],
    [{ schedule: '* * * * *', previous: 0.5 }, 'whole numbers from 0 to 1000'],
  ])('refuses %j in a sentence', async (question, sentence) => {
    expect(await ask(question, { schedule: 'daily', after: 0, count: 0 })).toEqual([
      { ok: false, error: expect.stringContaining(sentence) },
      { ok: true, words: 'At 00:00 every day', next: [], previous: [] },
    ])
  })

  it('agrees with all shared vectors', async () => {
    const questions = [
      ...cron.cases.map(({ e, tz, s, n, p }) => ({
        kind: 'cron',
        schedule: e,
        tz,
        after: s,
        count: n.length,
        previous: p?.length ?? 0,
        answer: { ok: true, next: n, previous: p ?? [] },
      })),
      ...onCalendar.cases.map(({ e, tz, s, n, end }) => ({
        kind: 'oncalendar',
        schedule: e,
        tz,
        after: s,
        count: end ? 10 : n.length,
        answer: { ok: true, next: n },
      })),
      ...vectors.cases.map(({ e, d }) => ({ kind: 'cron', schedule: e, answer: { ok: true, words: d } })),
      ...invalid.cron.map(({ s }) => ({ kind: 'cron', schedule: s, answer: { ok: false } })),
      ...invalid.oncalendar.map(({ s }) => ({ kind: 'oncalendar', schedule: s, answer: { ok: false } })),
      ...invalid.accepted.map(({ s }) => ({ schedule: s, answer: { ok: true } })),
    ]
    const answers = await ask(...questions.map(({ answer: _, ...question }) => question))
    expect(answers).toHaveLength(questions.length)
    for (const [index, { answer, schedule }] of questions.entries()) {
      expect(answers[index], schedule).toMatchObject(answer)
    }
  })
})
