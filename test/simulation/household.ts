import { pause, reschedule, resume } from '../../src/core/check'
import { MINUTE, SECOND } from '../../src/core/time'
import type { Store } from '../../src/store'
import type { Dice } from '../fuzz/dice'
import { aNewChannel, aNewCheck, aPing } from '../support/build'
import type { Clocks, PingTold, Tag } from './gate'
import type { Observer } from './observer'
import type { Process } from './process'
import type { Receivers } from './receivers'
import type { Timeline } from './timeline'

/** A job somewhere, which insists until its ping is taken. */
interface Attempt {
  checkId: number
  /** When it first tried. */
  sinceAt: number
  ping: PingTold
}

export interface HouseholdDeps {
  projectId: number
  /** Not through the gate: for those who stand outside. */
  store: Store
  clocks: Clocks
  dice: Dice
  timeline: Timeline
  observer: Observer
  receivers: Receivers
  /** The processes that take requests now. */
  reachable(): Process[]
  note(line: string): void
}

/** The jobs that ping, and the people who change things: all who use the appliance. */
export class Household {
  /** Whose ping nobody has taken yet. */
  readonly insisting = new Set<Attempt>()
  /** Pings that were answered OK. */
  readonly acked: { code: string; n: number; at: number; signal: string }[] = []
  readonly #projectId: number
  readonly #store: Store
  readonly #clocks: Clocks
  readonly #dice: Dice
  readonly #timeline: Timeline
  readonly #observer: Observer
  readonly #receivers: Receivers
  readonly #reachable: () => Process[]
  readonly #note: (line: string) => void

  constructor(deps: HouseholdDeps) {
    this.#projectId = deps.projectId
    this.#store = deps.store
    this.#clocks = deps.clocks
    this.#dice = deps.dice
    this.#timeline = deps.timeline
    this.#observer = deps.observer
    this.#receivers = deps.receivers
    this.#reachable = deps.reachable
    this.#note = deps.note
  }

