/** A redirect leads only to a page of ours: spec/web-ui.md §16.7. */

const MAX_LENGTH = 512

/** Pages that make no sense right after a sign-in: set-up, and of the accounts all but those about one's own. */
const NOT_BACK =
  /^\/(setup|projects\/menu|accounts\/(?!(profile|set_password|change_email|two_factor|close)\/)[^/]*|accounts\/change_email\/[^/]+)(\/|$)/i

/** The path to go on to after a sign-in, or null for the default. */
export function nextPath(
  wanted: string,
  { root, isPage }: { root: string; isPage: (path: string) => boolean },
): string | null {
  if (wanted.length > MAX_LENGTH || !wanted.startsWith(`${root}/`)) return null
  const inside = wanted.slice(root.length)
  // Browsers take a second slash, or a backslash, for the beginning of a host name.
  if (inside.startsWith('//') || /[\\\s\p{Cc}]/u.test(wanted)) return null
  const path = inside.split(/[?#]/)[0] ?? ''
  if (!isPlain(path) || NOT_BACK.test(path) || !isPage(path)) return null
  return wanted
}

function isPlain(path: string): boolean {
  try {
    return decodeURIComponent(path) === path
  } catch {
    return false
  }
}
