import { checkFields, readCheckFields } from '../core/check-fields'
import type { CheckFields } from '../core/check-fields'
import type { JsonValue } from '../core/json'
import { notSet } from './reader'
import type { Reader } from './reader'
import type { ChannelWish, CheckWish } from './wish'
import type { Located } from './yaml'

/** What a file does not say of a check is as for a new one. */
export const USUAL: CheckFields & { name: string; slug: string } = {
  name: '',
  slug: '',
  tags: '',
  desc: '',
  grace: 3600,
  methods: '',
  manual_resume: false,
  start_kw: '',
  success_kw: '',
  failure_kw: '',
  filter_subject: false,
  filter_body: false,
  filter_http_body: false,
  filter_default_fail: false,
}

export const USUAL_TIMEOUT = 86_400

/** Besides what the API calls the fields, in which older names of others make no sense. */
const FIELDS = (Object.keys(checkFields) as (keyof CheckFields)[]).filter(
  (name) => !['channels', 'desc', 'subject', 'subject_fail', 'unique'].includes(name),
)

const KNOWN = ['id', 'description', ...FIELDS, 'channels']

/** A check as the file has it, checked as the API does. */
export function readCheck(reader: Reader, node: Located, channels: readonly ChannelWish[] | null): CheckWish {
  const { line } = node
  const entries = reader.entries(node, 'A check', KNOWN)
  const said: CheckFields = {}
  const description = entries.get('description')
  if (description !== undefined) Object.assign(said, readField(reader, 'desc', description))
  for (const name of FIELDS) {
    const value = entries.get(name)
    if (value !== undefined) Object.assign(said, readField(reader, name, value))
  }
  const { timeout, schedule, tz, ...others } = said
  if (timeout !== undefined && schedule !== undefined) {
    reader.wrong(entries.get('timeout')?.line ?? line, 'A check has either a schedule or a timeout.')
  }
  if (tz !== undefined && schedule === undefined && entries.get('schedule') === undefined) {
    reader.wrong(entries.get('tz')?.line ?? line, 'tz is for checks with a schedule.')
  }
  const fields = {
    ...USUAL,
    ...others,
    ...(schedule === undefined ? { timeout: timeout ?? USUAL_TIMEOUT } : { schedule, tz: tz ?? 'UTC' }),
  }
  if (!['name', 'slug', 'id'].some((key) => entries.has(key))) {
    reader.wrong(line, 'A check in a file needs a name or a slug.')
  }
  return {
    line,
    id: reader.text(entries.get('id'), 'id') || null,
    fields,
    channels: readChannelNames(reader, entries.get('channels'), channels),
  }
}

function readField(reader: Reader, name: keyof CheckFields, node: Located): CheckFields {
  const value = jsonOf(reader, name, node)
  if (value === null) return {}
  const read = readCheckFields(new Map([[name, value]]))
  if (read.ok) return read.value
  const shown = name === 'desc' ? 'description' : name
  reader.wrong(
    node.line,
    `${read.problem.message.replace(/^desc /, 'description ').replace(/^(?!\w+ )/, `${shown} `)}.`,
  )
  return {}
}

/** As it would have come in a request. Null after a mistake. */
function jsonOf(reader: Reader, name: keyof CheckFields, node: Located): JsonValue | null {
  if (name === 'tags' && node.kind === 'list') {
    const tags = node.items.map((item) => reader.text(item, 'A tag').trim())
    const split = tags.find((tag) => /\s/.test(tag))
    if (split !== undefined) reader.wrong(node.line, `A tag has no blanks: '${split}'.`)
    return tags.join(' ')
  }
  if (node.kind !== 'scalar') {
    reader.wrong(node.line, `${name} has to be a single value.`)
    return null
  }
  if (typeof node.value === 'boolean') return node.value
  const isNumber = checkFields[name].schema.type === 'integer'
  if (isNumber && typeof node.value === 'number') return { literal: node.source }
  const words = reader.words(node, name)
  if (words === null) return null
  if (words.text === null) {
    reader.wrong(node.line, notSet(name, words.missing))
    return null
  }
  if (name === 'tags')
    return words.text
      .split(/\s+/)
      .filter((tag) => tag !== '')
      .join(' ')
  return isNumber && /^\d+$/.test(words.text) ? { literal: words.text } : words.text
}

/** 'all', or a list of what the channels of the project are called in the file. */
function readChannelNames(
  reader: Reader,
  node: Located | undefined,
  channels: readonly ChannelWish[] | null,
): CheckWish['channels'] {
  if (node === undefined) return undefined
  if (node.kind === 'scalar' && (node.value === 'all' || node.value === '*'))
    return { line: node.line, names: 'all' }
  const names = (reader.list(node, 'channels') ?? []).map((item) => {
    const name = reader.text(item, 'A channel').trim()
    if (channels !== null) refuseStranger(reader, item.line, name, channels)
    return name
  })
  return { line: node.line, names }
}

function refuseStranger(reader: Reader, line: number, name: string, channels: readonly ChannelWish[]): void {
  const found = channelsCalled(name, channels)
  if (found.length === 1) return
  const known = channels.map(callOf).join(', ')
  if (found.length === 0)
    reader.wrong(line, `There is no channel '${name}' in this project. There are: ${known || 'none'}.`)
  else reader.wrong(line, `Several channels are called '${name}': give each an id, and use that.`)
}

/** Those that a word in the list of a check means: by id, by name, or the only one of a kind without a name. */
export function channelsCalled<C extends Pick<ChannelWish, 'id' | 'name'> & { kind: { kind: string } }>(
  word: string,
  channels: readonly C[],
): C[] {
  const byId = channels.filter(({ id }) => id === word)
  if (byId.length > 0) return byId
  const byName = channels.filter(({ name }) => name === word)
  return byName.length > 0 ? byName : channels.filter(({ name, kind }) => name === '' && kind.kind === word)
}

function callOf({ id, name, kind }: ChannelWish): string {
  return name || (id ?? kind.kind)
}
