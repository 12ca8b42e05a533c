import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../core/problem'
import type { Random } from './random'

/** Of spec/operations.md §1.3. */
const LENGTH = 64
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * The key that signs sessions and links where the operator gave none: made at the first start and kept in
 * DATA_DIR/secret_key.
 */
export function keptSecretKey({
  dataDir,
  random,
}: {
  dataDir: string
  random: Pick<Random, 'text'>
}): Result<string> {
  const path = join(dataDir, 'secret_key')
  const kept = read(path)
  if (kept === null) return ok(make(path, random.text(LENGTH, ALPHABET)))
  // An empty key would sign everything with something that everybody knows.
  if (kept.length >= LENGTH / 2) return ok(kept)
  return fail(
    'invalid',
    `${path} does not hold a secret key. Restore it, or remove it to start with a new one.`,
  )
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null
    throw cause
  }
}

/**
 * Under another name first: a crash in the middle must not leave half a key. The link then fails if another
 * command was faster, whose key is the one.
 */
function make(path: string, key: string): string {
  const draft = `${path}.${process.pid}`
  const file = openSync(draft, 'w', 0o600)
  writeSync(file, `${key}\n`)
  fsyncSync(file)
  closeSync(file)
  try {
    linkSync(draft, path)
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') renameSync(draft, path) // A file system without links.
  }
  rmSync(draft, { force: true })
  return read(path) ?? key
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null
}
