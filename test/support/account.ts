import { totpCode, totpStep } from '../../src/core/totp'
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
  return (await person.get('/accounts/profile/')).status === 200
}

/** Whether the browser is signed in and has confirmed who it is. */
export async function isSudo(person: Person): Promise<boolean> {
  return (await person.get('/accounts/set_password/')).status === 200
}

/** Signs in with the password, and whatever second step follows is still to do. */
export async function signIn(
  person: Person,
  more: Record<string, string> = {},
  to: { email: string; password: string } = ADA,
): Promise<Answer> {
  return person.submit(LOGIN, { action: 'login', email: to.email, password: to.password, ...more })
}

/** Sets an authenticator app up; gives its secret and the recovery codes, shown for the first second step. */
export async function addTotp(
  site: LocalSite,
  person: Person,
): Promise<{ secret: string; codes: string[]; answer: Answer }> {
  const url = '/accounts/two_factor/totp/'
  await confirm(person, url)
  const page = await person.get(url)
  const secret = (/data-t="totp-secret">([^<]*)</.exec(page.text)?.[1] ?? '').replaceAll(' ', '')
  const answer = await person.submit(url, { code: codeOf(site, secret) })
  return { secret, codes: codesIn(answer), answer }
}

/** What the app would show now, or some steps of 30 seconds away. */
export function codeOf(site: LocalSite, secret: string, away = 0): string {
  return totpCode(secret, totpStep(site.appliance.app.clock()) + away)
}

export function codesIn({ text }: Answer): string[] {
  return [...text.matchAll(/data-t="recovery-code">([^<]*)</g)].map(([, code]) => code ?? '')
}
