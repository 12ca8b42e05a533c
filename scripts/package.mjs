/**
 * Makes build/rollcall-linux-<arch>: the whole program in one file that needs no Node.
 *
 *   node scripts/package.mjs [x64|arm64 …]     default: what this machine is
 *
 * esbuild makes one file of src and of the libraries; Node's single executable mode puts that, the
 * views, the public files and SQLite's addon into the official Node, without its symbol table.
 */
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import {
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'postject'
import { withoutSymbols } from './strip.mjs'

/** Where Node looks whether a program was put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const { version, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const output = join(root, 'build')
const work = join(output, 'work')

const asked = process.argv.slice(2)
for (const arch of asked.length > 0 ? asked : [process.arch]) {
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`No executable can be made for ${arch}`)
  const startedAt = Date.now()
  const file = await makeExecutable(arch)
  const megabytes = (statSync(file).size / 1e6).toFixed(0)
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  console.log(`build/rollcall-linux-${arch}: ${megabytes} MB, made in ${seconds} s`)
}

async function makeExecutable(arch) {
  const nodeVersion = optionalDependencies[`node-linux-${arch}`]
  if (process.version !== `v${nodeVersion}`) {
    throw new Error(`This is Node ${process.version}; say "npm run package", which takes ${nodeVersion}`)
  }
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })

  await bundle()
  const description = {
    // Names in stack traces: without the folder that this was built in.
    main: 'main.cjs',
    output: 'program.blob',
    disableExperimentalSEAWarning: true,
    // Compiled code is of one kind of processor; without it the program starts more slowly.
    useCodeCache: arch === process.arch,
    // Else NODE_OPTIONS, meant for other programs, would reach ours.
    execArgvExtension: 'none',
    // What pings leave behind is collected sooner; by default V8 lets 50 MB of it gather, and is no faster for it.
    execArgv: ['--max-semi-space-size=4'],
    assets: assets(arch),
  }
  writeFileSync(join(work, 'sea.json'), JSON.stringify(description))
  execFileSync(process.execPath, ['--experimental-sea-config', join(work, 'sea.json')], {
    cwd: work,
    stdio: 'pipe',
  })

  const made = join(work, 'made')
  writeFileSync(made, withoutSymbols(readFileSync(officialNode(arch, nodeVersion))), { mode: 0o755 })
  await quietly(() =>
    inject(made, 'NODE_SEA_BLOB', readFileSync(join(work, 'program.blob')), { sentinelFuse: FUSE }),
  )

  const file = join(output, `rollcall-linux-${arch}`)
  renameSync(made, file)
  rmSync(work, { recursive: true, force: true })
  return file
}

async function bundle() {
  const file = join(work, 'main.cjs')
  await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    keepNames: true,
    sourcemap: 'external',
    legalComments: 'none',
    // pg looks for it and does without.
    external: ['pg-native'],
    define: {
      // node-cron asks for its own address while it loads, which a bundle does not have.
      'import.meta.url': '__ownUrl',
      ROLLCALL_VERSION: JSON.stringify(version),
      ROLLCALL_BUILT: JSON.stringify(new Date().toISOString().slice(0, 10)),
    },
    banner: { js: "const __ownUrl=require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  })
  // To read a stack trace from the field; the executable does not need it.
  renameSync(`${file}.map`, join(output, 'rollcall.map'))
}

/** What ships beside the code, by the names under which `world/assets.ts` and `store/addon.ts` ask for it. */
function assets(arch) {
  const files = globSync('{views,public}/**', { cwd: root, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const named = files
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file.slice(root.length + 1), file])
  const sqlite = join(
    dirname(require.resolve('better-sqlite3/package.json')),
    'prebuilds',
    `linux-${arch}.node`,
  )
  return { ...Object.fromEntries(named), 'sqlite.addon': sqlite }
}

/** The official binary: installed for this machine; for another kind of machine, npm gets the package. */
function officialNode(arch, nodeVersion) {
  const name = `node-linux-${arch}`
  try {
    return join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')
  } catch {
    const how = { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] }
    execFileSync('npm', ['pack', `${name}@${nodeVersion}`, '--silent'], how)
    const archive = readdirSync(work).find((file) => file.endsWith('.tgz'))
    if (!archive) throw new Error(`npm gave no ${name}`)
    execFileSync('tar', ['-xzf', archive, 'package/bin/node'], how)
    return join(work, 'package/bin/node')
  }
}

/** The injector warns about section names that only a debugger would miss. */
async function quietly(action) {
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk, ...rest) =>
    String(chunk).startsWith('warning: ') ? true : write(chunk, ...rest)
  try {
    await action()
  } finally {
    process.stderr.write = write
  }
}
