import type { Config } from '../../config'
import type { Notice } from '../../core/notice'
import type { Ping } from '../../core/ping'
import { ago, count, mailDate, periodInWords, shortDate } from '../../core/words'
import type { Templates } from '../../world/templates'
import { lastMailOf } from './attachment'
import type { Attachment, LastMail } from './attachment'
import { headline, linkOf, missedLines, nameOf, pingWord, statusWord, tagsOf, wasDown } from '../messages'

export interface FlipContext extends Pick<Config, 'siteRoot' | 'siteName'> {
  unsubscribeUrl: string
}

/** What the templates lay out; both parts of the mail tell the same. */
export interface FlipMailPage {
  subject: string
  status: 'up' | 'down'
  headline: string
  wasDown: string
  /** What was not told before; lines. */
  missed: string[]
  siteName: string
  link: string
  unsubscribeUrl: string
  /** '' when the message is not repeated. */
  acknowledgeUrl: string
  /** Lines. */
  description: string[]
  details: Detail[]
  body: BodyPart | null
  projects: { name: string; url: string; checks: string; allUp: boolean }[]
  /** The same as plain text, each with its heading underlined. */
  sections: { title: string; underline: string; text: string }[]
}

export interface Detail {
  label: string
  text: string
  /** How the HTML part shows it; texts of `tags` and `chip` differ there. */
  look:
    { kind: 'plain' | 'code' } | { kind: 'tags'; tags: string[] } | { kind: 'chip'; word: string; tone: Tone }
}

type Tone = 'good' | 'bad' | 'quiet'

interface BodyPart {
  /** Lines of what is shown. */
  lines: string[]
  /** Said above it when it is not the whole, or not there at all; else ''. */
  remark: string
  /** To the whole body; '' when all of it is shown. */
  link: string
}

/** In the place of a body that is itself a mail. */
const ATTACHED: BodyPart = { lines: ['See the attachment.'], remark: '', link: '' }

/** Most characters of a ping's body in a mail. The last ones: logs matter at the end. */
const BODY_LIMIT = 10_000

/** Where lines of the text part are folded, at spaces. */
const COLUMNS = 80

/** The mail that tells of a flip: spec/integrations.md §6.4. */
export function flipMail(
  notice: Notice,
  context: FlipContext,
  templates: Templates,
): { subject: string; text: string; html: string; attachments: Attachment[] } {
  const lastMail = mailOf(notice)
  const page = flipMailPage(notice, context, lastMail)
  return {
    subject: page.subject,
    text: templates.fill('email/flip.text', page),
    html: templates.fill('email/flip.html', page),
    attachments: lastMail === null ? [] : [lastMail.attachment],
  }
}

/** The mail that was the last ping; null when that did not come by mail, or is still being stored. */
function mailOf({ lastPing, lastBody }: Notice): LastMail | null {
  return lastPing?.scheme === 'email' && lastBody !== null ? lastMailOf(lastBody) : null
}

export function flipMailPage(
  notice: Notice,
  { siteRoot, siteName, unsubscribeUrl }: FlipContext,
  lastMail: LastMail | null = mailOf(notice),
): FlipMailPage {
  const link = linkOf(notice, siteRoot)
  const description = linesOf(notice.check.description)
  const details = detailsOf(notice, lastMail)
  const body = lastMail === null ? bodyOf(notice, link) : ATTACHED
  const projects = (notice.accountProjects ?? []).map(({ name, code, down }) => ({
    name: name === '' ? 'unnamed' : name,
    url: `${siteRoot}/projects/${code}/checks/`,
    checks: down === 0 ? 'all checks up' : `${count(down, 'check')} down`,
    allUp: down === 0,
  }))
  return {
    subject: `${notice.round > 0 ? 'Still ' : ''}${statusWord(notice)} | ${nameOf(notice)}`,
    status: notice.status,
    headline: headline(notice),
    wasDown: wasDown(notice) ?? '',
    missed: missedLines(notice),
    siteName,
    link,
    unsubscribeUrl,
    acknowledgeUrl: notice.acknowledgeUrl ?? '',
    description,
    details,
    body,
    projects,
    sections: [
      section('Description', description),
      section(
        'Details',
        details.map(({ label, text }) => `${label}: ${text}`),
      ),
      section('Last Ping Body', body === null ? [] : bodyText(body)),
      section(
        'Projects',
        projects.map(({ name, checks }) => `* ${name}: ${checks}`),
      ),
    ].filter(({ text }) => text !== ''),
  }
}

