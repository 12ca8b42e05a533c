import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What the operator wrote, and where. Spec/operations.md §1.1: the first place that has a name wins. */
export interface Place {
  /** How `rollcall config` calls it. */
  title: string
  values: Record<string, string | undefined>
}

export interface Found {
  /** Null: in none of the places. */
  text: string | null
  source: string
}

/** The source of what stands nowhere. */
export const DEFAULT = 'default'

export type ReadFile = (path: string) => string

/** Larger than any secret or list of settings; a wrong path must not fill the memory. */
const MOST_BYTES = 1_048_576

/** The text of a regular file. Throws like `node:fs` when there is none. */
export const readRegularFile: ReadFile = (path) => {
  const about = statSync(path)
  if (!about.isFile()) throw new Error('it is not a regular file')
  if (about.size > MOST_BYTES) throw new Error('it is larger than 1 MB')
  return readFileSync(path, 'utf8')
}

export interface FilePlace {
  place: Place | null
  problems: string[]
}

/** Reads the file named by the operator, or else `rollcall.env` in the data directory, which need not exist. */
export function envFilePlace(
  { named, dataDir, cwd }: { named: string | null; dataDir: string; cwd: string },
  readFile: ReadFile,
): FilePlace {
  const path = named === null ? join(resolve(cwd, dataDir), 'rollcall.env') : resolve(cwd, named)
  try {
    const { values, problems } = parseEnvFile(readFile(path), path)
    return { place: { title: path, values }, problems }
  } catch (cause) {
    if (named === null && ['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return { place: null, problems: [] }
    return { place: null, problems: [`Error reading the settings file ${path}: ${reasonOf(cause)}`] }
  }
}

/**
 * `NAME=value` in each line; `export ` before it and one pair of quotes around the value are dropped,
 * nothing is expanded, and of two equal names the last counts. Blank lines and lines with `#` are skipped.
 */
export function parseEnvFile(
  text: string,
  path: string,
): { values: Record<string, string>; problems: string[] } {
  const values: Record<string, string> = {}
  const problems: string[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    // The line is not repeated in the message, because it may hold a secret.
    if (name === undefined || value === undefined) problems.push(`${path}, line ${index + 1}: use NAME=value`)
    else values[name] = withoutQuotes(value)
  }
  return { values, problems }
}

/** Looks a setting up, in its own name and, if it is a secret, as the path of a file in NAME_FILE. */
export function lookUp(
  { name, secret, cwd }: { name: string; secret: boolean; cwd: string },
  places: Place[],
  readFile: ReadFile,
): { ok: true; found: Found } | { ok: false; problem: string } {
  for (const { title, values } of places) {
    const path = secret ? values[`${name}_FILE`] : undefined
    if (path) {
      try {
        const text = readFile(resolve(cwd, path)).trim()
        return { ok: true, found: { text, source: `${name}_FILE in ${title}` } }
      } catch (cause) {
        return { ok: false, problem: `Error reading ${name}_FILE (${path}): ${reasonOf(cause)}` }
      }
    }
    const text = values[name]
    if (text !== undefined) return { ok: true, found: { text, source: title } }
  }
  return { ok: true, found: { text: null, source: DEFAULT } }
}

function withoutQuotes(value: string): string {
  return /^"(.*)"$/.exec(value)?.[1] ?? /^'(.*)'$/.exec(value)?.[1] ?? value
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}

function reasonOf(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EACCES':
      return 'it may not be read by this user'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
