import { all, insert, one, run } from './sql'
import type { Sql, Work } from './sql'

/** Settings as they were saved from the pages, secrets sealed. */
export interface SavedSettings {
  /** Grows with every save. */
  version: number
  values: Record<string, string>
}

export interface SavedSettingStore {
  all(): Promise<SavedSettings>
  /** Of the last save: others may have saved since one looked. */
  version(): Promise<number>
  /** Null takes a value back. The new version. */
  save(changes: Readonly<Record<string, string | null>>): Promise<number>
}

const VERSION = 'version of the saved settings'

export function savedSettingStore(sql: Sql): SavedSettingStore {
  return {
    all: () =>
      sql.read(function* () {
        // Read first: what is saved in between is then read again.
        const version = yield* versionNow()
        const rows = yield* all<{ name: string; value: string }>(
          'SELECT name, value FROM saved_settings ORDER BY name',
        )
        return { version, values: Object.fromEntries(rows.map(({ name, value }) => [name, value])) }
      }),

    version: () => sql.read(versionNow),

    save: (changes) =>
      sql.transaction(function* () {
        // The row is locked from here on, so that no two saves have the same version.
        yield* insert(
          'facts',
          [{ name: VERSION, value: '1' }],
          'ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(facts.value AS BIGINT) + 1 AS TEXT)',
        )
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) yield* run('DELETE FROM saved_settings WHERE name = $1', [name])
          else {
            yield* insert(
              'saved_settings',
              [{ name, value }],
              'ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            )
          }
        }
        return yield* versionNow()
      }),
  }
}

function* versionNow(): Work<number> {
  const row = yield* one<{ value: string }>('SELECT value FROM facts WHERE name = $1', [VERSION])
  return Number(row?.value ?? 0)
}
