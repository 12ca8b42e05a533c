import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Call } from './command'

/** The ways to hand a command a password without typing it: a person is asked instead. */
export const PASSWORD_OPTIONS = {
  'password-file': { type: 'string' },
  'password-stdin': { type: 'boolean' },
} as const

export const PASSWORD_HELP = `  --password-file F  the password is what this file holds
  --password-stdin   the password is what comes on standard input`

interface PasswordOptions {
  password?: string | undefined
  pass?: string | undefined
  'password-file'?: string | undefined
  'password-stdin'?: boolean | undefined
}

/** Null: it was not given. */
export async function passwordIn(
  options: PasswordOptions,
  { cwd, terminal }: Call,
): Promise<{ ok: true; password: string | null } | { ok: false; problem: string }> {
  const path = options['password-file']
  if (path !== undefined) {
    try {
      return { ok: true, password: withoutLineEnd(readFileSync(resolve(cwd, path), 'utf8')) }
    } catch (cause) {
      return {
        ok: false,
        problem: `Error reading ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      }
    }
  }
  if (options['password-stdin']) return { ok: true, password: withoutLineEnd(await terminal.input()) }
  return { ok: true, password: options.password ?? options.pass ?? null }
}

/** A file ends its line, which is no part of the password. */
function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}
