import type { Config } from '../config'
import { apiTime, checkDocument, uniqueKey } from '../core/check-document'
import type { Notice } from '../core/notice'
import type { Summary, SummaryCheck } from '../core/summary'
import { count } from '../core/words'
import { missedLines, tagsOf } from './messages'
import type { Placeholder } from './integration'

/** Name, with its `$`, to what stands for it. */
export type Values = ReadonlyMap<string, string>

/** For people who write a template. */
export const PLACEHOLDERS: readonly Placeholder[] = [
  { name: '$CODE', meaning: 'The code of the check' },
  { name: '$NAME', meaning: 'The name of the check' },
  { name: '$NAME_JSON', meaning: 'The same as a JSON string, with its quotes' },
  { name: '$SLUG', meaning: 'The slug of the check' },
  { name: '$STATUS', meaning: 'What the check changed to: up or down' },
  { name: '$NOW', meaning: 'When it changed, in UTC' },
  { name: '$TAGS', meaning: 'Its tags, separated by spaces' },
  { name: '$TAG1, $TAG2, …', meaning: 'The first tag, the second tag, …' },
  { name: '$EXITSTATUS', meaning: 'The exit status of the last ping, or -1' },
  { name: '$BODY', meaning: 'The body of the last ping (only in the request body)' },
  { name: '$BODY_JSON', meaning: 'The same as a JSON string, with its quotes (only in the request body)' },
  { name: '$MISSED', meaning: 'What could not be told before, in a sentence; nothing when that is nothing' },
  { name: '$MISSED_JSON', meaning: 'The same as a JSON array of objects: status, reason, from, to' },
  {
    name: '$CHECKS',
    meaning:
      'The names of all checks that this call tells of, separated by commas: more than one after an outage of this site',
  },
  {
    name: '$CHECKS_JSON',
    meaning: 'The same as a JSON array of objects: name, slug, tags, unique_key, since',
  },
  { name: '$JSON', meaning: 'The check as the API shows it, in JSON' },
  {
    name: '$ACK_URL',
    meaning: 'Where a person ends the repetition; nothing when this integration does not repeat',
  },
]

/**
 * Puts values in the place of their names, in one pass: what is put in is not looked at again. The
 * longest name wins; what is no name stays as it is. spec/integrations.md §5.
 */
export function substitute(template: string, values: Values): string {
  const [head = '', ...pieces] = template.split('$')
  const names = [...values.keys()].toSorted((a, b) => b.length - a.length)
  return (
    head +
    pieces
      .map((piece) => {
        const name = names.find((each) => `$${piece}`.startsWith(each))
        return name === undefined ? `$${piece}` : (values.get(name) ?? '') + piece.slice(name.length - 1)
      })
      .join('')
  )
}

/** What stands for the names in addresses and headers. */
export function valuesOf(notice: Notice, config: Pick<Config, 'siteRoot' | 'pingEndpoint'>): Values {
  const { check } = notice
  return new Map([
    ['$CODE', check.code],
    ['$STATUS', notice.status],
    ['$NOW', apiTime(notice.at)],
    ['$NAME', check.name],
    ['$NAME_JSON', asciiJson(check.name)],
    ['$SLUG', check.slug],
    ['$TAGS', check.tags],
    ...tagsOf(notice).map((tag, i): [string, string] => [`$TAG${i + 1}`, tag]),
    ['$JSON', asciiJson(checkDocument(check, { ...config, nowAt: notice.nowAt, channels: [] }))],
    ['$MISSED', missedLines(notice).join(' ')],
    ['$MISSED_JSON', asciiJson(missedDocument(notice))],
    ...manyValues([{ ...check, at: notice.at }]),
    ['$ACK_URL', notice.acknowledgeUrl ?? ''],
    ['$EXITSTATUS', String(notice.lastPing?.exitStatus ?? -1)],
  ])
}

type Told = Pick<SummaryCheck, 'code' | 'name' | 'slug' | 'tags' | 'at'>

function manyValues(checks: readonly Told[]): [string, string][] {
  const documents = checks.map(({ code, name, slug, tags, at }) => ({
    name,
    slug,
    tags,
    unique_key: uniqueKey(code),
    since: apiTime(at),
  }))
  return [
    ['$CHECKS', checks.map(({ name, code }) => (name === '' ? code : name)).join(', ')],
    ['$CHECKS_JSON', asciiJson(documents)],
  ]
}

/** What stands for the names when many checks are told in one call; of those that name one, how many. */
export function summaryValues({ checks, outage }: Summary): Values {
  const name = count(checks.length, 'check')
  return new Map([
    ['$STATUS', 'down'],
    ['$NOW', apiTime(outage.untilAt)],
    ...manyValues(checks),
    ['$NAME', name],
    ['$NAME_JSON', asciiJson(name)],
    ...['$CODE', '$SLUG', '$TAGS', '$BODY', '$MISSED', '$ACK_URL'].map((each): [string, string] => [
      each,
      '',
    ]),
    ...['$JSON', '$BODY_JSON'].map((each): [string, string] => [each, 'null']),
    ['$MISSED_JSON', '[]'],
    ['$EXITSTATUS', '-1'],
  ])
}

const OF_MANY = /\$CHECKS/
const OF_ONE = /\$(?:CODE|NAME|SLUG|TAG|BODY|JSON|MISSED|ACK_URL|EXITSTATUS)/

/** Whether one call by these templates tells of many checks: they name all of them, or none. */
export function tellsMany(templates: readonly string[]): boolean {
  return templates.some((each) => OF_MANY.test(each)) || !templates.some((each) => OF_ONE.test(each))
}

function missedDocument({ missed }: Notice) {
  return (missed?.stretches ?? []).map(({ status, reason, at, untilAt }) => ({
    status,
    reason,
    from: apiTime(at),
    to: apiTime(untilAt),
  }))
}

/** The same, and the body of the last ping: only request bodies may carry it. */
export function withBody(values: Values, notice: Notice): Values {
  const body = notice.lastBody?.toString('utf8') ?? ''
  return new Map([...values, ['$BODY', body], ['$BODY_JSON', asciiJson(body)]])
}

/** For a place inside an address: all is encoded but the unreserved characters and slashes. */
export function inUrl(value: string): string {
  const strict = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return encodeURIComponent(value.toWellFormed())
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, strict)
}

/** For a header: no line breaks, and what Latin-1 lacks as a decimal reference. */
export function inHeader(value: string): string {
  return Array.from(value.replace(/[\r\n\0]/g, ' '), (character) => {
    const point = character.codePointAt(0) ?? 0
    return point > 0xff ? `&#${point};` : character
  }).join('')
}

/** JSON in ASCII only, so that it survives in headers and in badly decoded bodies. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
