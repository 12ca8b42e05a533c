import type { Instant } from '../core/time'
import { all, clean, insert, run } from './sql'
import type { Sql, Work } from './sql'

/** A mail to send: `views/email/<template>` filled with `model`, whose `subject` is the subject. */
export interface Mail {
  id: number
  recipient: string
  template: string
  model: Record<string, unknown>
  /** The account that it is for, so that its bounce can be traced; null for mails to others. */
  accountId: number | null
  /** This attempt included. */
  attempts: number
  firstAttemptAt: Instant
}

export interface NewMail extends Pick<Mail, 'recipient' | 'template' | 'model'> {
  createdAt: Instant
  accountId?: number
  /** When to send it, if not at once. */
  dueAt?: Instant
  /** After which it is of no use any more, such as that of a link in it. */
  expiresAt?: Instant
}

/** The queue of mails that are about people, not about checks. */
export interface MailStore {
  add(mail: NewMail): Promise<void>
  /** Takes up to `limit` due mails; they fall due again at `leaseUntilAt` unless finished before. */
  claim(nowAt: Instant, leaseUntilAt: Instant, limit: number): Promise<Mail[]>
  /** What a process that is gone had claimed is due at once. Only for a database with one instance. */
  releaseAll(nowAt: Instant): Promise<void>
  /**
   * `nextAt`: when to try again; null when it was sent or is given up. Whoever fails at what somebody else has
   * taken over meanwhile changes nothing.
   */
  finish(
    mail: Pick<Mail, 'id' | 'attempts'>,
    outcome: { error: string; nextAt: Instant | null },
  ): Promise<void>
}

/** The error of a mail that is on its way. */
const CLAIMED = 'Sending'

export function mailStore(sql: Sql): MailStore {
  return {
    add: (mail) => sql.transaction(() => queueMail(mail)),

    claim: (nowAt, leaseUntilAt, limit) =>
      sql.transaction(function* () {
        yield* run('DELETE FROM mails WHERE due_at IS NOT NULL AND expires_at <= $1', [nowAt])
        const due = yield* all<{ id: number }>(
          `SELECT id FROM mails WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 ${sql.forUpdateSkipLocked}`,
          [nowAt, limit],
        )
        const rows = yield* all<MailRow>(
          `UPDATE mails SET attempts = attempts + 1, due_at = $2, error = $4,
             first_attempt_at = COALESCE(first_attempt_at, $3)
           WHERE ${sql.among('id', '$1', 'bigint')} RETURNING *`,
          [JSON.stringify(due.map((row) => row.id)), leaseUntilAt, nowAt, CLAIMED],
        )
        return rows.map(toMail)
      }),

    releaseAll: (nowAt) =>
      sql.transaction(() =>
        run('UPDATE mails SET due_at = $1 WHERE due_at > $1 AND error = $2', [nowAt, CLAIMED]),
      ),

    // What was sent or given up is not kept: it may hold links that are as good as passwords.
    finish: ({ id, attempts }, { error, nextAt }) =>
      sql.transaction(() =>
        nextAt === null
          ? run('DELETE FROM mails WHERE id = $1', [id])
          : run('UPDATE mails SET due_at = $2, error = $3 WHERE id = $1 AND attempts = $4', [
              id,
              nextAt,
              clean(error),
              attempts,
            ]),
      ),
  }
}

/** The step of a larger transaction that queues a mail. */
export function* queueMail(mail: NewMail): Work<void> {
  yield* insert('mails', [
    {
      recipient: clean(mail.recipient),
      template: mail.template,
      model: clean(JSON.stringify(mail.model)),
      account_id: mail.accountId ?? null,
      attempts: 0,
      created_at: mail.createdAt,
      expires_at: mail.expiresAt ?? null,
      due_at: mail.dueAt ?? mail.createdAt,
      error: '',
    },
  ])
}

interface MailRow {
  id: number
  recipient: string
  template: string
  account_id: number | null
  model: string
  attempts: number
  first_attempt_at: number
}

function toMail(row: MailRow): Mail {
  return {
    id: row.id,
    recipient: row.recipient,
    template: row.template,
    model: JSON.parse(row.model) as Record<string, unknown>,
    accountId: row.account_id,
    attempts: row.attempts,
    firstAttemptAt: row.first_attempt_at,
  }
}
