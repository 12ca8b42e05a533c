import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail, ok, type Result } from '../core/problem'

/** Makes sure of a folder that we can write to, and that nobody else can read if it is us who make it. */
export function openDataDir(dir: string): Result<null> {
  try {
    make(dir)
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
    return ok(null)
  } catch (cause) {
    return fail('invalid', `${complaint(dir, cause)} ${cure(dir, cause)}`)
  }
}

/** Level by level: the recursive way of Node never ends below /proc. */
function make(dir: string): void {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(dir) !== dir) make(dirname(dir))
  mkdirSync(dir, { mode: 0o700 })
}

/** Who we are and who it belongs to, because that is nearly always what is wrong. */
function complaint(dir: string, cause: unknown): string {
  const about = nearest(dir)
  const us = `this process runs as uid ${process.getuid?.() ?? '?'}`
  const them = about
    ? `${about.path} belongs to uid ${about.uid} with mode ${about.mode}`
    : 'it cannot be looked at'
  return `The data directory ${dir} cannot be used (${codeOf(cause)}): ${us}, and ${them}.`
}

function cure(dir: string, cause: unknown): string {
  switch (codeOf(cause)) {
    case 'EACCES':
    case 'EPERM': {
      const us = `${process.getuid?.() ?? ''}:${process.getgid?.() ?? ''}`
      // Never the folder around it, which belongs to others.
      return existsSync(dir) ? `Run: chown -R ${us} ${dir}` : `Run: mkdir -p ${dir} && chown ${us} ${dir}`
    }
    case 'EROFS':
      return 'It is mounted read-only: mount it writable, or set DATA_DIR to a folder that is.'
    case 'EEXIST':
    case 'ENOTDIR':
      return 'There is a file in its place: set DATA_DIR to a folder.'
    default:
      return 'Set DATA_DIR to a folder that can be written.'
  }
}

/** The folder itself, or the one in which it would have to be made. */
function nearest(path: string): { path: string; uid: number; mode: string } | null {
  const parent = path.replace(/\/+[^/]+\/*$/, '') || '/'
  try {
    const { uid, mode } = statSync(path)
    return { path, uid, mode: (mode & 0o7777).toString(8).padStart(4, '0') }
  } catch {
    return parent === path ? null : nearest(parent)
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
}
