import { readHeaders, structured } from './mime/headers'
import type { Headers } from './mime/headers'
import { partsOfMail } from './mime/mail'

/** What a relay says became of a mail. */
export interface Bounce {
  /** There is no point in writing to this address again. */
  isPermanent: boolean
  /** For people. */
  reason: string
}

/** Longer reasons are cut. */
const REASON_CHARACTERS = 200

/** Most blocks of headers of one report: one for the mail, and one for each of its recipients. */
const MOST_BLOCKS = 50

const MOST_BLOCK_BYTES = 65_536

/** Routing trouble may be ours: spec/integrations.md §6.7. */
const MAY_BE_OURS = '5.4.4'

/**
 * What a delivery status notification (RFC 3464) says; null when the mail is none, or it reports neither a
 * permanent nor a transient failure.
 */
export function readBounce(raw: Buffer): Bounce | null {
  for (const headers of blocksOf(raw)) {
    const status = headers.get('status') ?? ''
    if (!headers.has('action') || status === '') continue
    // Some relays add a remark in brackets.
    const code = /^([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(status)?.[1] ?? ''
    if (!/^[45]/.test(code)) return null
    const diagnostic = (headers.get('diagnostic-code') ?? '').replace(/^smtp;\s*/i, '')
    return {
      isPermanent: code.startsWith('5') && code !== MAY_BE_OURS,
      reason: cut(`Delivery failed (${diagnostic || `SMTP status code: ${code}`})`),
    }
  }
  return null
}

/** The text as it is kept of a failure that others tell us of. */
export function cut(reason: string): string {
  return Array.from(reason).slice(0, REASON_CHARACTERS).join('')
}

/** The headers of each part, and each block of headers inside a report. */
function* blocksOf(raw: Buffer): Generator<Headers> {
  for (const { headers, body } of partsOfMail(raw)) {
    yield headers
    if (structured(headers, 'content-type').value !== 'message/delivery-status') continue
    let rest = body
    for (let count = 0; rest.length > 0 && count < MOST_BLOCKS; count++) {
      const block = readHeaders(rest, MOST_BLOCK_BYTES)
      yield block.headers
      // Where something stands that is no header, there is nothing more to understand.
      if (block.bodyFrom === 0) break
      rest = rest.subarray(block.bodyFrom)
    }
  }
}
