import { dirname } from 'node:path'
import type { JobEnd } from '../actions/jobs'
import type { UpkeepDeps } from '../actions/upkeep'
import type { Config } from '../config'
import { runOwnProgram } from '../world/own-program'

/** Looks after a SQLite file. */
export type Care = (what: 'check' | 'vacuum', file: string, signal: AbortSignal) => Promise<JobEnd>

/**
 * In a process of its own, because SQLite has whoever asks stand still until it is done. What it writes on the
 * way lies beside the file, where there is room for it.
 */
const inAnotherProcess: Care = async (what, file, signal) => {
  const env = { SQLITE_TMPDIR: dirname(file) }
  const { code, out, err } = await runOwnProgram(['database', what, '--file', file], { env, signal })
  return { ok: code === 0, text: out || err.slice(-300) || 'It was ended.' }
}

export function careOf(
  { database }: Pick<Config, 'database'>,
  care: Care = inAnotherProcess,
): UpkeepDeps['care'] {
  if (database.kind !== 'sqlite') return null
  return (what, signal) => care(what, database.file, signal)
}
