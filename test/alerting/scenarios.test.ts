import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Of spec/alerting.md §17. */
const SCENARIOS = 27

it('every scenario has a test that bears its number', () => {
  const root = join(__dirname, '..')
  const numbers = globSync('{alerting,tasks,store}/*.test.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\(\s*'(\d+): /g)].map(([, number]) =>
      Number(number),
    ),
  )
  const all = Array.from({ length: SCENARIOS }, (_, i) => i + 1)
  expect(all.filter((number) => !numbers.includes(number))).toEqual([])
})
