import type { Instant } from './time'

/**
 * What went down during an outage of our own, told to a channel in one message instead of many:
 * spec/alerting.md [A35]. Each of its changes stays one of its own everywhere else.
 */
export interface Summary {
  outage: { fromAt: Instant; untilAt: Instant }
  /** In the order in which they would have been told. */
  checks: SummaryCheck[]
  nowAt: Instant
  /** For e-mail: of the account with this address, or of the owner of the project. */
  tz: string
  /** The same for every attempt to tell these checks: that of the first notification. */
  notificationCode: string
}

export interface SummaryCheck {
  code: string
  name: string
  slug: string
  tags: string
  projectName: string
  /** Since when it is down. */
  at: Instant
  lastPingAt: Instant | null
}
