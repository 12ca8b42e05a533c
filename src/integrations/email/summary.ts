import { uniqueKey } from '../../core/check-document'
import type { Summary, SummaryCheck } from '../../core/summary'
import { count, mailDate } from '../../core/words'
import type { Templates } from '../../world/templates'
import { summaryTitle } from '../messages'
import type { FlipContext } from './flip'

/** Most checks that one mail lists: a mail of some hundred kilobytes. */
const MOST_LISTED = 1000

/** What the templates lay out. */
export interface SummaryMailPage {
  subject: string
  siteName: string
  /** In which time nobody could reach us. */
  from: string
  until: string
  projects: { name: string; checks: { name: string; since: string; url: string }[] }[]
  /** 'And 12 checks more.', or ''. */
  more: string
  unsubscribeUrl: string
}

/** The mail that tells of all that went down during an outage of ours. */
export function summaryMail(
  summary: Summary,
  context: FlipContext,
  templates: Templates,
): { subject: string; text: string; html: string } {
  const page = summaryMailPage(summary, context)
  return {
    subject: page.subject,
    text: templates.fill('email/summary.text', page),
    html: templates.fill('email/summary.html', page),
  }
}

export function summaryMailPage(
  summary: Summary,
  { siteName, siteRoot, unsubscribeUrl }: FlipContext,
): SummaryMailPage {
  const { checks, outage, tz } = summary
  const unlisted = checks.length - MOST_LISTED
  const byProject = Map.groupBy(checks.slice(0, MOST_LISTED), ({ projectName }) => projectName)
  const row = ({ name, code, at }: SummaryCheck) => ({
    name: name === '' ? 'unnamed' : name,
    since: mailDate(at, tz),
    url: `${siteRoot}/cloaked/${uniqueKey(code)}/`,
  })
  return {
    subject: summaryTitle(summary, siteName),
    siteName,
    from: mailDate(outage.fromAt, tz),
    until: mailDate(outage.untilAt, tz),
    projects: [...byProject].map(([name, mine]) => ({
      name: name === '' ? 'unnamed' : name,
      checks: mine.map(row),
    })),
    more: unlisted > 0 ? `And ${count(unlisted, 'check')} more.` : '',
    unsubscribeUrl,
  }
}
