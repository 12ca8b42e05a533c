import { latestReportAt, nextReportAt, REPORT_SPREAD_MINUTES, UNIT_OF } from '../core/reports'
import { MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { intervals } from '../core/uptime'
import type { NewMail } from '../store/mails'
import type { DueReport, ReportStore } from '../store/reports'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import type { Signer } from '../world/signer'
import { allPages, footOf, LIFE_MS, sendAt } from './account-mails'
import type { MailSite } from './account-mails'
import { reportPage } from './report-mail'
import type { Task } from './task'

/** Accounts looked after in one turn: each may have thousands of checks to sum up. */
const BATCH = 20

export interface ReportOptions {
  reports: ReportStore
  settings: MailSite
  signer: Pick<Signer, 'stamp'>
  random: Pick<Random, 'bytes'>
  clock: Clock
}

/** Sends the daily, weekly and monthly reports: spec/alerting.md §9. */
export function report({ reports, settings, signer, random, clock }: ReportOptions): Task {
  async function settle(due: DueReport, nowAt: Instant, i: number): Promise<void> {
    const nextAt = nextReportAt(due.kind, nowAt, due.tz, anySpread(random))
    // Whoever has no date yet only gets one, and so does whose date a clock moved out of reach.
    const isTime = due.dueAt !== null && due.dueAt <= nowAt
    const isAlive = isTime && (await reports.hasSignOfLife(due.userId, nowAt - LIFE_MS))
    await reports.settle(due, nextAt, isAlive ? await mailFor(due, nowAt, i) : null)
  }

  async function mailFor(due: DueReport, nowAt: Instant, i: number): Promise<NewMail> {
    const [, last, before] = intervals(UNIT_OF[due.kind], 3, nowAt, due.tz)
    const checks = await allPages((page) => reports.checks(due.userId, before!.startAt, page))
    const page = reportPage(due, checks, [before!, last!], { settings, nowAt })
    return {
      recipient: due.email,
      accountId: due.userId,
      template: 'report',
      model: { ...page, ...footOf(settings, signer, due.userId, nowAt) },
      createdAt: nowAt,
      dueAt: sendAt(i, nowAt),
    }
  }

  return {
    name: 'report',
    everyMs: MINUTE,
    async run() {
      const nowAt = clock()
      const due = await reports.due(nowAt, latestReportAt(nowAt), BATCH)
      for (const [i, one] of due.entries()) await settle(one, nowAt, i)
      return due.length === BATCH
    },
  }
}

/** A whole number of minutes, so that not all reports leave at once. */
export function anySpread(random: Pick<Random, 'bytes'>): number {
  return random.bytes(2).readUInt16BE() % REPORT_SPREAD_MINUTES
}
