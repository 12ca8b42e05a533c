import { keyProblem } from '../actions/key-input'
import { nameProblem } from '../actions/projects'
import type { MemberRole } from '../core/role'
import { readChannels } from './read-channels'
import { readCheck } from './read-checks'
import { Reader } from './reader'
import type { Secrets } from './references'
import type { KeyWish, MemberWish, ProjectWish, SecretText, Wish } from './wish'
import { parseYaml } from './yaml'
import type { Located, Mistake } from './yaml'

const PROJECT = ['id', 'name', 'owner', 'ping_key', 'api_keys', 'members', 'channels', 'checks'] as const

const ROLES = ['read-only', 'member', 'manager'] as const satisfies readonly MemberRole[]

/** What a file wishes for, or all that is wrong with it, in the order of its lines. */
export function readWish(
  text: string,
  secrets: Secrets,
): { ok: true; wish: Wish } | { ok: false; mistakes: Mistake[] } {
  const parsed = parseYaml(text)
  if (!parsed.ok) return parsed
  const reader = new Reader(secrets)
  const wish = wishOf(reader, parsed.value)
  if (reader.mistakes.length === 0) return { ok: true, wish }
  return { ok: false, mistakes: reader.mistakes.toSorted((one, other) => one.line - other.line) }
}

function wishOf(reader: Reader, node: Located): Wish {
  const entries = reader.entries(node, 'The file', ['version', 'projects'])
  const version = entries.get('version')
  if (version?.kind !== 'scalar' || version.value !== 1) {
    reader.wrong(version?.line ?? 1, "This file has to begin with 'version: 1'.")
  }
  const items = reader.list(entries.get('projects'), 'projects') ?? []
  const projects = items.map((item) => readProject(reader, item))
  refuseTwins(
    reader,
    projects.map(({ line, name, owner, id }) => ({
      line,
      key: id ?? `${owner ?? ''} ${name}`,
      what: `the project ${name}`,
    })),
  )
  return { projects }
}

function readProject(reader: Reader, node: Located): ProjectWish {
  const { line } = node
  const entries = reader.entries(node, 'A project', PROJECT)
  const name = reader.text(entries.get('name'), 'name').trim()
  const problem = nameProblem(name)
  if (problem !== null) reader.wrong(entries.get('name')?.line ?? line, problem)
  const channels = readChannels(reader, entries.get('channels'))
  return {
    line,
    id: reader.text(entries.get('id'), 'id') || null,
    name,
    owner: reader.text(entries.get('owner'), 'owner').trim().toLowerCase() || null,
    pingKey: readPingKey(reader, entries.get('ping_key')),
    apiKeys: reader.list(entries.get('api_keys'), 'api_keys')?.map((item) => readKey(reader, item)) ?? null,
    members: readMembers(reader, entries.get('members')),
    channels,
    checks:
      reader.list(entries.get('checks'), 'checks')?.map((item) => readCheck(reader, item, channels)) ?? null,
  }
}

function readPingKey(reader: Reader, node: Located | undefined): SecretText | null | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'scalar' && node.value === null) return null
  const words = reader.words(node, 'ping_key')
  if (words === null) return undefined
  if (words.text !== null && !/^[a-z0-9]{22}$/.test(words.text)) {
    reader.wrong(node.line, 'ping_key has to be 22 characters: small letters a to z and digits.')
  }
  return words
}

function readKey(reader: Reader, node: Located): KeyWish {
  const { line } = node
  const entries = reader.entries(node, 'An API key', ['name', 'access', 'secret'])
  const name = reader.text(entries.get('name'), 'name').trim()
  const access = reader.choice(entries.get('access'), 'access', ['read-write', 'read-only'], line)
  const secret = reader.words(entries.get('secret'), 'secret')
  const said = secret?.text === null || secret === null ? {} : { secret: secret.text }
  const wrong = keyProblem(name, { name, access, expiresInDays: null, ...said })
  for (const [field, message] of Object.entries(wrong?.problem.fields ?? {})) {
    reader.wrong(entries.get(field)?.line ?? line, `${field}: ${message}`)
  }
  return { line, name, access, secret }
}

function readMembers(reader: Reader, node: Located | undefined): MemberWish[] | null {
  const items = reader.list(node, 'members')
  if (items === null) return null
  const members = items.map((item): MemberWish => {
    const entries = reader.entries(item, 'A member', ['email', 'role'])
    const email = reader.text(entries.get('email'), 'email').trim().toLowerCase()
    if (!email.includes('@'))
      reader.wrong(entries.get('email')?.line ?? item.line, 'email has to be an e-mail address.')
    return { line: item.line, email, role: reader.choice(entries.get('role'), 'role', ROLES, item.line) }
  })
  refuseTwins(
    reader,
    members.map(({ line, email }) => ({ line, key: email, what: email })),
  )
  return members
}

function refuseTwins(reader: Reader, all: readonly { line: number; key: string; what: string }[]): void {
  const seen = new Map<string, number>()
  for (const { line, key, what } of all) {
    const first = seen.get(key)
    if (first === undefined) seen.set(key, line)
    else reader.wrong(line, `${what} is in this file already, at line ${first}.`)
  }
}
