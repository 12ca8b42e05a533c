import { readMail } from '../core/mime/mail'
import type { ReadMail } from '../core/mime/mail'
import { size } from './show'

/** A mail on the page of its ping: web-ui.md C10. */
export interface MailView {
  subject: string
  /** What its head says, for people. */
  head: { label: string; value: string }[]
  tabs: { key: 'html' | 'text' | 'source'; label: string; url: string; current: boolean }[]
  /** Where the HTML is framed from; null while something else is looked at. */
  frameUrl: string | null
  /** The plain text, or the source; null while the HTML is looked at. */
  text: string | null
  attachments: string[]
}

/** Longer headers are cut. */
const MOST_HEADER_CHARACTERS = 500

export interface MailSource {
  body: Buffer
  /** Of the page. */
  url: string
  /** Of its HTML alone. */
  htmlUrl: string
  /** What is asked for; anything else is the best there is. */
  wanted: string
  mostBytes: number
}

/** Null when the mail makes no sense: then it is shown like any other body. */
export function mailView({ body, url, htmlUrl, wanted, mostBytes }: MailSource): MailView | null {
  const mail = readMail(body)
  if (mail === null) return null
  const keys = (['html', 'text', 'source'] as const).filter((key) => key === 'source' || mail[key] !== null)
  const current = keys.find((key) => key === wanted) ?? keys[0] ?? 'source'
  const shown = current === 'source' ? body.subarray(0, mostBytes).toString('utf8') : (mail.text ?? '')
  return {
    subject: cut(mail.subject),
    head: headOf(mail),
    tabs: keys.map((key) => ({
      key,
      label: LABELS[key],
      url: `${url}?view=${key}`,
      current: key === current,
    })),
    frameUrl: current === 'html' ? htmlUrl : null,
    text: current === 'html' ? null : shown.slice(0, mostBytes),
    attachments: mail.others.map(
      ({ name, type, bytes }) => `${cut(name) || 'unnamed'} (${cut(type)}, ${size(bytes)})`,
    ),
  }
}

/** The HTML of a mail; null when there is none. */
export function htmlOf(body: Buffer): string | null {
  return readMail(body)?.html ?? null
}

const LABELS = { html: 'HTML', text: 'Text', source: 'Source' }

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
