/**
 * Runs a TypeScript program of the project, such as a bench, on the sources as they are:
 *
 *   node scripts/run.mjs test/torture/run.ts --short
 */
import { buildSync } from 'esbuild'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [program, ...args] = process.argv.slice(2)
if (!program) throw new Error('Which program?')

const outfile = join(
  root,
  'node_modules/.cache/rollcall-run',
  program.replaceAll('/', '-').replace(/\.ts$/, '.cjs'),
)
buildSync({
  entryPoints: [resolve(program)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  packages: 'external',
  sourcemap: 'inline',
})

process.setSourceMapsEnabled(true)
process.argv = [process.execPath, outfile, ...args]
createRequire(import.meta.url)(outfile)
