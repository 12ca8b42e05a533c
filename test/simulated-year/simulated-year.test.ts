import { expect, it } from 'vitest'
import { databases } from '../support/databases'
import { simulate } from './simulate'

/** PostgreSQL answers over a connection, so it gets fewer checks in the same time. */
const CHECKS = { SQLite: 1000, PostgreSQL: 24 }

it.each(databases)(
  'a year with all its changes of clocks brings the flips that it should, and no other, on $name',
  async ({ name, fresh }) => {
    const { differing, complaints, turns } = await simulate(await fresh(), {
      checks: CHECKS[name],
      seed: 20_260_101,
    })
    expect(complaints).toEqual([])
    expect(differing).toEqual([])
    expect(turns).toBeGreaterThan(10 * CHECKS[name])
  },
  120_000,
)
