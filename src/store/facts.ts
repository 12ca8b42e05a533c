import { insert, one, run } from './sql'
import type { Sql } from './sql'

/** Single facts about the instance: the set-up code's hash, the fingerprint of the secret key … */
export interface FactStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  remove(name: string): Promise<void>
}

export function factStore(sql: Sql): FactStore {
  return {
    get: (name) =>
      sql.read(function* () {
        const row = yield* one<{ value: string }>('SELECT value FROM facts WHERE name = $1', [name])
        return row?.value ?? null
      }),

    set: (name, value) =>
      sql.transaction(function* () {
        yield* insert('facts', [{ name, value }], 'ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      }),

    remove: (name) => sql.transaction(() => run('DELETE FROM facts WHERE name = $1', [name])),
  }
}
