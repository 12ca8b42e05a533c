/** A path as the log may have it: no query, codes cut to 8 digits, tokens left out; spec/operations.md [O27]. */
export function loggable(url: string): string {
  const path = url.split('?')[0] ?? ''
  return path.replace(SECRET, '/$1/…').replace(/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '$1')
}

/** What stands before a secret. Routes do not mind capitals either. */
const SECRET =
  /\/(verify|unsub|unsubscribe_reports|invites|password_reset|change_email|not_me|check_token\/[^/]+|acknowledge\/[^/]+|projects\/[^/]+\/(?:checks\/)?metrics|ping(?=\/[a-z0-9]{22}(?:\/|$)))\/[^/]+/gi
