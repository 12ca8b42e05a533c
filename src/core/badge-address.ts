/** Addresses of badges: spec/management-api.md §9, [M48], [M49]. */
export const BADGE_FORMATS = ['svg', 'json', 'shields'] as const
export type BadgeFormat = (typeof BADGE_FORMATS)[number]

/** What a badge speaks for: all checks of a project, those with a tag, or one check. */
export type BadgeSubject =
  { kind: 'tag'; badgeKey: string; tag: string; signature: string } | { kind: 'check'; badgeKey: string }

export interface BadgeAddress {
  subject: BadgeSubject
  showsLate: boolean
  /** Null: none of ours. */
  format: BadgeFormat | null
}

/** The tag that stands for all checks of a project. */
export const ALL = '*'

/** Only so much of a signature counts; what may follow says how many states there are. */
const SIGNATURE_LENGTH = 8
const TWO_STATES = '-2'

/** The path below SITE_ROOT. `sign` makes the signature of a tag. */
export function tagBadgePath(
  { badgeKey, tag, showsLate, format }: Omit<BadgeAddress, 'subject'> & { badgeKey: string; tag: string },
  sign: (badgeKey: string, tag: string) => string,
): string {
  const signature = sign(badgeKey, tag) + (showsLate ? '' : TWO_STATES)
  const rest = tag === ALL ? '' : `/${percentEncoded(tag).replaceAll('%', '%25')}`
  return `/badge/${badgeKey}/${signature}${rest}.${format}`
}

export function checkBadgePath({
  badgeKey,
  showsLate,
  format,
}: Omit<BadgeAddress, 'subject'> & { badgeKey: string }): string {
  return `/b/${showsLate ? 3 : 2}/${badgeKey}.${format}`
}

const PROJECT = /^\/badge\/([\w-]+)\/([\w-]+)\.([\w-]+)$/
const TAG = /^\/badge\/([\w-]+)\/([\w-]+)\/([\p{L}\p{N}_%~.-]+)\.([\w-]+)$/u
const CHECK = /^\/b\/(\d+)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]+)$/

/** Reads a path that was decoded once. Null when it is no address of a badge. */
export function readBadgePath(path: string): BadgeAddress | null {
  const [, states, checkKey = '', checkFormat] = CHECK.exec(path) ?? []
  if (states !== undefined) {
    return {
      subject: { kind: 'check', badgeKey: checkKey },
      showsLate: Number(states) === 3,
      format: formatOf(checkFormat),
    }
  }
  const [, badgeKey = '', signature = '', ...rest] = PROJECT.exec(path) ?? TAG.exec(path) ?? []
  if (badgeKey === '') return null
  const tag = rest.length === 1 ? ALL : percentDecoded(rest[0] ?? '')
  const isOfTwo = signature.length === SIGNATURE_LENGTH + TWO_STATES.length && signature.endsWith(TWO_STATES)
  return {
    subject: { kind: 'tag', badgeKey, tag, signature: signature.slice(0, SIGNATURE_LENGTH) },
    showsLate: !isOfTwo,
    format: formatOf(rest.at(-1)),
  }
}

function formatOf(text: string | undefined): BadgeFormat | null {
  return BADGE_FORMATS.find((format) => format === text) ?? null
}

/** All but letters and digits of ASCII and `_.-~`. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Escapes that make no sense stay as they are. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
    return bytes.toString('utf8')
  })
}