  /** The job behind a check: it runs when it should, mostly. */
  employ(checkId: number): void {
    const work = (): void => {
      const model = this.#observer.models.get(checkId)
      if (!model) return
      const dice = this.#dice
      const laterMs = dice.chance(0.15) ? model.periodMs * 3 : model.periodMs
      this.#timeline.later(laterMs + dice.below(Math.floor(model.graceMs * 0.7)), work)
      const runId = dice.pick([null, null, dice.uuid()])
      if (dice.chance(0.3)) this.#insist(checkId, 'start', runId)
      if (dice.chance(0.1)) this.#insist(checkId, 'log', runId)
      if (dice.chance(0.1)) return
      this.#timeline.later(dice.below(dice.chance(0.1) ? 2 * model.graceMs : SECOND), () =>
        this.#insist(checkId, dice.chance(0.15) ? 'fail' : 'success', runId),
      )
    }
    this.#timeline.later(this.#dice.below(2 * MINUTE), work)
  }

  #insist(checkId: number, signal: PingTold['signal'], runId: string | null): void {
    const attempt: Attempt = {
      checkId,
      sinceAt: this.#clocks.wallAt,
      ping: { at: 0, signal, runId },
    }
    if (signal === 'success') this.insisting.add(attempt)
    this.#try(attempt, 0)
  }

  /** As `curl --retry` does; gives up after some minutes. */
  #try(attempt: Attempt, tries: number): void {
    const { checkId, ping } = attempt
    const code = this.#observer.seen.checks.get(checkId)?.code
    if (code === undefined || tries > 60) return void this.insisting.delete(attempt)
    let isOver = false
    const again = (): void => {
      if (isOver) return
      isOver = true
      this.#timeline.later(5 * SECOND, () => this.#try(attempt, tries + 1))
    }
    const who = this.#reachable()
    const [chosen] = who.length === 0 ? [] : [who[this.#dice.below(who.length)]!]
    if (!chosen) return again()
    const at = this.#clocks.wallAt
    this.#timeline.later(10 * SECOND, again)
    chosen.intake.submit({ code, ping: aPing({ ...ping, at }) }).then(
      (receipt) => {
        const isTaken = receipt !== null && typeof receipt !== 'string'
        // Whoever did not wait for it does not count on it.
        if (isTaken && !isOver) {
          this.acked.push({ code, n: receipt.n, at, signal: ping.signal })
        }
        isOver = true
        this.insisting.delete(attempt)
      },
      () => again(),
    )
  }

  /** People change things. */
  meddle(): void {
    const dice = this.#dice
    const [who] = this.#reachable()
    const ids = [...this.#observer.models.keys()]
    if (!who || ids.length === 0) return
    const checkId = ids[dice.below(ids.length)]!
    const { wallAt } = this.#clocks
    const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined)
    const { checks, channels } = who.store
    const clock = () => this.#clocks.wallAt
    const deed = dice.pick(['pause', 'resume', 'edit', 'add', 'remove', 'channel', 'repeat', 'acknowledge'])
    this.#note(`somebody: ${deed} (check ${checkId})`)
    switch (deed) {
      case 'pause': {
        const tag: Tag = { kind: 'pause', checkId, at: wallAt }
        return quietly(
          who.tagged(tag, () =>
            checks.change(checkId, (check) => {
              tag.at = clock()
              return check.status === 'paused' ? { check, flip: null } : pause(check, tag.at)
            }),
          ),
        )
      }
      case 'resume': {
        const tag: Tag = { kind: 'resume', checkId, at: wallAt }
        return quietly(
          who.tagged(tag, () =>
            checks.change(checkId, (check) => {
              tag.at = clock()
              return check.status === 'paused' ? resume(check, tag.at) : { check, flip: null }
            }),
          ),
        )
      }
      case 'edit': {
        const [periodMs, graceMs] = this.#timing()
        const tag: Tag = { kind: 'edit', checkId, at: wallAt, periodMs, graceMs }
        return quietly(
          who.tagged(tag, () =>
            checks.change(checkId, (check) => {
              tag.at = clock()
              return reschedule(check, { kind: 'period', periodMs }, graceMs, tag.at)
            }),
          ),
        )
      }
      case 'add':
        return quietly(this.addCheck(who.store).then(({ id }) => this.employ(id)))
      case 'remove':
        if (ids.length < 2) return
        return quietly(who.tagged({ kind: 'remove', checkId }, () => checks.remove(checkId)))
      case 'channel':
      case 'repeat': {
        const all = [...this.#receivers.moods.keys()]
        const id = all[dice.below(all.length)]!
        if (deed === 'repeat') {
          const repeatMs = dice.pick([null, 5 * MINUTE, 10 * MINUTE])
          return quietly(channels.edit(id, { repeatMs }))
        }
        const isOff = dice.chance(0.4)
        return quietly(isOff ? channels.unsubscribe(id) : channels.edit(id, { disabled: false }))
      }
      case 'acknowledge': {
        const open = [...this.#observer.seen.notifications.values()].filter(({ status }) => status === 'down')
        const one = open[dice.below(Math.max(1, open.length))]
        if (one) quietly(who.store.repeats.acknowledge(one.code, wallAt))
      }
    }
  }

  #timing(): [periodMs: number, graceMs: number] {
    return [(1 + this.#dice.below(4)) * MINUTE, (1 + this.#dice.below(2)) * MINUTE]
  }

  addCheck(store: Store) {
    const [periodMs, graceMs] = this.#timing()
    return store.checks.add(
      aNewCheck(this.#projectId, {
        schedule: { kind: 'period', periodMs },
        graceMs,
        createdAt: this.#clocks.wallAt,
      }),
    )
  }

  async addChannel(): Promise<void> {
    const { id } = await this.#store.channels.add(aNewChannel(this.#projectId))
    const at = (what: string) => `http://channel-${id}.example/${what}`
    await this.#store.channels.edit(id, {
      value: JSON.stringify({
        method_down: 'POST',
        url_down: at('down'),
        body_down: '$CHECKS_JSON',
        url_up: at('up'),
      }),
      repeatMs: this.#dice.pick([null, null, 10 * MINUTE]),
    })
    this.#receivers.moods.set(id, 'well')
  }
}
