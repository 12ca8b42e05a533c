export interface Answered {
  status: number
  /** Names in lower case. */
  headers: Map<string, string>
}

/**
 * The whole answers to these methods, read from what came on a connection; 100 Continue is not one.
 * `isOver`: no more will come, so that an answer without a length is whole. (RFC 9112)
 */
export function answersIn(
  bytes: Buffer,
  methods: readonly string[],
  { isOver }: { isOver: boolean },
): Answered[] {
  const answers: Answered[] = []
  let at = 0
  while (at < bytes.length) {
    const headEnd = bytes.indexOf('\r\n\r\n', at)
    if (headEnd === -1) break
    const [first = '', ...lines] = bytes.toString('latin1', at, headEnd).split('\r\n')
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(first)?.[1] ?? Number.NaN)
    if (Number.isNaN(status)) throw new Error(`This is no answer: ${JSON.stringify(first)}`)
    const headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    )
    at = headEnd + 4
    if (status === 100) continue
    const hasBody = methods[answers.length] !== 'HEAD' && status !== 204 && status !== 304
    const end = hasBody ? bodyEnd(bytes, at, headers, isOver) : at
    if (end === null) break
    at = end
    answers.push({ status, headers })
  }
  return answers
}

/** Where the body ends that begins at `from`; null: it is not whole. */
function bodyEnd(bytes: Buffer, from: number, headers: Map<string, string>, isOver: boolean): number | null {
  const length = headers.get('content-length')
  if (length !== undefined) return from + Number(length) <= bytes.length ? from + Number(length) : null
  if (headers.get('transfer-encoding') === 'chunked') return chunksEnd(bytes, from)
  // An answer of the parser itself has neither: it ends with the connection.
  return headers.get('connection') === 'close' && !isOver ? null : bytes.length
}

function chunksEnd(bytes: Buffer, from: number): number | null {
  let at = from
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return null
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    at = lineEnd + 2 + length + 2
    if (at > bytes.length) return null
    if (length === 0) return at
  }
}
