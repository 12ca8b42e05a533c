import { isIPv6 } from 'node:net'
import { z } from 'zod'

// What people post, field by field: spec/integrations.md §11.2. A field that is absent is empty.

const MAX_HEADER_LENGTH = 1000

/** Headers that belong to the connection, or to how a body travels: not the owner's to set. */
const CONNECTION_HEADER =
  /^(connection|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|proxy-.*)$/i

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export function text(max: number): z.ZodType<string> {
  return posted.refine((value) => Array.from(value).length <= max, tooLong(max))
}

/** Not trimmed: a body may begin or end with white space on purpose. Line ends become plain. */
export function area(max: number): z.ZodType<string> {
  return raw
    .transform((value) => value.replace(/\r\n?/g, '\n'))
    .refine((value) => Array.from(value).length <= max, tooLong(max))
}

export function checkbox(): z.ZodType<boolean> {
  return raw.transform((value) => ['true', 'on', '1'].includes(value))
}

export function choice<const T extends string>(values: readonly [T, ...T[]]): z.ZodType<T> {
  return z.preprocess((value) => value ?? values[0], z.enum(values, 'Choose one of the list.'))
}

/** An e-mail address, as browsers understand one. */
export function emailAddress(max: number): z.ZodType<string> {
  return posted.pipe(
    z
      .string()
      .max(max, tooLong(max))
      .regex(z.regexes.html5Email, 'Enter a valid email address.')
      .refine((address) => /@.+\../.test(address), 'Enter a valid email address.'),
  )
}

/** A web address, or nothing. Without a scheme it is taken for https; names without a dot are welcome. */
export function webAddress(max: number): z.ZodType<string> {
  return posted
    .transform((value) =>
      value === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`,
    )
    .refine((value) => value === '' || isWebAddress(value), 'Enter a valid URL.')
    .refine((value) => value.length <= max, tooLong(max))
}

/** `Name: value`, one a line; of two with the same name the last counts. */
export function headers(): z.ZodType<Record<string, string>> {
  return raw.transform((value, context) => {
    const read: Record<string, string> = {}
    for (const line of value.split('\n').filter((each) => each.trim() !== '')) {
      const [, name = '', content = ''] = /^([^:]*):(.*)$/s.exec(line) ?? []
      const problem = headerProblem(name.trim(), content.trim())
      if (problem !== null) {
        context.addIssue({ code: 'custom', message: problem })
        return z.NEVER
      }
      for (const other of Object.keys(read)) {
        if (other.toLowerCase() === name.trim().toLowerCase()) delete read[other]
      }
      read[name.trim()] = content.trim()
    }
    return read
  })
}

export function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

const raw = z.preprocess((value) => value ?? '', z.string())

const posted = raw.transform((value) => value.trim())

function tooLong(max: number): string {
  return `Use at most ${max} characters.`
}

function headerProblem(name: string, value: string): string | null {
  if (name === '' || value === '') return 'Use Header-Name: value, one per line.'
  if (!TOKEN.test(name)) return 'Header names must not contain special characters.'
  if (CONNECTION_HEADER.test(name)) return 'This header cannot be set.'
  if (name.length > MAX_HEADER_LENGTH || value.length > MAX_HEADER_LENGTH) return 'Value too long.'
  return null
}

const ADDRESS = /^https?:\/\/(?:[^\s@/?#]*@)?(\[[0-9a-f:.]+\]|[^\s:/?#[\]@]+)(?::(\d{1,5}))?(?:[/?#]\S*)?$/i

/** Placeholders are ordinary characters in the path and what follows it. */
function isWebAddress(address: string): boolean {
  const [, host, port = '80'] = ADDRESS.exec(address) ?? []
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return false
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1))
  return /^(?!\.)[\p{L}\p{N}_.-]+$/u.test(host) && URL.canParse(address)
}
