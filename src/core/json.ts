/**
 * JSON as the API takes it: RFC 8259 and the bare words NaN, Infinity and -Infinity
 * (spec/management-api.md [M13]). Numbers keep their literal text, because `60.0` is no integer there.
 */
export type JsonValue = string | boolean | null | JsonNumber | JsonValue[] | JsonObject | typeof DEEP

export interface JsonNumber {
  literal: string
}

export type JsonObject = ReadonlyMap<string, JsonValue>

/** Stands for an array or object deeper than anybody looks: it was checked, and is not kept. */
export const DEEP: unique symbol = Symbol('deep')

/** Levels that are kept: the document, and what its members hold. */
const KEPT_LEVELS = 2

/** Longer literals are refused, as the reference does. */
const MOST_DIGITS = 4300

const WORDS: readonly [string, JsonValue][] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', { literal: 'NaN' }],
  ['Infinity', { literal: 'Infinity' }],
  ['-Infinity', { literal: '-Infinity' }],
]

/** Null when the text is not JSON. Takes any depth: it keeps its own stack. */
export function parseJson(text: string): { value: JsonValue } | null {
  const reader = new Reader(text)
  const levels: Level[] = []
  for (;;) {
    let value = reader.startOfValue(levels)
    if (value === OPENED) continue
    // What is complete may complete what is around it, and so on.
    for (;;) {
      if (value === WRONG) return null
      const level = levels.at(-1)
      if (level === undefined) return reader.atEnd() ? { value } : null
      keep(level, value)
      if (reader.takes(',')) {
        if (level.closer === '}' && !reader.key(level)) return null
        break
      }
      if (!reader.takes(level.closer)) return null
      levels.pop()
      value = level.value
    }
  }
}

/** The member as text, as the reference turns what should be a string into one. */
export function textOf(value: JsonValue): string {
  if (typeof value === 'string') return value
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value === DEEP || Array.isArray(value) || isObject(value)) return ''
  return value.literal
}

export function isObject(value: JsonValue): value is JsonObject {
  return value instanceof Map
}

const OPENED: unique symbol = Symbol('opened')
const WRONG: unique symbol = Symbol('wrong')

/** An array or object that is not closed yet. */
interface Level {
  closer: ']' | '}'
  key: string
  value: JsonValue[] | Map<string, JsonValue> | typeof DEEP
}

function keep({ value, key }: Level, inner: JsonValue): void {
  if (value === DEEP) return
  if (Array.isArray(value)) value.push(inner)
  else value.set(key, inner)
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** A whole value, or the opening of one that has something in it. */
  startOfValue(levels: Level[]): JsonValue | typeof OPENED | typeof WRONG {
    this.#skipBlanks()
    const first = this.#text[this.#at]
    if (first === '"') return this.#string()
    if (first !== '[' && first !== '{') return this.#scalar()
    this.#at++
    const level: Level = {
      closer: first === '[' ? ']' : '}',
      key: '',
      value: levels.length >= KEPT_LEVELS ? DEEP : first === '[' ? [] : new Map<string, JsonValue>(),
    }
    if (this.takes(level.closer)) return level.value
    if (level.closer === '}' && !this.key(level)) return WRONG
    levels.push(level)
    return OPENED
  }

  /** Reads the name of the next member, and its colon. */
  key(level: Level): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== '"') return false
    const key = this.#string()
    if (key === WRONG) return false
    level.key = key
    return this.takes(':')
  }

  takes(character: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  atEnd(): boolean {
    this.#skipBlanks()
    return this.#at === this.#text.length
  }

  #skipBlanks(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'end')) this.#at++
  }

  #string(): string | typeof WRONG {
    const from = this.#at
    let escaped = false
    for (let at = from + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at)
      if (code < 0x20) return WRONG
      if (code === BACKSLASH) {
        escaped = true
        at++
      } else if (code === QUOTE) {
        this.#at = at + 1
        return escaped ? unescaped(this.#text.slice(from, at + 1)) : this.#text.slice(from + 1, at)
      }
    }
    return WRONG
  }

  #scalar(): JsonValue | typeof WRONG {
    const word = WORDS.find(([text]) => this.#text.startsWith(text, this.#at))
    if (word) {
      this.#at += word[0].length
      return word[1]
    }
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    number.lastIndex = this.#at
    const literal = number.exec(this.#text)?.[0]
    if (literal === undefined || literal.replace(/\D/g, '').length > MOST_DIGITS) return WRONG
    this.#at += literal.length
    return { literal }
  }
}

const QUOTE = '"'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)

function unescaped(quoted: string): string | typeof WRONG {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return WRONG
  }
}
