import { nextAttempt } from '../core/delivery'
import { MINUTE, SECOND } from '../core/time'
import type { MailStore } from '../store/mails'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import type { Mailer } from '../world/mail'
import type { Signer } from '../world/signer'
import type { Templates } from '../world/templates'
import type { Task } from './task'

/** One mail a turn, so that a stop waits for one at most. */
const BATCH = 1

/** How late the mails of a dead instance are taken over. */
const LEASE_MS = 5 * MINUTE

export interface PostOptions {
  mails: Pick<MailStore, 'claim' | 'finish'>
  mailer: Mailer
  templates: Templates
  signer: Pick<Signer, 'bounceId'>
  clock: Clock
  log: Log
}

/** Sends the mails that are not alerts, such as those that confirm an address, and reports. */
export function post({ mails, mailer, templates, signer, clock, log }: PostOptions): Task {
  return {
    name: 'post',
    everyMs: SECOND,
    async run() {
      const nowAt = clock()
      const due = await mails.claim(nowAt, nowAt + LEASE_MS, BATCH)
      for (const mail of due) {
        const { id, recipient, template, model, accountId, attempts, firstAttemptAt } = mail
        const sent = await mailer.send({
          to: recipient,
          subject: String(model['subject']),
          text: templates.fill(`email/${template}.text`, model),
          html: templates.fill(`email/${template}.html`, model),
          id: `mail-${id}-${firstAttemptAt}`,
          headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribing(model) },
          ...(accountId === null ? {} : { bounceId: signer.bounceId('r', String(accountId), clock()) }),
        })
        const nextAt = sent.ok ? null : nextAttempt(sent, attempts, firstAttemptAt, clock())
        await mails.finish(mail, { error: sent.ok ? '' : sent.reason, nextAt })
        if (!sent.ok)
          log.warn('a mail was not sent', { template, reason: sent.reason, again: nextAt !== null })
      }
      return due.length === BATCH
    },
  }
}

/** For mails that a person can stop at the press of a button: spec/integrations.md §6.3, RFC 8058. */
function unsubscribing({ unsubscribeUrl }: { unsubscribeUrl?: unknown }): Record<string, string> {
  if (typeof unsubscribeUrl !== 'string') return {}
  return {
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
