import type { IncomingMessage } from 'node:http'
import { isObject, parseJson } from '../../core/json'
import type { JsonObject } from '../../core/json'

/** The longest body that is taken: spec/management-api.md [M12]. */
const MOST_BYTES = 2_621_440

/** Of a longer one this much is dropped before we hang up, so that the client gets to read our answer. */
const MOST_DROPPED_BYTES = 16 * 1024 * 1024

export type JsonBody = { members: JsonObject } | { error: string; tooLarge?: true } | 'gone'

const NOTHING: JsonObject = new Map()

/** The members of the JSON object in a body, whatever its type is said to be: [M11] to [M13]. */
export async function readJson(
  request: IncomingMessage,
  { takesNothing }: { takesNothing?: true } = {},
): Promise<JsonBody> {
  const body = await readText(request)
  return typeof body === 'object' && 'text' in body
    ? membersOf(body.text, { takesNothing: takesNothing ?? false })
    : body
}

/** The body, '' when there is none. */
export async function readText(
  request: IncomingMessage,
): Promise<{ text: string } | { error: string; tooLarge?: true } | 'gone'> {
  const bytes = await readBytes(request)
  if (bytes === 'gone') return 'gone'
  if (bytes === 'too large') return { error: 'request body is too large', tooLarge: true }
  const text = decoded(bytes)
  return text === null ? { error: 'could not parse request body' } : { text }
}

export function membersOf(
  text: string,
  { takesNothing }: { takesNothing: boolean } = { takesNothing: false },
): Exclude<JsonBody, 'gone'> {
  if (text === '') return { members: NOTHING }
  const parsed = parseJson(text)
  if (parsed === null) return { error: 'could not parse request body' }
  if (takesNothing && parsed.value === null) return { members: NOTHING }
  if (!isObject(parsed.value)) return { error: 'json validation error: value is not an object' }
  return { members: parsed.value }
}

/** Null when it is not UTF-8. A byte order mark is kept, and so is no JSON. */
function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The body as it came. What is too large is dropped, so that the client gets to read our answer. */
export function readBytes(request: IncomingMessage): Promise<Buffer | 'too large' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let received = 0
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received <= MOST_BYTES) chunks.push(chunk)
      else chunks.length = 0
      if (received <= MOST_BYTES + MOST_DROPPED_BYTES) return
      request.pause()
      resolve('too large')
    })
    request.on('end', () => resolve(received > MOST_BYTES ? 'too large' : Buffer.concat(chunks)))
    request.on('error', () => resolve('gone'))
    request.on('close', () => resolve('gone'))
  })
}
