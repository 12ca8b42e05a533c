import { CHANGING, DEFAULT, isSavable, SAVABLE, SAVED, settingsTable } from '../config'
import type { Config, ConfigResult, SettingValue } from '../config'
import type { SettingChanges, SettingsDesk } from '../actions/site-settings'
import type { SavedSettingStore } from '../store/saved-settings'
import type { Log } from '../world/log'
import type { Random } from '../world/random'
import { sealFor } from '../world/sealing'

/** Reads all settings as at the start, but with these saved. */
export type ReadSettings = (saved: Readonly<Record<string, string>>) => ConfigResult

export interface LiveSettings extends SettingsDesk<Config> {
  /** As it holds now, always the same object: see `CHANGING`. */
  config: Config
  /** Takes over what others have saved since. */
  renew(): Promise<void>
}

const SECRETS = new Set(settingsTable().flatMap(({ name, secret }) => (secret ? [name] : [])))

/** Fewer characters would tell too much of a secret by their end. */
const SHORTEST_HINTED = 8

/** Joins what is saved in the database to the settings of the start: [O4] of spec/operations.md. */
export async function liveSettings(about: {
  given: Config
  read: ReadSettings
  savedSettings: SavedSettingStore
  secretKey: string
  random: Pick<Random, 'bytes'>
  log: Log
}): Promise<LiveSettings> {
  const { read, savedSettings, random, log } = about
  const sealOf = (name: string) => sealFor(about.secretKey, `saved setting ${name}`)
  const config: Config = { ...about.given }
  let saved: Record<string, string> = {}
  let version = 0
  let known: { values: readonly SettingValue[]; warnings: readonly string[] } = { values: [], warnings: [] }

  /** Secrets that another secret key sealed are lost, and what this version does not know is left alone. */
  function opened(kept: Record<string, string>): Record<string, string> {
    const values: Record<string, string> = {}
    for (const [name, value] of Object.entries(kept)) {
      if (!isSavable(name)) continue
      const text = SECRETS.has(name) ? sealOf(name).open(value) : value
      if (text === null) log.warn(`${name} was saved under another SECRET_KEY: enter it again`)
      else values[name] = text
    }
    return values
  }

  /** What was saved and fits the settings of the start: nothing on a page keeps the server from starting. */
  function fitting(values: Record<string, string>): Record<string, string> {
    if (read(values).ok) return values
    let fits: Record<string, string> = {}
    for (const [name, value] of Object.entries(values)) {
      const tried = read({ ...fits, [name]: value })
      if (tried.ok) fits = { ...fits, [name]: value }
      else log.warn(`the saved value of ${name} is left out: ${tried.problems.join('; ')}`)
    }
    return fits
  }

  async function renew(): Promise<void> {
    if ((await savedSettings.version()) === version) return
    const kept = await savedSettings.all()
    saved = fitting(opened(kept.values))
    adopt(read(saved))
    version = kept.version
  }

  function adopt(result: ConfigResult): void {
    if (!result.ok) throw new Error(`the settings do not fit: ${result.problems.join('; ')}`)
    const changing = CHANGING.map((name) => [name, result.config[name]])
    Object.assign(config, Object.fromEntries(changing))
    known = result
  }

  function weighed(changes: SettingChanges): { values: Record<string, string>; result: ConfigResult } {
    const values = { ...saved }
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete values[name]
      else values[name] = value
    }
    return { values, result: read(values) }
  }

  const atStart = read({})
  if (atStart.ok) known = atStart
  await renew()
  return {
    config,
    renew,
    savable: SAVABLE,
    values: () => known.values,
    warnings: () => known.warnings,
    weigh: (changes) => weighed(changes).result,
    secretHint(name) {
      const secret = saved[name]
      return secret === undefined || secret.length < SHORTEST_HINTED ? null : secret.slice(-2)
    },
    isSecret: (name) => SECRETS.has(name),
    isFixed: (name) =>
      known.values.some((each) => each.name === name && ![DEFAULT, SAVED].includes(each.source)),
    async keep(changes) {
      const kept = Object.entries(changes).map(([name, value]) => [
        name,
        value === null || !SECRETS.has(name) ? value : sealOf(name).close(value, random),
      ])
      await savedSettings.save(Object.fromEntries(kept) as SettingChanges)
      await renew()
    },
  }
}
