import { follow, UnreadableFile } from './references'
import type { Secrets, Words } from './references'
import type { Located, Mistake } from './yaml'

/** Reads located data piece by piece, and collects all that is wrong with it. */
export class Reader {
  readonly mistakes: Mistake[] = []
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  wrong(line: number, message: string): void {
    this.mistakes.push({ line, message })
  }

  /** The entries of a map; what is not `known` is a mistake. */
  entries(node: Located, what: string, known: readonly string[]): Map<string, Located> {
    if (node.kind !== 'map') {
      this.wrong(node.line, `${what} has to be entries like 'name: …', one a line.`)
      return new Map()
    }
    const found = new Map<string, Located>()
    for (const [key, { line, value }] of node.entries) {
      if (known.includes(key)) found.set(key, value)
      else this.wrong(line, `${what} has no '${key}'. There are: ${known.join(', ')}.`)
    }
    return found
  }

  /** Null when there is none. */
  list(node: Located | undefined, what: string): readonly Located[] | null {
    if (node === undefined) return null
    if (node.kind === 'list') return node.items
    if (node.kind === 'scalar' && node.value === null) return []
    this.wrong(node.line, `${what} has to be a list, each item after a hyphen.`)
    return null
  }

  /** Text with its references followed. Null after a mistake, and when there is none. */
  words(node: Located | undefined, what: string): (Words & { line: number }) | null {
    if (node === undefined) return null
    if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
      this.wrong(node.line, `${what} has to be text; put it in quotes.`)
      return null
    }
    const written = typeof node.value === 'number' ? node.source : node.value
    try {
      return { ...follow(written, this.#secrets), line: node.line }
    } catch (cause) {
      if (!(cause instanceof UnreadableFile)) throw cause
      this.wrong(node.line, `${what}: ${cause.message}`)
      return null
    }
  }

  /** Text that is needed now. '' after a mistake; `otherwise` when there is none. */
  text(node: Located | undefined, what: string, otherwise = ''): string {
    const words = this.words(node, what)
    if (words === null) return node === undefined ? otherwise : ''
    if (words.text === null) this.wrong(words.line, notSet(what, words.missing))
    return words.text ?? ''
  }

  /** One of these words. The first of them after a mistake. */
  choice<const T extends string>(
    node: Located | undefined,
    what: string,
    values: readonly [T, ...T[]],
    line: number,
  ): T {
    const text = this.text(node, what)
    const found = values.find((value) => value === text)
    if (found === undefined) this.wrong(node?.line ?? line, `${what} has to be one of: ${values.join(', ')}.`)
    return found ?? values[0]
  }
}

/** For a reference that leads nowhere, where there is nothing to keep. */
export function notSet(what: string, missing: readonly string[]): string {
  const names = missing.join(', ')
  return `${what}: ${names} ${missing.length === 1 ? 'is' : 'are'} not set in the environment.`
}
