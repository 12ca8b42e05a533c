import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, stringify } from 'yaml'
import type { Document, Node, Pair } from 'yaml'

/** YAML as we use it: plain data, and for each piece the line where it stands. */
export type Located =
  | { kind: 'map'; line: number; entries: ReadonlyMap<string, { line: number; value: Located }> }
  | { kind: 'list'; line: number; items: readonly Located[] }
  /** `source`: as it was written, for numbers. */
  | { kind: 'scalar'; line: number; value: string | number | boolean | null; source: string }

export interface Mistake {
  line: number
  message: string
}

/** More pieces than any file of people has: aliases can multiply few lines into many. */
const MOST_PIECES = 100_000

/** The only document in a text, or what is wrong with it. */
export function parseYaml(text: string): { ok: true; value: Located } | { ok: false; mistakes: Mistake[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', prettyErrors: false })
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line)
  const mistakes = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    line: lineOf(pos[0]),
    message: `${message.split('\n')[0] ?? ''}.`.replace(/\.+$/, '.'),
  }))
  if (mistakes.length > 0) return { ok: false, mistakes }
  try {
    return { ok: true, value: locate(document, lineOf) }
  } catch (cause) {
    if (cause instanceof Unusable) return { ok: false, mistakes: [cause] }
    throw cause
  }
}

/** Data as YAML that people like to read, below a heading of comments. */
export function writeYaml(data: unknown, heading: string): string {
  return heading + stringify(data, { lineWidth: 0, nullStr: 'null', version: '1.2' })
}

class Unusable extends Error implements Mistake {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

function locate(document: Document.Parsed, lineOf: (offset: number) => number): Located {
  let pieces = 0
  const anchored = new Map<string, Node>()
  const open = new Set<Node>()

  /** What comes later in the file cannot be meant. */
  function meant(name: string, line: number): Node {
    const node = anchored.get(name)
    if (node === undefined) throw new Unusable(line, `Nothing before this is marked &${name}.`)
    // An alias inside what it stands for has no end.
    if (open.has(node)) throw new Unusable(line, 'This alias contains itself.')
    return node
  }

  function located(node: Node | null, line: number): Located {
    if (++pieces > MOST_PIECES) throw new Unusable(line, 'There is too much in this file.')
    if (node === null) return { kind: 'scalar', line, value: null, source: '' }
    const own = node.range ? lineOf(node.range[0]) : line
    if (isAlias(node)) return located(meant(node.source, own), own)
    if (node.anchor !== undefined) anchored.set(node.anchor, node)
    open.add(node)
    const found = contentOf(node, own)
    open.delete(node)
    return found
  }

  function contentOf(node: Node, own: number): Located {
    if (isMap(node))
      return { kind: 'map', line: own, entries: entriesOf(node.items as Pair<Node, Node>[], own) }
    if (isSeq(node)) {
      return { kind: 'list', line: own, items: node.items.map((item) => located(item as Node | null, own)) }
    }
    if (!isScalar(node)) throw new Unusable(own, 'This is nothing that a file of ours has.')
    const { value, source } = node
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return {
        kind: 'scalar',
        line: own,
        value: value as string | number | boolean | null,
        source: source ?? '',
      }
    }
    throw new Unusable(own, 'This is neither text, a number, true, false nor null.')
  }

  function entriesOf(pairs: Pair<Node, Node>[], line: number): Map<string, { line: number; value: Located }> {
    const entries = new Map<string, { line: number; value: Located }>()
    for (const { key, value } of pairs) {
      const name = located(key, line)
      if (name.kind !== 'scalar') throw new Unusable(name.line, 'A key has to be a word.')
      entries.set(String(name.value), { line: name.line, value: located(value, name.line) })
    }
    return entries
  }

  return located(document.contents, 1)
}
