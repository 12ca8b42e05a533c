import type { Check } from './check'
import type { ArrivingPing } from './ping'

/** The method of a ping that a person sends from a page; no request can have it. */
export const BY_HAND = 'WEB'

/** What a job can say. */
export type Signal = 'success' | 'start' | 'fail' | 'log'

/** What a ping was taken for; `ign`: it was recorded and did nothing. */
export type PingKind = Signal | 'ign'

/** Which signal a ping is; the first rule that fits decides: spec/ping-api.md §5. */
export function signalOf(check: Check, ping: ArrivingPing): PingKind {
  if (check.status === 'paused' && check.manualResume) return 'ign'
  if (ping.scheme === 'email') {
    const { subject, body } = check.filters
    if (subject || body) return byWords(check, searchedText(check, ping))
  } else {
    if (check.postOnly && ping.method !== 'POST' && ping.method !== BY_HAND) return 'ign'
    if (check.filters.httpBody) return byWords(check, ping.body?.toString('utf8') ?? '')
  }
  if (ping.exitStatus !== null) return ping.exitStatus > 0 ? 'fail' : 'success'
  return ping.signal
}

/** Which parts of a mail its check wants searched: spec/ping-api.md [P54]. */
function searchedText({ filters }: Check, { mail }: ArrivingPing): string {
  if (mail === undefined) return ''
  return [...(filters.subject ? [mail.subject] : []), ...(filters.body ? [mail.body] : [])].join('\n')
}

function byWords({ filters }: Check, text: string): PingKind {
  if (mentions(text, filters.failWords)) return 'fail'
  if (mentions(text, filters.successWords)) return 'success'
  if (mentions(text, filters.startWords)) return 'start'
  return filters.otherwiseFail ? 'fail' : 'ign'
}

/** Whether the text contains one of the comma-separated words: plain, case-sensitive ([P16]). */
export function mentions(text: string, words: string): boolean {
  return words
    .split(',')
    .map((word) => word.trim())
    .some((word) => word !== '' && text.includes(word))
}
