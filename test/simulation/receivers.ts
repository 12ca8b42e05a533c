import { uniqueKey } from '../../src/core/check-document'
import { SECOND } from '../../src/core/time'
import type { HttpAnswer, OutgoingRequest } from '../../src/world/http'
import type { Dice } from '../fuzz/dice'
import { keyOf, Violation } from './observer'
import type { Observer } from './observer'
import type { Clocks, Gate } from './gate'
import type { Process } from './process'

/** How a receiver behaves for a while. */
export type Mood = 'well' | 'slow' | 'away' | 'silent' | 'odd'

export const MOODS: readonly Mood[] = ['well', 'slow', 'away', 'silent', 'odd']

const OK: HttpAnswer = { ok: true, status: 200, headers: {}, body: Buffer.alloc(0) }
const BUSY: HttpAnswer = { ...OK, status: 503 }
const REFUSED: HttpAnswer = { ok: false, why: 'network', reason: 'Connection failed' }
const TIMED_OUT: HttpAnswer = { ok: false, why: 'timeout', reason: 'Connection timed out' }

interface Plan {
  /** Whether the message gets in, and after how long. */
  arrivesAfterMs: number | null
  answerAfterMs: number
  answer: HttpAnswer
}

/**
 * The other side: takes messages, is slow, refuses, or takes them and does not say so. Knows who may tell what,
 * and that nobody hears news in the wrong order, or twice without a reason.
 */
export class Receivers {
  readonly moods = new Map<number, Mood>()
  /** Of each channel and check: the newest flip that was heard of, and what it said. */
  readonly heard = new Map<string, { flipId: number; status: string }>()
  /** By the key of repetitions: how often it came in, and how often that may have been. */
  readonly #came = new Map<string, number>()
  readonly #excused = new Map<string, number>()
  readonly #answeredOk = new Set<string>()
  readonly #tellers = new Map<string, Process>()
  received = 0
  summaries = 0
  /** A promise broken where nobody can throw: whoever tells takes it for a mishap of the integration. */
  broken: Violation | null = null

  readonly #gate: Gate
  readonly #clocks: Clocks
  readonly #dice: Dice
  readonly #observer: Observer

  constructor(deps: { gate: Gate; clocks: Clocks; dice: Dice; observer: Observer }) {
    this.#gate = deps.gate
    this.#clocks = deps.clocks
    this.#dice = deps.dice
    this.#observer = deps.observer
  }

  /** The result of this may be lost, so that it may come once more. */
  excuse(key: string): void {
    this.#excused.set(key, (this.#excused.get(key) ?? 0) + 1)
  }

