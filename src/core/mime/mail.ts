import { inCharset, transferred } from './encodings'
import { mailboxes, readHeaders, structured, unstructured } from './headers'
import type { Headers, Mailbox, Structured } from './headers'

/** A mail, decoded: encoded words, transfer encodings and charsets are undone. */
export interface ReadMail {
  /** One line of any length; '' when there is none. So are the others. */
  subject: string
  from: Mailbox[]
  to: Mailbox[]
  /** As it was written. */
  date: string
  messageId: string
  /** All plain text that is to be read, and all HTML, their line ends as they came; null when the mail has no such part. */
  text: string | null
  html: string | null
  /** All other parts, mails inside the mail included; those are not looked into. */
  others: OtherPart[]
}

export interface OtherPart {
  /** '' when it has none. */
  name: string
  /** Such as 'image/png'. */
  type: string
  /** As they travelled, before they are decoded. */
  bytes: number
}

/** Deeper ones are not looked into: mails that are meant to be read stay far below. */
const MOST_DEPTH = 20

/** Most parts of one mail, containers included; what follows is not looked at. */
const MOST_PARTS = 200

/** What is read of the headers of a mail, and of each of its parts. */
const MOST_HEADER_BYTES = { mail: 262_144, part: 16_384 }

/** A part while the mail is taken apart. */
interface Part {
  headers: Headers
  type: Structured
  /** As it travelled. */
  body: Buffer
}

/**
 * Takes a mail apart (RFC 5322, RFC 2045 to 2047), or what is left of one: what makes no sense is as if it
 * were not there. Its time grows with the size of the mail and nothing else, so that no mail can hold up
 * the pings behind it. Null when it has no headers at all.
 */
export function readMail(raw: Buffer): ReadMail | null {
  const whole = partOf(raw, MOST_HEADER_BYTES.mail)
  const { headers } = whole
  if (headers.size === 0) return null
  const texts: string[] = []
  const htmls: string[] = []
  const others: OtherPart[] = []
  for (const part of leavesOf(whole)) {
    const disposition = structured(part.headers, 'content-disposition')
    const kind = disposition.value === 'attachment' ? 'other' : part.type.value
    if (kind === 'text/plain') texts.push(textOf(part))
    else if (kind === 'text/html') htmls.push(textOf(part))
    else others.push(otherPart(part, disposition))
  }
  return {
    subject: unstructured(headers, 'subject'),
    from: mailboxes(headers, 'from'),
    to: mailboxes(headers, 'to'),
    date: unstructured(headers, 'date'),
    messageId: unstructured(headers, 'message-id'),
    text: texts.length === 0 ? null : texts.join('\n'),
    html: htmls.length === 0 ? null : htmls.join('\n'),
    others,
  }
}

/** The parts of a mail that hold no parts themselves, within the same limits; one that has none is its own part. */
export function partsOfMail(raw: Buffer): { headers: Headers; body: Buffer }[] {
  return leavesOf(partOf(raw, MOST_HEADER_BYTES.mail))
}

function partOf(raw: Buffer, mostHeaderBytes: number): Part {
  const { headers, bodyFrom } = readHeaders(raw, mostHeaderBytes)
  const type = structured(headers, 'content-type')
  // RFC 2045 §5.2: what is not said, or said so that nobody understands it, is plain text.
  const isSaid = /^[^\s/]+\/[^\s/]+$/.test(type.value)
  return { headers, type: isSaid ? type : { ...type, value: 'text/plain' }, body: raw.subarray(bodyFrom) }
}

/** The parts that are no containers, in their order. */
function leavesOf(whole: Part): Part[] {
  const leaves: Part[] = []
  let count = 0
  const open = (part: Part, depth: number): void => {
    count += 1
    const boundary = part.type.parameters.get('boundary') ?? ''
    if (!part.type.value.startsWith('multipart/')) {
      leaves.push(part)
    } else if (boundary === '') {
      leaves.push({ ...part, type: { ...part.type, value: 'text/plain' } })
    } else if (depth < MOST_DEPTH) {
      for (const raw of sectionsOf(part.body, boundary, MOST_PARTS - count)) {
        if (count >= MOST_PARTS) return
        open(partOf(raw, MOST_HEADER_BYTES.part), depth + 1)
      }
    }
  }
  open(whole, 0)
  return leaves
}

/** How a boundary's line ends; two dashes make it the last one. */
const LINE_END = /^(--)?[ \t]*(?:\r?\n|$)/
const MOST_LINE_END = 100

/** What stands between the lines `--boundary`, to the end when the last of them is missing: RFC 2046 §5.1.1. */
function sectionsOf(body: Buffer, boundary: string, most: number): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`)
  const sections: Buffer[] = []
  let from: number | null = null
  let at = 0
  while (sections.length < most) {
    const found = body.indexOf(delimiter, at)
    if (found === -1) break
    at = found + delimiter.length
    if (found > 0 && body[found - 1] !== 0x0a) continue
    const line = LINE_END.exec(body.subarray(at, at + MOST_LINE_END).toString('latin1'))
    if (line === null) continue
    at += line[0].length
    if (from !== null) sections.push(withoutLastBreak(body.subarray(from, Math.max(from, found))))
    from = at
    if (line[1] !== undefined) return sections
  }
  if (from !== null && sections.length < most) sections.push(body.subarray(from))
  return sections
}

/** The line break before a boundary belongs to the boundary. */
function withoutLastBreak(section: Buffer): Buffer {
  if (section.at(-1) !== 0x0a) return section
  return section.subarray(0, section.at(-2) === 0x0d ? -2 : -1)
}

function textOf({ headers, type, body }: Part): string {
  const bytes = transferred(body, headers.get('content-transfer-encoding') ?? '')
  return inCharset(bytes, type.parameters.get('charset') ?? '')
}

function otherPart({ type, body }: Part, disposition: Structured): OtherPart {
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name') ?? ''
  return { name: name.replace(/\p{Cc}/gu, ' '), type: type.value, bytes: body.length }
}
