import type { Check } from '../core/check'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'

/** Which pings count for a check, and as what. */
export type PingRules = Pick<Check, 'postOnly' | 'manualResume' | 'filters'>

/** spec/web-ui.md C07 */
const MAX_WORDS = 200

/** The rules, their lists of words trimmed. Problems are told by the names that the API has for the lists. */
export function validRules(rules: PingRules): Result<PingRules> {
  const { filters } = rules
  const lists = {
    start_kw: filters.startWords.trim(),
    success_kw: filters.successWords.trim(),
    failure_kw: filters.failWords.trim(),
  }
  const fields: Record<string, string> = {}
  for (const [name, words] of Object.entries(lists)) {
    if (Array.from(words).length > MAX_WORDS) fields[name] = `At most ${MAX_WORDS} characters.`
    else if (/\p{Cc}/u.test(words)) fields[name] = 'Remove the control characters.'
  }
  if (Object.keys(fields).length > 0) return fail('invalid', 'Some words do not fit.', { fields })
  return ok({
    ...rules,
    filters: {
      ...filters,
      startWords: lists.start_kw,
      successWords: lists.success_kw,
      failWords: lists.failure_kw,
    },
  })
}
