/** A path as the log may have it: no query, codes cut to 8 digits, tokens left out; spec/operations.md [O27]. */
export function loggable(url: string): string {
  const path = url.split('?')[0] ?? ''
  return path
    .replace(
      /\/(verify|unsub|invites|password_reset|change_email|not_me|check_token\/[^/]+)\/[^/]+/g,
      '/$1/…',
    )
    .replace(/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '$1')
}
