import { readMail } from '../core/mime/mail'
import type { ReadMail } from '../core/mime/mail'
import { size } from './show'

/** What a mail says about itself, on the page of its ping: web-ui.md C10. */
export interface MailView {
  /** What its head says, for people. */
  head: { label: string; value: string }[]
  attachments: string[]
}

/** Longer headers are cut. */
const MOST_HEADER_CHARACTERS = 500

/** Null when the mail makes no sense: then it is shown like any other body. */
export function mailView(body: Buffer): MailView | null {
  const mail = readMail(body)
  if (mail === null) return null
  return {
    head: headOf(mail),
    attachments: mail.others.map(
      ({ name, type, bytes }) => `${cut(name) || 'unnamed'} (${cut(type)}, ${size(bytes)})`,
    ),
  }
}

function headOf(mail: ReadMail): MailView['head'] {
  const people = (list: ReadMail['from']): string =>
    list.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ')
  return [
    { label: 'From', value: people(mail.from) },
    { label: 'To', value: people(mail.to) },
    { label: 'Subject', value: mail.subject },
    { label: 'Date', value: mail.date },
    { label: 'Message-ID', value: mail.messageId },
  ]
    .map(({ label, value }) => ({ label, value: cut(value) }))
    .filter(({ value }) => value !== '')
}

function cut(text: string): string {
  return text.length > MOST_HEADER_CHARACTERS ? `${text.slice(0, MOST_HEADER_CHARACTERS)}…` : text
}
