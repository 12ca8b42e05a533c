import { shownStatus } from '../core/check'
import type { ShownStatus } from '../core/check'
import { downtimeInWords, periodTitle, periodWords, UNIT_OF } from '../core/reports'
import type { Instant } from '../core/time'
import { figuresOf } from '../core/uptime'
import type { Figures } from '../core/uptime'
import { compareNames, count } from '../core/words'
import type { DueReport, ReportedCheck } from '../store/reports'
import { byProject, linkTo, MOST_LISTED, shownName } from './account-mails'
import type { MailFoot, MailSite } from './account-mails'

/** What `views/email/report` lays out. */
export interface ReportMailPage extends MailFoot {
  subject: string
  /** 'In December, 2 checks had 3 downtimes.' */
  heading: string
  /** The heads of the columns, the older period first. */
  periods: string[]
  projects: {
    name: string
    checks: { status: string; tone: Tone; name: string; tags: string[]; url: string; periods: string[] }[]
  }[]
  /** How many more checks there are than are listed; those had the least downtime. */
  unlisted: number
  /** In which zone all this was counted. */
  tz: string
}

type Tone = 'good' | 'bad' | 'late' | 'quiet'

const SUBJECTS: Record<DueReport['kind'], string> = {
  daily: 'Daily Report',
  weekly: 'Weekly Report',
  monthly: 'Monthly Report',
}

const TONES: Record<ShownStatus, Tone> = {
  new: 'quiet',
  paused: 'quiet',
  up: 'good',
  late: 'late',
  down: 'bad',
}

interface Sums extends ReportedCheck {
  /** Of the periods, in their order. */
  figures: Figures[]
  /** Of the last period. */
  last: Figures
}

/** `periods`: the two that are over, the older one first. spec/alerting.md [A29]. */
export function reportPage(
  { kind, tz }: Pick<DueReport, 'kind' | 'tz'>,
  checks: readonly ReportedCheck[],
  periods: readonly { startAt: Instant; endAt: Instant }[],
  { settings, nowAt }: { settings: MailSite; nowAt: Instant },
): Omit<ReportMailPage, keyof MailFoot> {
  const unit = UNIT_OF[kind]
  const sums = checks.map((one): Sums => {
    const figures = figuresOf(one.check, one.flips, periods, nowAt)
    return { ...one, figures, last: figures.at(-1)! }
  })
  const listed = sums
    .toSorted(
      (one, other) => other.last.downMs - one.last.downMs || compareNames(one.check.name, other.check.name),
    )
    .slice(0, MOST_LISTED)
  return {
    subject: SUBJECTS[kind],
    heading: `${periodWords(unit, periods.at(-1)!, tz)}, ${summary(sums)}.`,
    periods: periods.map((period) => periodTitle(unit, period, tz)),
    projects: byProject(listed).map((project) => ({
      name: project.name,
      checks: project.checks.map(({ check, figures }) => {
        const shown = shownStatus(check, nowAt)
        return {
          status: shown.toUpperCase(),
          tone: TONES[shown],
          name: shownName(check.name),
          tags: check.tags.split(' ').filter((tag) => tag !== ''),
          url: linkTo(check, settings),
          periods: figures.map(words),
        }
      }),
    })),
    unlisted: sums.length - listed.length,
    tz,
  }
}

function summary(sums: readonly Sums[]): string {
  const ailing = sums.filter(({ last }) => last.downtimes > 0)
  if (ailing.length === 0) return 'no check was down'
  const downtimes = ailing.reduce((sum, { last }) => sum + last.downtimes, 0)
  return `${count(ailing.length, 'check')} had ${count(downtimes, 'downtime')}`
}

function words({ noData, downtimes, downMs }: Figures): string {
  if (noData) return ''
  return downtimes === 0 ? 'all good' : `${count(downtimes, 'downtime')}, ${downtimeInWords(downMs)}`
}
