/** More of an answer is not read; the verdict stands by then. */
const ANSWER_LIMIT_BYTES = 64 * 1024

/** Whether an answer says to look, or to do it, elsewhere. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** The beginning of the answer. One that breaks off has still said its status, which is what counts. */
export async function readSome(body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= ANSWER_LIMIT_BYTES) break
    }
  } catch (error) {
    if (signal.aborted) throw error
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_LIMIT_BYTES)
}

/** Headers by name, with one value each. */
export function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, single(value) ?? '']))
}

/** Of several values of a header, the first. */
export function single(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}
