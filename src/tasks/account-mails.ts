import { uniqueKey } from '../core/check-document'
import { DAY, SECOND } from '../core/time'
import type { Instant } from '../core/time'
import { compareNames } from '../core/words'
import type { AccountCheck, Page } from '../store/reminders'
import type { Signer } from '../world/signer'

// What the mails that are about many checks share: spec/alerting.md §8, §9, §11.

/** What these mails need of the settings. */
export interface MailSite {
  siteRoot: string
  siteName: string
}

/** What all of them say at their end. */
export interface MailFoot {
  siteName: string
  settingsUrl: string
  unsubscribeUrl: string
}

/** Between two mails of one run, so that a relay does not take us for a nuisance. */
const BETWEEN_MAILS_MS = 3 * SECOND

/** Most checks that one mail lists: a mail of some hundred kilobytes. */
export const MOST_LISTED = 1000

/** Checks pinged before that do not count: nobody lives there any more. */
export const LIFE_MS = 180 * DAY

/** Checks read at a time: the event loop stands still for as long as SQLite takes for them. */
const PAGE = 500

/** Reads all checks page by page; pings get their turn in between. */
export async function allPages<C extends AccountCheck>(read: (page: Page) => Promise<C[]>): Promise<C[]> {
  const found: C[] = []
  for (;;) {
    const page = await read({ afterId: found.at(-1)?.check.id ?? 0, limit: PAGE })
    found.push(...page)
    if (page.length < PAGE) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function footOf(
  { siteRoot, siteName }: MailSite,
  signer: Pick<Signer, 'stamp'>,
  userId: number,
  nowAt: Instant,
): MailFoot {
  return {
    siteName,
    settingsUrl: `${siteRoot}/accounts/profile/notifications/`,
    unsubscribeUrl: `${siteRoot}/accounts/unsubscribe_reports/${userId}.${signer.stamp('reports', String(userId), nowAt)}/`,
  }
}

/** Where a person sees more of a check, without the code that pings it. */
export function linkTo({ code }: { code: string }, { siteRoot }: MailSite): string {
  return `${siteRoot}/cloaked/${uniqueKey(code)}/`
}

/** When the `i`-th mail of a run is sent. */
export function sendAt(i: number, nowAt: Instant): Instant {
  return nowAt + i * BETWEEN_MAILS_MS
}

/** The name shown in mails: a check's code is a secret. */
export function shownName(name: string): string {
  return name === '' ? 'unnamed' : name
}

/** By project, those by name; inside a project in the order given. */
export function byProject<C extends AccountCheck>(checks: readonly C[]): { name: string; checks: C[] }[] {
  return [...Map.groupBy(checks, ({ project }) => project.id).values()]
    .map((group) => ({ project: group[0]!.project, checks: group }))
    .toSorted(
      (one, other) => compareNames(one.project.name, other.project.name) || one.project.id - other.project.id,
    )
    .map(({ project, checks: group }) => ({ name: shownName(project.name), checks: group }))
}