  /** What this process is telling. */
  keysOf(who: Process): string[] {
    return [...this.#tellers].filter(([, teller]) => teller === who).map(([key]) => key)
  }

  forget(who: Process): void {
    for (const key of this.keysOf(who)) this.#tellers.delete(key)
  }

  /** Its number may be that of another check soon. */
  forgetCheck(checkId: number): void {
    for (const line of this.heard.keys()) if (line.endsWith(`/${checkId}`)) this.heard.delete(line)
  }

  wasAnsweredOk(key: string): boolean {
    return this.#answeredOk.has(key)
  }

  async send(who: Process, { url, headers = {}, body }: OutgoingRequest): Promise<HttpAnswer> {
    const [, channelId = '', status = ''] = /\/\/channel-(\d+)\.example\/(\w+)/.exec(url) ?? []
    const key = headers['Idempotency-Key'] ?? ''
    const keys = this.#keysIn(who, Number(channelId), key, body)
    for (const one of keys) this.#mayTell(who, one)
    const plan = this.#planFor(this.moods.get(Number(channelId)) ?? 'well')
    const beganMs = this.#clocks.elapsedMs
    const { arrivesAfterMs, answerAfterMs, answer } = plan
    for (const one of keys) this.#tellers.set(one, who)
    if (arrivesAfterMs !== null) {
      const fromMs = beganMs + arrivesAfterMs
      await this.#gate.pass({ who, what: 'arrival', label: `arrival ${key}`, fromMs }, async () => {
        for (const one of keys) {
          this.#arrive(one, status)
          if (!answer.ok || answer.status !== 200) this.excuse(one)
          else this.#answeredOk.add(one)
        }
      })
    }
    const fromMs = beganMs + answerAfterMs
    return this.#gate.pass({ who, what: 'answer', label: `answer ${key}`, fromMs }, async () => {
      for (const one of keys) if (this.#tellers.get(one) === who) this.#tellers.delete(one)
      return answer
    })
  }

  /** All that a message tells: after an outage one may stand for many, which its body names. */
  #keysIn(who: Process, channelId: number, key: string, body: Uint8Array = Buffer.alloc(0)): string[] {
    if (!key.endsWith('-summary')) return [key]
    this.summaries++
    const named = JSON.parse(Buffer.from(body).toString()) as { unique_key: string }[]
    const told = new Set(named.map(({ unique_key }) => unique_key))
    const { notifications, checks } = this.#observer.seen
    const rows = [...notifications.values()].filter(
      (row) =>
        row.channel_id === channelId &&
        row.state === 'sending' &&
        this.#observer.claimedBy.get(row.id) === who &&
        told.has(uniqueKey(checks.get(row.check_id)?.code ?? '')),
    )
    return rows.map(keyOf)
  }

  #planFor(mood: Mood): Plan {
    const dice = this.#dice
    const at = (ms: number, answer: HttpAnswer, arrives = true): Plan => ({
      arrivesAfterMs: arrives ? dice.below(ms + 1) : null,
      answerAfterMs: ms,
      answer,
    })
    switch (mood) {
      case 'well':
        return at(dice.below(200), OK)
      case 'slow':
        return at(SECOND + dice.below(28) * SECOND, OK)
      case 'away':
        return at(dice.below(100), REFUSED, false)
      case 'silent':
        return at(30 * SECOND, TIMED_OUT, dice.chance(0.5))
      case 'odd':
        return dice.chance(0.5)
          ? at(dice.below(2000), OK)
          : at(dice.below(2000), dice.pick([BUSY, REFUSED]), dice.chance(0.5))
    }
  }

  /** No two tellers for one notification inside a lease. */
  #mayTell(who: Process, key: string): void {
    const row = this.#rowOf(key)
    // Its check or channel went away while it was read.
    if (!row) return
    const other = this.#tellers.get(key)
    const isMine = row.state === 'sending' && this.#observer.claimedBy.get(row.id) === who
    if (other && other !== who)
      this.broken ??= new Violation(`${key} is told by ${who.name} and ${other.name} at once`)
    else if (!isMine)
      this.broken ??= new Violation(
        `${key} is told by ${who.name}, which has not claimed it: it is ${row.state}`,
      )
    else if (row.due_at! < this.#clocks.wallAt)
      this.broken ??= new Violation(`${key} is told after its lease`)
  }

  #arrive(key: string, status: string): void {
    this.received++
    const came = (this.#came.get(key) ?? 0) + 1
    this.#came.set(key, came)
    const excused = this.#excused.get(key) ?? 0
    if (came > 1 + excused) throw new Violation(`${key} came ${came} times; ${excused} of them for a reason`)
    const row = this.#rowOf(key)
    if (!row) return
    const line = `${row.channel_id}/${row.check_id}`
    const last = this.heard.get(line)
    if (last && last.flipId > row.flip_id)
      throw new Violation(
        `${line} heard of flip ${row.flip_id} (${status}) after ${last.flipId} (${last.status})`,
      )
    if (!last || last.flipId <= row.flip_id) this.heard.set(line, { flipId: row.flip_id, status })
  }

  /** A key is the code of a notification, with the round if it is told again. */
  #rowOf(key: string) {
    const code = key.slice(0, 36)
    return [...this.#observer.seen.notifications.values()].find((one) => one.code === code)
  }
}
