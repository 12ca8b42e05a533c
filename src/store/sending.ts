import type { Instant } from '../core/time'

/** Alerts that are held back by whoever runs the instance: spec/web-ui.md X05. It is a fact like others. */
export const PAUSED_FACT = 'sending paused'

/** In a WHERE: that alerts may go out, from any instance. */
export const GOES_OUT = `NOT EXISTS (SELECT 1 FROM facts WHERE name = '${PAUSED_FACT}')`

export interface Paused {
  at: Instant
  /** E-mail address of whoever did it. */
  by: string
}

export function pausedFact({ at, by }: Paused): string {
  return JSON.stringify({ at, by })
}

/** What the fact says; null: alerts go out. */
export function pausedIn(fact: string | null): Paused | null {
  return fact === null ? null : (JSON.parse(fact) as Paused)
}
