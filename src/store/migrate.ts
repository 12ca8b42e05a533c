import * as m0001 from './migrations/0001_foundation'
import * as m0002 from './migrations/0002_object_bodies'
import * as m0003 from './migrations/0003_runs_and_pruning'
import * as m0004 from './migrations/0004_api_keys'
import * as m0005 from './migrations/0005_reminders'
import * as m0006 from './migrations/0006_members'
import * as m0007 from './migrations/0007_accounts'
import * as m0008 from './migrations/0008_lists'
import * as m0009 from './migrations/0009_access_tokens'
import * as m0010 from './migrations/0010_teams'
import * as m0011 from './migrations/0011_closings'
import * as m0012 from './migrations/0012_run_days'
import * as m0013 from './migrations/0013_missed_news'
import * as m0014 from './migrations/0014_outages'
import * as m0015 from './migrations/0015_disabled_channels'
import * as m0016 from './migrations/0016_unread'
import * as m0017 from './migrations/0017_mailed_invitations'
import * as m0018 from './migrations/0018_tallies'
import * as m0019 from './migrations/0019_last_project'
import * as m0020 from './migrations/0020_saved_settings'
import * as m0021 from './migrations/0021_bulk_jobs'
import * as m0022 from './migrations/0022_told_together'
import * as m0023 from './migrations/0023_project_sizes'
import * as m0024 from './migrations/0024_notable_gone'
import * as m0025 from './migrations/0025_proven_addresses'
import * as m0026 from './migrations/0026_flips_by_hand'
import { StoreUnusable } from './problems'
import { all, insert, one, run } from './sql'
import type { Dialect, Sql } from './sql'

export interface Migration {
  up(dialect: Dialect): string[]
}

/** In order, only ever longer: the n-th is version n. A released one is never edited. */
const MIGRATIONS: readonly Migration[] = [
  m0001,
  m0002,
  m0003,
  m0004,
  m0005,
  m0006,
  m0007,
  m0008,
  m0009,
  m0010,
  m0011,
  m0012,
  m0013,
  m0014,
  m0015,
  m0016,
  m0017,
  m0018,
  m0019,
  m0020,
  m0021,
  m0022,
  m0023,
  m0024,
  m0025,
  m0026,
]

/**
 * Brings the schema up to date: all that is pending in one transaction, wholly or not at all.
 * Several instances may start at once. Throws `StoreUnusable` when the schema is from the future.
 */
export async function migrate(sql: Sql): Promise<void> {
  await sql.transaction(
    function* () {
      for (const statement of sql.lockSchema) yield* run(statement)
      if (!(yield* one(sql.tableExists, ['migrations']))) {
        yield* run('CREATE TABLE migrations (version BIGINT PRIMARY KEY)')
      }
      const done = yield* all<{ version: number }>('SELECT version FROM migrations')
      if (done.some(({ version }) => version > MIGRATIONS.length)) {
        throw new StoreUnusable('This database was made by a newer version of Rollcall; run that version')
      }
      const versions = new Set(done.map(({ version }) => version))
      for (const [i, migration] of MIGRATIONS.entries()) {
        if (versions.has(i + 1)) continue
        for (const statement of migration.up(sql)) yield* run(statement)
        yield* insert('migrations', [{ version: i + 1 }])
      }
    },
    { patient: true },
  )
}
