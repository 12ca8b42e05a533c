/** Something a person, a script or somebody else's server caused: expected, and said in a sentence. */
export interface Problem {
  code: 'invalid' | 'not_found' | 'conflict' | 'forbidden' | 'too_many' | 'unavailable'
  /** A sentence for the person or script that asked: what is wrong and what to do. */
  message: string
  /** Which fields of a form are wrong, and why; keys are the names of the fields. */
  fields?: Record<string, string>
  /** When trying again makes sense. */
  retryAfterMs?: number
}

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail(
  code: Problem['code'],
  message: string,
  more: Pick<Problem, 'fields' | 'retryAfterMs'> = {},
): { ok: false; problem: Problem } {
  return { ok: false, problem: { code, message, ...more } }
}
