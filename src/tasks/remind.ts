import { shownStatus } from '../core/check'
import { HOUR, MINUTE } from '../core/time'
import type { Instant } from '../core/time'
import { ago, compareNames, count } from '../core/words'
import type { NewMail } from '../store/mails'
import type { AccountCheck, DueReminder, ReminderStore } from '../store/reminders'
import type { Clock } from '../world/clock'
import type { Signer } from '../world/signer'
import { allPages, byProject, footOf, LIFE_MS, linkTo, MOST_LISTED, sendAt, shownName } from './account-mails'
import type { MailFoot, MailSite } from './account-mails'
import type { Task } from './task'

/** Accounts looked after in one turn: each may have thousands of checks to judge. */
const BATCH = 20

export interface RemindOptions {
  reminders: ReminderStore
  settings: MailSite
  signer: Pick<Signer, 'stamp'>
  clock: Clock
}

/** What `views/email/reminder` lays out. */
export interface ReminderMailPage extends MailFoot {
  subject: string
  /** 'hourly' or 'daily'. */
  often: string
  heading: string
  projects: { name: string; checks: { name: string; lastPing: string; url: string }[] }[]
  /** How many more are down than are listed. */
  unlisted: number
}

/** Reminds people, as often as they want it, of what is still down: spec/alerting.md §8. */
export function remind({ reminders, settings, signer, clock }: RemindOptions): Task {
  async function remindOne(reminder: DueReminder, nowAt: Instant, i: number): Promise<void> {
    const isAlive = await reminders.hasSignOfLife(reminder.userId, nowAt - LIFE_MS)
    const suspects = isAlive ? await allPages((page) => reminders.suspects(reminder.userId, nowAt, page)) : []
    const down = suspects.filter(({ check }) => shownStatus(check, nowAt) === 'down')
    if (down.length === 0) {
      await reminders.settle(reminder, null, null)
      return
    }
    const mail: NewMail = {
      recipient: reminder.email,
      accountId: reminder.userId,
      template: 'reminder',
      model: {
        ...reminderPage(reminder, down, settings, nowAt),
        ...footOf(settings, signer, reminder.userId, nowAt),
      },
      createdAt: nowAt,
      dueAt: sendAt(i, nowAt),
      // The next one says it better.
      expiresAt: nowAt + reminder.periodMs,
    }
    await reminders.settle(reminder, nowAt + reminder.periodMs, mail)
  }

  return {
    name: 'remind',
    everyMs: MINUTE,
    async run() {
      const nowAt = clock()
      await reminders.revise(nowAt)
      const due = await reminders.due(nowAt, BATCH)
      for (const [i, reminder] of due.entries()) await remindOne(reminder, nowAt, i)
      return due.length === BATCH
    },
  }
}

export function reminderPage(
  { periodMs }: Pick<DueReminder, 'periodMs'>,
  down: readonly AccountCheck[],
  settings: MailSite,
  nowAt: Instant,
): Omit<ReminderMailPage, keyof MailFoot> {
  const listed = down
    .toSorted((one, other) => compareNames(one.check.name, other.check.name))
    .slice(0, MOST_LISTED)
  return {
    subject: `Reminder: ${count(down.length, 'check')} still down`,
    often: periodMs === HOUR ? 'hourly' : 'daily',
    heading: `${count(down.length, 'check')} ${down.length === 1 ? 'is' : 'are'} still down`,
    projects: byProject(listed).map(({ name, checks }) => ({
      name,
      checks: checks.map(({ check }) => ({
        name: shownName(check.name),
        lastPing: check.lastPingAt === null ? 'Never' : ago(check.lastPingAt, nowAt),
        url: linkTo(check, settings),
      })),
    })),
    unlisted: down.length - listed.length,
  }
}
