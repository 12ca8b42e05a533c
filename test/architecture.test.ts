import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(__dirname, '..')

/** What each part may import besides itself, types included. `config` is a type to all but its users. */
const MAY_IMPORT: Record<string, string[]> = {
  'main.ts': ['commands', 'compose', 'config'],
  commands: ['compose', 'config', 'store', 'actions', 'apply', 'world', 'core', 'version'],
  apply: ['core', 'actions', 'integrations'],
  'config.ts': ['settings'],
  settings: [],
  'version.ts': [],
  'app.ts': ['config', 'core', 'store', 'actions', 'integrations', 'world'],
  'compose.ts': [
    'compose',
    'app',
    'config',
    'version',
    'core',
    'store',
    'pings',
    'actions',
    'tasks',
    'integrations',
    'web',
    'world',
  ],
  // What compose.ts would be too long with.
  compose: ['app', 'config', 'core', 'store', 'actions', 'tasks', 'integrations', 'pings', 'web', 'world'],
  core: [],
  store: ['core', 'config'],
  pings: ['core', 'store', 'world'],
  actions: ['core', 'store', 'world'],
  tasks: ['core', 'store', 'integrations', 'world'],
  integrations: ['core', 'world', 'config'],
  web: ['core', 'store', 'actions', 'integrations', 'world', 'app', 'config'],
  world: ['core', 'config'],
}

/** Libraries, each with the only place that knows it, so that replacing one is a change in one place. */
const KNOWN_BY: Record<string, RegExp> = {
  'better-sqlite3': /^src\/store\/(sqlite|lock)\.ts$/,
  pg: /^src\/store\/postgres\.ts$/,
  undici: /^src\/world\/(http|proxy|http-failure)\.ts$/,
  minio: /^src\/world\/objects\.ts$/,
  nodemailer: /^src\/world\/mail\.ts$/,
  'smtp-server': /^src\/pings\/email\.ts$/,
  maxmind: /^src\/world\/countries\.ts$/,
  ejs: /^src\/world\/templates\.ts$/,
  'node-cron': /^src\/tasks\/task\.ts$/,
  'markdown-it': /^src\/web\/docs\.ts$/,
  yaml: /^src\/apply\/yaml\.ts$/,
  express: /^src\/web\//,
  'hash-wasm': /^src\/world\/imported-passwords\.ts$/,
  qr: /^src\/web\/qr\.ts$/,
  '@simplewebauthn/server': /^src\/world\/passkeys\.ts$/,
  zod: /^src\/(config\.ts|web\/|integrations\/)/,
}

/** What has one owner, and where that is. */
const ONE_OWNER: [string, RegExp, RegExp][] = [
  ['the time', /Date\.now\(|new Date\(\)|performance\.now\(/, /^src\/world\/clock\.ts$/],
  ['the environment', /process\.env/, /^src\/main\.ts$/],
  ['randomness', /randomUUID|randomBytes|randomInt|Math\.random/, /^src\/world\/random\.ts$/],
  ['SQL', /\b(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b/, /^src\/store\//],
]

interface Source {
  name: string
  text: string
  imports: string[]
}

const sources = filesBelow('src')
  .filter((name) => name.endsWith('.ts'))
  .map((name): Source => {
    const text = readFileSync(join(ROOT, name), 'utf8')
    const found = text.matchAll(
      /(?:^|\n)(?:import|export)\b[^'"]*?from '([^']+)'|(?:import|require)\('([^']+)'\)/g,
    )
    return { name, text, imports: [...found].map((match) => match[1] ?? match[2] ?? '') }
  })

describe('the house', () => {
  it.each(sources.map((source) => [source.name, source] as const))(
    '%s imports what its part may',
    (_, source) => {
      const own = partOf(source.name)
      const allowed = MAY_IMPORT[own]
      expect(allowed, `${own} is not in the table`).toBeDefined()
      const strays = source.imports
        .filter((target) => target.startsWith('.'))
        .map((target) => partOf(relative(ROOT, join(ROOT, dirname(source.name), target))))
        .filter((part) => part !== own && !allowed?.includes(part.replace(/\.ts$/, '')))
      expect(strays).toEqual([])
    },
  )

  it('uses each library in one place', () => {
    const strays = sources.flatMap(({ name, imports }) =>
      imports
        .filter((target) => !target.startsWith('.') && !target.startsWith('node:'))
        .filter((target) => !KNOWN_BY[target]?.test(name))
        .map((target) => `${name} uses ${target}`),
    )
    expect(strays).toEqual([])
  })

  it('keeps core free of the world, but for pure hashing', () => {
    const strays = sources
      .filter(({ name }) => name.startsWith('src/core/'))
      .flatMap(({ name, imports }) =>
        imports
          .filter((target) => target.startsWith('node:') && target !== 'node:crypto')
          .map((t) => `${name}: ${t}`),
      )
    expect(strays).toEqual([])
  })

  it.each(ONE_OWNER)('lets only one part know %s', (_, used, owner) => {
    const strays = sources.filter(({ name, text }) => used.test(withoutComments(text)) && !owner.test(name))
    expect(strays.map(({ name }) => name)).toEqual([])
  })

  it('has no default exports', () => {
    expect(sources.filter(({ text }) => /^export default/m.test(text)).map(({ name }) => name)).toEqual([])
  })
})

/** 'core' for src/core/check.ts, 'config.ts' for src/config.ts and for an import of it. */
function partOf(name: string): string {
  const [, first = '', ...rest] = name.split('/')
  return rest.length > 0 || first in MAY_IMPORT ? first : `${first.replace(/\.ts$/, '')}.ts`
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((entry) => {
    const name = `${folder}/${entry}`
    return statSync(join(ROOT, name)).isDirectory() ? filesBelow(name) : [name]
  })
}
