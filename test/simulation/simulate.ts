import { MINUTE } from '../../src/core/time'
import type { Sql } from '../../src/store/sql'
import { diceOf } from '../fuzz/dice'
import { NOON } from '../support/build'
import { Life } from './life'
import type { Faults } from './life'

export interface Simulated {
  steps: number
  flips: number
  told: number
  summaries: number
  pings: number
  crashes: number
  simulatedMs: number
}

/** A promise that was broken, with what led to it. */
export class Failure extends Error {
  constructor(seed: number, database: Sql['name'], minutes: number, why: unknown, trace: readonly string[]) {
    super(
      `seed ${seed}: ${why instanceof Error ? why.message : String(why)}\n` +
        `replay it with: npm run simulate -- --db ${database} --minutes ${minutes} --seed ${seed}\n` +
        `what led to it:\n  ${trace.join('\n  ')}`,
      { cause: why },
    )
  }
}

/** How much of the story is told with a failure. */
const TOLD = 60

const FAULTS: readonly [string, Partial<Faults>][] = [
  ['calm', {}],
  ['crashes', { crash: 0.01 }],
  ['moods', { moods: true }],
  ['moods and crashes', { moods: true, crash: 0.01 }],
  ['outages', { moods: true, crash: 0.003, longOutages: true }],
  ['a database that goes away', { moods: true, crash: 0.003, database: true }],
  ['clocks', { moods: true, crash: 0.002, clocks: true }],
  ['frozen processes', { moods: true, freezes: true }],
  ['clocks that differ', { moods: true, crash: 0.003, clocks: true, skew: true }],
  ['alerts apart from pings', { crash: 0.01, longOutages: true, split: true }],
  [
    'everything',
    { moods: true, crash: 0.01, longOutages: true, database: true, clocks: true, freezes: true, skew: true },
  ],
]

const NONE: Faults = {
  crash: 0,
  moods: false,
  longOutages: false,
  database: false,
  clocks: false,
  freezes: false,
  skew: false,
  split: false,
}

/** Lives through so many minutes with this seed, and until all is told; rejects with a `Failure` when a promise is broken. */
export async function simulate(
  seed: number,
  driver: Sql,
  { minutes }: { minutes: number },
): Promise<Simulated> {
  const dice = diceOf(seed)
  const [name, faults] = FAULTS[seed % FAULTS.length]!
  const trace: string[] = [`faults: ${name}`]
  const life = new Life({
    driver,
    dice,
    faults: { ...NONE, ...faults },
    clocks: { wallAt: NOON, elapsedMs: 0 },
    note(line) {
      trace.push(line)
      if (trace.length > TOLD) trace.splice(1, 1)
    },
  })
  try {
    await life.begin()
    const endMs = minutes * MINUTE
    while (life.clocks.elapsedMs < endMs) await life.step()
    await life.settle()
    return { ...life.figures, simulatedMs: life.clocks.elapsedMs }
  } catch (why) {
    throw new Failure(seed, driver.name, minutes, why, trace)
  }
}
