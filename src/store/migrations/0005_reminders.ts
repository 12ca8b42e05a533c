import type { Dialect } from '../sql'

/** Reminders, reports, and channels that repeat what they said until somebody acknowledges it. */
export const up = (_: Dialect): string[] => [
  // Null: no reminders. What is due next is null while nothing is down.
  `ALTER TABLE users ADD COLUMN nag_period_ms BIGINT`,
  `ALTER TABLE users ADD COLUMN next_nag_at BIGINT`,
  `ALTER TABLE users ADD COLUMN report_kind TEXT NOT NULL DEFAULT 'monthly'`,
  `ALTER TABLE users ADD COLUMN next_report_at BIGINT`,
  `CREATE INDEX users_by_nag ON users (next_nag_at) WHERE nag_period_ms IS NOT NULL`,
  `CREATE INDEX checks_down ON checks (project_id) WHERE status = 'down'`,
  // Null: a channel says it once.
  `ALTER TABLE channels ADD COLUMN repeat_ms BIGINT`,
  `CREATE INDEX channels_repeating ON channels (id) WHERE repeat_ms IS NOT NULL`,
  // How often a notification has been told again: the same row, because a flip is told to a channel once.
  `ALTER TABLE notifications ADD COLUMN round BIGINT NOT NULL DEFAULT 0`,
  `CREATE INDEX notifications_again ON notifications (check_id) WHERE round > 0 AND due_at IS NOT NULL`,
  `ALTER TABLE flips ADD COLUMN acknowledged_at BIGINT`,
  `ALTER TABLE checks ADD COLUMN flapping_told_at BIGINT`,
  // The account that a mail is for, so that its bounce can be traced.
  `ALTER TABLE mails ADD COLUMN account_id BIGINT REFERENCES users (id) ON DELETE CASCADE`,
]
