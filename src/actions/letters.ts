import type { Instant } from '../core/time'
import type { NewMail } from '../store/mails'

/** The mails about an account: spec/web-ui.md §4.1. All are laid out by `views/email/account`. */
export interface Letter {
  subject: string
  heading: string
  text: string[]
  /** The one link of the mail. */
  link: { text: string; url: string } | null
  /** A code to type in. */
  code: string
  /** How long it is good, where it comes from, and what to do when it was somebody else. */
  foot: string[]
}

export interface AddressedLetter extends Letter {
  to: string
  accountId?: number
  /** When it has lost its use. */
  expiresAt?: Instant
}

/** What `views/email/account` is filled with. */
export interface LetterPage extends Letter {
  siteName: string
}

/** A letter as it goes into the queue; nobody waits for it to be sent. */
export function letter(
  { to, accountId, expiresAt, ...content }: AddressedLetter,
  { siteName, nowAt }: { siteName: string; nowAt: Instant },
): NewMail {
  const model: LetterPage = { ...content, subject: `${content.subject} – ${siteName}`, siteName }
  return {
    recipient: to,
    template: 'account',
    model: { ...model },
    createdAt: nowAt,
    ...(accountId === undefined ? {} : { accountId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** 'from 192.0.2.7 with Firefox on Linux', so that a person can tell whether it was them. */
export function whence({ address, browser }: { address: string | null; browser: string }): string {
  const from = address === null ? '' : ` from ${address}`
  return `It was asked for${from}${browser === '' ? '' : ` with ${browser}`}.`
}
