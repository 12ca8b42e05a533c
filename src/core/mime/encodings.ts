/** How MIME writes bytes as text and text as bytes: RFC 2045 §6, RFC 2047, and charsets by their labels. */

/** An encoded word: charset (with a language that nobody uses), encoding, text. */
const ENCODED_WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bq])\?([^?]{0,500})\?=/gi

/** Bytes as text; what the charset does not know becomes U+FFFD. An unknown charset is read as UTF-8. */
export function inCharset(bytes: Uint8Array, charset: string): string {
  return decoderOf(charset).decode(bytes)
}

/** The bytes behind a Content-Transfer-Encoding; a damaged end is left out, an unknown encoding is none. */
export function transferred(bytes: Buffer, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64')
    case 'quoted-printable':
      return quotedPrintable(bytes, { blankIsUnderscore: false })
    default:
      return bytes
  }
}

/** The text of a header with its encoded words undone. Words side by side are one text, as RFC 2047 §6.2 has it. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let said = ''
  let from = 0
  let open: { charset: string; parts: Buffer[] } | null = null
  const close = (): void => {
    // A letter may be cut in half between two words of the same charset.
    if (open !== null) said += inCharset(Buffer.concat(open.parts), open.charset)
    open = null
  }
  for (const match of text.matchAll(ENCODED_WORD)) {
    const [whole, charset = '', encoding = '', written = ''] = match
    const between = text.slice(from, match.index)
    const continues = open !== null && /^\s*$/.test(between)
    if (!continues) {
      close()
      said += between
    }
    if (open?.charset !== charset.toLowerCase()) close()
    open ??= { charset: charset.toLowerCase(), parts: [] }
    open.parts.push(wordBytes(written, encoding))
    from = match.index + whole.length
  }
  close()
  return said + text.slice(from)
}

function wordBytes(written: string, encoding: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(written, 'base64')
  return quotedPrintable(Buffer.from(written, 'utf8'), { blankIsUnderscore: true })
}

const EQUALS = 0x3d
const UNDERSCORE = 0x5f
const BLANK = 0x20
const LF = 0x0a

function quotedPrintable(bytes: Buffer, { blankIsUnderscore }: { blankIsUnderscore: boolean }): Buffer {
  const decoded = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at]!
    const code = byte === EQUALS ? hexAt(bytes, at + 1) : null
    const lineEnd = byte === EQUALS && code === null ? softBreakEnd(bytes, at + 1) : null
    if (lineEnd !== null) {
      at = lineEnd
    } else {
      decoded[length++] = code ?? (blankIsUnderscore && byte === UNDERSCORE ? BLANK : byte)
      at += code === null ? 1 : 3
    }
  }
  return decoded.subarray(0, length)
}

/** Behind the line break that an equals sign hides; null when it hides none. */
function softBreakEnd(bytes: Buffer, from: number): number | null {
  let at = from
  // Relays add blanks at the ends of lines, but not many.
  while (at < from + 80 && (bytes[at] === BLANK || bytes[at] === 0x09 || bytes[at] === 0x0d)) at++
  return bytes[at] === LF ? at + 1 : null
}

function hexAt(bytes: Buffer, at: number): number | null {
  const high = hexDigit(bytes[at])
  const low = hexDigit(bytes[at + 1])
  return high === null || low === null ? null : high * 16 + low
}

function hexDigit(byte: number | undefined): number | null {
  if (byte === undefined) return null
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : null
}

function decoderOf(charset: string): { decode(bytes: Uint8Array): string } {
  const label = charset.trim().toLowerCase()
  // Eight-bit letters in what claims to be ASCII are UTF-8 nowadays, not what the WHATWG table says.
  if (label === '' || label === 'us-ascii' || label === 'ascii') return new TextDecoder('utf-8')
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder('utf-8')
  }
}
