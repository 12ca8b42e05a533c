import { shownStatus } from './check'
import type { Check, ShownStatus } from './check'
import { uniqueKey } from './check-document'
import type { Family, Sample } from './exposition'
import { distinctTags, tagsOf } from './tags'
import { SECOND } from './time'
import type { Instant } from './time'

const YES_OR_NO = '(1 for yes, 0 for no).'

interface Seen {
  check: Check
  labels: Record<string, string>
  shown: ShownStatus
}

/**
 * How the checks of a project are, for Prometheus: the families of spec/management-api.md [M54] in its words,
 * and two of our own behind them.
 */
export function projectMetrics(checks: readonly Check[], nowAt: Instant): Family[] {
  const seen = checks.map((check): Seen => {
    const labels = { name: check.name, tags: check.tags, unique_key: uniqueKey(check.code) }
    return { check, labels, shown: shownStatus(check, nowAt) }
  })
  const down = seen.filter(({ shown }) => shown === 'down').map(({ check }) => check)
  const downTags = new Set(down.flatMap(tagsOf))
  const each = (value: (one: Seen) => boolean): Sample[] =>
    seen.map((one) => ({ labels: one.labels, value: Number(value(one)) }))
  const known = (value: (check: Check) => number | null): Sample[] =>
    seen.flatMap(({ check, labels }) => {
      const found = value(check)
      return found === null ? [] : [{ labels, value: found / SECOND }]
    })
  const is = (what: string) => `Whether the check is currently ${what} ${YES_OR_NO}`
  return [
    gauge(
      'hc_check_up',
      is('up'),
      each(({ shown }) => shown !== 'down'),
    ),
    gauge(
      'hc_check_started',
      is('started'),
      each(({ check }) => check.openRun !== null),
    ),
    gauge(
      'hc_check_grace',
      is('in the grace period'),
      each(({ shown }) => shown === 'late'),
    ),
    gauge(
      'hc_check_paused',
      is('paused'),
      each(({ shown }) => shown === 'paused'),
    ),
    gauge(
      'hc_tag_up',
      `Whether all checks with this tag are up ${YES_OR_NO}`,
      distinctTags(checks).map((tag) => ({ labels: { tag }, value: downTags.has(tag) ? 0 : 1 })),
    ),
    gauge('hc_checks_total', 'The total number of checks.', [{ value: checks.length }]),
    gauge('hc_checks_down_total', 'The number of checks currently down.', [{ value: down.length }]),
    gauge(
      'hc_check_last_ping_timestamp_seconds',
      'When the last success or failure came, as Unix time.',
      known(({ lastPingAt }) => lastPingAt),
    ),
    gauge(
      'hc_check_last_duration_seconds',
      'How long the last run took.',
      known(({ lastDurationMs }) => lastDurationMs),
    ),
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples }
}
