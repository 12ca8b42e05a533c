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

/**
 * What a ping with this subject and body would be by the words of these filters, and which word decides; null
 * when they look into neither.
 */
export function judged(
  filters: Check['filters'],
  { subject, body }: { subject: string; body: string },
): { kind: PingKind; word: string } | null {
  const looksAtBody = filters.body || filters.httpBody
  if (!filters.subject && !looksAtBody) return null
  const text = [...(filters.subject ? [subject] : []), ...(looksAtBody ? [body] : [])].join('\n')
  const lists = [
    { kind: 'fail', words: filters.failWords },
    { kind: 'success', words: filters.successWords },
    { kind: 'start', words: filters.startWords },
  ] as const
  for (const { kind, words } of lists) {
    const word = wordsOf(words).find((each) => text.includes(each))
    if (word !== undefined) return { kind, word }
  }
  return { kind: filters.otherwiseFail ? 'fail' : 'ign', word: '' }
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
  return wordsOf(words).some((word) => text.includes(word))
}

function wordsOf(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
