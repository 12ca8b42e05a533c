import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import { DAY, HOUR, MINUTE } from '../core/time'

// How a form says how often a channel repeats itself while a check stays down.

type Form = Readonly<Record<string, string | undefined>>

/** More often is a nuisance to whoever is called, and to the service that calls. */
const LEAST_MINUTES = 5
const MOST_MINUTES = 24 * 60

/** Undefined: the form says nothing about it. Null: once only. */
export function readRepeat(form: Form): Result<number | null | undefined> {
  switch (form['repeat']) {
    case undefined:
      return ok(undefined)
    case '':
      return ok(null)
    case 'hour':
      return ok(HOUR)
    case 'day':
      return ok(DAY)
    case 'minutes':
      return readMinutes((form['repeat_minutes'] ?? '').trim())
    default:
      return wrong('repeat', 'Choose one of the options.')
  }
}

function readMinutes(entered: string): Result<number> {
  const minutes = /^\d{1,4}$/.test(entered) ? Number(entered) : NaN
  if (minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES) return ok(minutes * MINUTE)
  return wrong('repeat_minutes', `A whole number from ${LEAST_MINUTES} to ${MOST_MINUTES}.`)
}

/** What the fields are filled with. */
export function repeatForm(repeatMs: number | null): Record<string, string> {
  if (repeatMs === null) return { repeat: '', repeat_minutes: '' }
  if (repeatMs === HOUR) return { repeat: 'hour', repeat_minutes: '' }
  if (repeatMs === DAY) return { repeat: 'day', repeat_minutes: '' }
  return { repeat: 'minutes', repeat_minutes: String(Math.round(repeatMs / MINUTE)) }
}

function wrong(field: string, message: string): ReturnType<typeof fail> {
  return fail('invalid', message, { fields: { [field]: message } })
}
