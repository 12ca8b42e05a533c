import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'

const ROOT = join(__dirname, '../..')

/** A TypeScript file, as one that Node runs in a process of its own; gone after the test. */
export function bundled(name: string): string {
  // Within the checkout, so that the libraries, views and assets are found from there.
  const file = join(ROOT, 'node_modules/.cache/rollcall-tests', `${randomUUID()}.cjs`)
  buildSync({
    entryPoints: [join(ROOT, name)],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
  })
  onTestFinished(() => rmSync(file, { force: true }))
  return file
}
