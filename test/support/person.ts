/** Somebody at a browser without JavaScript: keeps cookies, fills in forms, follows nothing by itself. */
export interface Person {
  cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Opens a page, and posts its form with these fields and the hidden ones. */
  submit(page: string, fields: Record<string, string>, to?: string): Promise<Answer>
  /** Posts just this. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** Path and query of where it leads, or ''. */
  location: string
}

export const ADA = { email: 'ada@example.org', password: 'a very long password', tz: 'Europe/Berlin' }

export function aPerson(url: string): Person {
  const cookies = new Map<string, string>()

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) }
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' })
    for (const set of response.headers.getSetCookie()) remember(cookies, set)
    const location = response.headers.get('location') ?? ''
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location.startsWith(url) ? location.slice(url.length) : location,
    }
  }

  const person: Person = {
    cookies,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, fields, headers = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(fields), headers }),
    async submit(page, fields, to = page) {
      const { text } = await person.get(page)
      return person.post(to, { csrf: csrfIn(text), ...fields })
    },
  }
  return person
}

/** Sets the site up, and hands back the person who did, signed in. */
export async function anAdministrator(
  site: { url: string; setupCode(): string },
  root = '',
): Promise<Person> {
  const person = aPerson(site.url)
  const done = await person.submit(`${root}/setup/`, {
    code: site.setupCode(),
    ...ADA,
    repeat: ADA.password,
  })
  if (done.status !== 303) throw new Error(`The set-up failed: ${done.status} ${done.text}`)
  return person
}

/** A page but for the number of its request, which is another one each time. */
export function withoutRequestId(html: string): string {
  return html.replace(/(data-t="request-id">)[^<]*/, '$1')
}

export function csrfIn(html: string): string {
  return /name="csrf" value="([^"]*)"/.exec(html)?.[1] ?? ''
}

function remember(cookies: Map<string, string>, set: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
  if (value === '' || /max-age=0/i.test(set)) cookies.delete(name)
  else cookies.set(name, value)
}
