import { dirname } from 'node:path'
import type { Config } from '../config'
import { lockDatabase, lockDataDir, type Holder } from '../store/lock'
import { openDataDir } from '../world/data-dir'
import { systemRandom } from '../world/random'
import { keptSecretKey } from '../world/secret-key'
import { EXIT } from './command'

/** The settings together with what is kept in the data directory, or why the program cannot go on. */
export type OwnData =
  { ok: true; config: Config; release(): void } | { ok: false; code: number; sentence: string }

/** Opens the data directory, makes it ours if we must be `alone` there, and gets the secret key. */
export function openOwnData(config: Config, { alone }: { alone: boolean }): OwnData {
  const { dataDir } = config
  const opened = openDataDir(dataDir)
  if (!opened.ok) return { ok: false, code: EXIT.configuration, sentence: opened.problem.message }

  const lock = alone ? lockAll(config) : { ok: true as const, release() {} }
  if (!lock.ok) {
    const sentence = `another server (${nameOf(lock.holder)}) uses ${lock.what}`
    return { ok: false, code: EXIT.tryAgain, sentence }
  }
  if (config.secretKey !== null) return { ok: true, config, release: lock.release }

  const kept = keptSecretKey({ dataDir, random: systemRandom })
  if (!kept.ok) return { ok: false, code: EXIT.configuration, sentence: kept.problem.message }
  return { ok: true, config: { ...config, secretKey: kept.value }, release: lock.release }
}

/** The folder, and the database when that lies elsewhere. */
function lockAll({
  dataDir,
  database,
}: Config): { ok: true; release(): void } | { ok: false; holder: Holder | null; what: string } {
  const first = lockDataDir(dataDir)
  if (!first.ok) return { ...first, what: dataDir }
  if (database.kind !== 'sqlite' || dirname(database.file) === dataDir) return first
  const second = lockDatabase(database.file)
  if (!second.ok) {
    first.release()
    return { ...second, what: database.file }
  }
  return {
    ok: true,
    release() {
      second.release()
      first.release()
    },
  }
}

function nameOf(holder: Holder | null): string {
  return holder === null ? 'just starting' : `pid ${holder.pid} on ${holder.host}`
}
