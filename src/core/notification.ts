import type { Instant } from './time'

/** `waiting` to be sent, being sent (`sending`), or done with. */
export type NotificationState = 'waiting' | 'sending' | 'sent' | 'failed' | 'superseded'

/** One flip told to one channel, with its attempts. */
export interface Notification {
  id: number
  /** UUID: lets the other side and a bounce name it, the same in every attempt. */
  code: string
  channelId: number
  checkId: number
  flipId: number
  status: 'up' | 'down'
  state: NotificationState
  /** How often it has been told again because the check stays down; 0 for the first time. */
  round: number
  attempts: number
  createdAt: Instant
  firstAttemptAt: Instant | null
  /** When it is next due; while it is being sent, when the lease ends. Null when done with. */
  dueAt: Instant | null
  finishedAt: Instant | null
  /** '' unless the last attempt failed. */
  error: string
  /** In one message with others that went down during an outage of ours. */
  isTogether: boolean
}