function section(title: string, lines: string[]): FlipMailPage['sections'][number] {
  return { title, underline: '-'.repeat(title.length), text: lines.join('\n') }
}

function detailsOf(notice: Notice, lastMail: LastMail | null): Detail[] {
  const { check, project, lastPing, tz, nowAt } = notice
  const tags = tagsOf(notice)
  const details: Detail[] = []
  const add = (label: string, text: string, look: Detail['look'] = { kind: 'plain' }): void => {
    details.push({ label, text, look })
  }

  if (project.name !== '') add('Project', project.name)
  if (tags.length > 0) add('Tags', tags.join(' '), { kind: 'tags', tags })
  if (check.schedule.kind === 'period') {
    add('Period', periodInWords(check.schedule.periodMs))
  } else {
    add('Schedule', check.schedule.expression, { kind: 'code' })
    add('Time Zone', check.schedule.tz)
  }
  add('Total Pings', `${lastPing?.n ?? 0} (since ${shortDate(check.createdAt, tz)})`)
  add('Last Ping', lastPing === null ? 'Never' : lastPingText(lastPing, nowAt))
  if (lastPing !== null) add('Last Ping Type', pingWord(lastPing), chipOf(lastPing))
  if (lastMail !== null && lastMail.subject !== '') add('Last Ping Subject', lastMail.subject)
  add(`Changed to ${statusWord(notice)}`, mailDate(notice.at, tz))
  return details
}

function lastPingText({ at, remoteAddress }: Ping, nowAt: number): string {
  return `${ago(at, nowAt)}${remoteAddress === null ? '' : `, from ${remoteAddress}`}`
}

function chipOf(ping: Ping): Detail['look'] {
  const toned: Record<Ping['kind'], Tone> = {
    ign: 'quiet',
    log: 'quiet',
    fail: 'bad',
    start: 'good',
    success: 'good',
  }
  const said = ping.kind === 'success' && ping.exitStatus !== null
  return {
    kind: 'chip',
    word: said ? `Exit status ${ping.exitStatus}` : pingWord(ping),
    tone: toned[ping.kind],
  }
}

function bodyOf({ lastPing, lastBody }: Notice, link: string): BodyPart | null {
  if (lastPing === null || lastPing.bodyBytes === 0) return null
  const whole = `${link}#ping-${lastPing.n}`
  if (lastBody === null) {
    return {
      lines: [],
      remark: 'The ping body is still being stored; open the check to see it.',
      link: whole,
    }
  }
  const characters = Array.from(lastBody.toString('utf8').trimEnd())
  const total = characters.length
  if (total === 0) return null
  const lines = linesOf(characters.slice(-BODY_LIMIT).join(''))
  if (total <= BODY_LIMIT) return { lines, remark: '', link: '' }
  return { lines, remark: `These are the last ${BODY_LIMIT} of ${total} characters.`, link: whole }
}

function bodyText({ lines, remark, link }: BodyPart): string[] {
  const folded = lines.map(fold)
  return remark === '' ? folded : [remark, link, ...(folded.length > 0 ? ['', ...folded] : [])]
}

/** Breaks a line at spaces so that none is wider than a terminal, unless a word is. */
function fold(line: string): string {
  if (line.length <= COLUMNS) return line
  const folded: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > COLUMNS) {
      folded.push(current)
      current = word
    } else {
      current = current === '' ? word : `${current} ${word}`
    }
  }
  return [...folded, current].join('\n')
}

function linesOf(text: string): string[] {
  const trimmed = text.trimEnd()
  return trimmed === '' ? [] : trimmed.split(/\r\n|\r|\n/)
}
