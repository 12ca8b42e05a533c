import { readMail } from '../../core/mime/mail'
import type { ReadMail } from '../../core/mime/mail'

/** A file that goes along with a mail. */
export interface Attachment {
  filename: string
  contentType: string
  content: Buffer
}

/** What an alert tells of a ping that came by mail: spec/integrations.md §6.5. */
export interface LastMail {
  /** '' when it had none. */
  subject: string
  attachment: Attachment
}

/** Of a mail in which there is no sense, only the beginning goes along. */
const MOST_SENSELESS_BYTES = 10_000

/** Most of each part that goes along: a mail that alerts must arrive. */
const MOST_PART_CHARACTERS = 500_000

const MOST_SUBJECT_CHARACTERS = 200
const MOST_HEADER_CHARACTERS = 1000

/** Bytes of UTF-8 that an encoded word holds: 75 characters are the most for one (RFC 2047 §2). */
const WORD_BYTES = 42

/** Bytes of a line before quoted-printable breaks it: 76 characters are the most (RFC 2045 §6.7). */
const LINE_CHARACTERS = 75

/**
 * A mail made anew from one that came as a ping, so that nothing in it can keep our own mail from being
 * delivered: no long lines, no bytes above 127, no mails inside the mail.
 */
export function lastMailOf(body: Buffer): LastMail {
  const mail = readMail(body)
  if (mail === null) {
    const content = Buffer.from(body.subarray(0, MOST_SENSELESS_BYTES))
    return { subject: '', attachment: { filename: 'last-ping.txt', contentType: 'text/plain', content } }
  }
  const content = Buffer.from(written(mail).join('\r\n'), 'latin1')
  return {
    subject: onOneLine(mail.subject).slice(0, MOST_SUBJECT_CHARACTERS),
    attachment: { filename: 'last-ping.eml', contentType: 'message/rfc822', content },
  }
}

/** Lines of ASCII. */
function written(mail: ReadMail): string[] {
  const dropped = mail.others.map(({ name, type, bytes }) => `- ${name || type || 'unnamed'}, ${bytes} bytes`)
  const remark = dropped.length === 0 ? [] : ['', '--', 'Left out:', ...dropped]
  const text = [...(mail.text === null ? [] : [mail.text.slice(0, MOST_PART_CHARACTERS)]), ...remark].join(
    '\n',
  )
  const html = mail.html?.slice(0, MOST_PART_CHARACTERS) ?? null
  const head = [
    ...header('Date', encoded(mail.date)),
    ...header('From', people(mail.from)),
    ...header('To', people(mail.to)),
    ...header('Subject', encoded(mail.subject)),
    ...header('Message-ID', ascii(mail.messageId)),
    'MIME-Version: 1.0',
  ]
  if (html === null) return [...head, ...part('text/plain', text)]
  if (text === '') return [...head, ...part('text/html', html)]
  // Quoted-printable writes no line that begins so: an equals sign is always followed by two digits.
  const boundary = '=_last-ping'
  return [
    ...head,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...[part('text/plain', text), part('text/html', html)].flatMap((lines) => [`--${boundary}`, ...lines]),
    `--${boundary}--`,
    '',
  ]
}

function part(type: string, text: string): string[] {
  return [
    `Content-Type: ${type}; charset=utf-8`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...text.split(/\r\n|\r|\n/).flatMap(quotedPrintable),
  ]
}

/** One line of text as lines of quoted-printable. */
function quotedPrintable(line: string): string[] {
  const lines: string[] = []
  let current = ''
  const bytes = Buffer.from(line, 'utf8')
  for (const [i, byte] of bytes.entries()) {
    const isLast = i === bytes.length - 1
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x3d
    // A blank at the end of a line gets lost on the way; a dot alone on one ends the mail; two dashes
    // might begin a boundary.
    const isBlank = (byte === 0x20 || byte === 0x09) && !isLast
    const isSafe = (isPlain && !(current === '' && (byte === 0x2e || byte === 0x2d))) || isBlank
    const unit = isSafe ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
    if (current.length + unit.length > LINE_CHARACTERS) {
      lines.push(`${current}=`)
      current = ''
    }
    current += unit
  }
  return [...lines, current]
}

function people(list: ReadMail['from']): string {
  return list
    .map(({ name, address }) => (name === '' ? address : `${title(name)} <${ascii(address)}>`))
    .join(', ')
}

/** A name before an address; quoted when it has signs that mean something there. */
function title(name: string): string {
  const written = encoded(name)
  if (written !== name || /^[\w !#$%&'*+/=?^`{|}~-]*$/.test(name)) return written
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}

/** A header of ASCII, folded; none when there is nothing to say. */
function header(name: string, value: string): string[] {
  if (value === '') return []
  const words = value.split(' ')
  const lines: string[] = []
  let current = `${name}:`
  for (const word of words) {
    if (current.length + 1 + word.length > LINE_CHARACTERS && current.trim() !== `${name}:`) {
      lines.push(current)
      current = ''
    }
    current += ` ${word.slice(0, 900)}`
  }
  return [...lines, current]
}

/** As it is when it is plain ASCII; else as encoded words. */
function encoded(given: string): string {
  const text = onOneLine(given).slice(0, MOST_HEADER_CHARACTERS)
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text
  const words: string[] = []
  let current = ''
  for (const character of text) {
    if (Buffer.byteLength(current + character) > WORD_BYTES) {
      words.push(current)
      current = ''
    }
    current += character
  }
  return [...words, current].map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ')
}

function ascii(address: string): string {
  return address.replace(/[^\x21-\x7e]/g, '?').slice(0, 320)
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
}
