import type { LocalSite } from './local-site'
import { ADA } from './person'
import type { Answer, Person } from './person'

export const LOGIN = '/accounts/login/'
export const REAUTH = '/accounts/reauth/'

/** Shows with the password who it is, and goes on to the page. */
export function confirm(person: Person, next: string, password = ADA.password): Promise<Answer> {
  return person.submit(
    `${REAUTH}?next=${encodeURIComponent(next)}`,
    { way: 'password', password, next },
    REAUTH,
  )
}

/** What was mailed since, oldest first. */
export async function mailed(site: LocalSite): Promise<LocalSite['mails']> {
  await site.appliance.turn()
  return site.mails.splice(0)
}

/** The one link in a mail, as a path. */
export function linkIn({ text }: { text: string }, site: LocalSite): string {
  const { siteRoot } = site.appliance.app.config
  const found = text.split('\n').find((line) => line.startsWith(`${siteRoot}/`)) ?? ''
  return found.slice(siteRoot.length)
}

/** Whether the browser is signed in. */
export async function isIn(person: Person): Promise<boolean> {
  return (await person.get('/accounts/set_password/')).location.startsWith(REAUTH)
}

/** Whether the browser is signed in and has confirmed who it is. */
export async function isSudo(person: Person): Promise<boolean> {
  return (await person.get('/accounts/set_password/')).status === 200
}
