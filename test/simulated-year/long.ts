import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allYear, aroundChanges, simulate } from './simulate'

/**
 * The simulated year at length: `npm run simulate -- --checks 3000 --seed 7 --all-year`. Ends with 1 when a
 * flip differs.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      checks: { type: 'string', default: '3000' },
      seed: { type: 'string', default: '1' },
      'all-year': { type: 'boolean', default: false },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-year-'))
  const began = process.hrtime.bigint()
  try {
    const { differing, complaints, ...figures } = await simulate(
      { kind: 'sqlite', file: join(folder, 'rollcall.sqlite'), synchronous: 'NORMAL' },
      {
        checks: Number(values.checks),
        seed: Number(values.seed),
        seasons: values['all-year'] ? allYear : aroundChanges,
      },
    )
    const seconds = Number(process.hrtime.bigint() - began) / 1e9
    console.log({ ...figures, seconds, differing: differing.length, complaints: complaints.length })
    for (const each of differing.slice(0, 3)) console.dir(each, { depth: 4 })
    process.exitCode = differing.length + complaints.length > 0 ? 1 : 0
  } finally {
    rmSync(folder, { recursive: true })
  }
}

void main()
