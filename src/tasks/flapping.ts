import { DAY } from '../core/time'
import { count } from '../core/words'
import type { Flapping, FlappingStore } from '../store/flapping'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { linkTo, sendAt, shownName } from './account-mails'
import type { MailSite } from './account-mails'
import type { TimedTask } from './task'

/** Once a day, UTC, when little else runs. */
const AT = '23 4 * * *'

/** More flips in a day than this are noise: spec/alerting.md [A32]. */
const MOST_FLIPS = 200

/** Checks told of in one run: past that many, the cause is not the checks. */
const MOST_CHECKS = 100

export interface FlappingOptions {
  flapping: FlappingStore
  settings: MailSite
  clock: Clock
  log: Log
}

/** What `views/email/flapping` lays out. */
export interface FlappingMailPage {
  subject: string
  siteName: string
  name: string
  project: string
  /** '312 times'. */
  often: string
  url: string
}

/** Tells people of checks that go up and down all day, which wears out whoever is told each time. */
export function noticeFlapping({ flapping, settings, clock, log }: FlappingOptions): TimedTask {
  return {
    name: 'flapping',
    at: AT,
    async run() {
      const nowAt = clock()
      const sinceAt = nowAt - DAY
      const found = await flapping.find(sinceAt, MOST_FLIPS, MOST_CHECKS)
      let queued = 0
      for (const one of found) {
        const mails = one.people.map(({ userId, email }) => ({
          recipient: email,
          accountId: userId,
          template: 'flapping',
          model: { ...flappingPage(one, settings) },
          createdAt: nowAt,
          dueAt: sendAt(queued++, nowAt),
        }))
        const told = await flapping.settle(one.check.id, sinceAt, nowAt, mails)
        if (told) log.info('a check is flapping', { check: one.check.code.slice(0, 8), flips: one.flips })
      }
    },
  }
}

export function flappingPage(
  { check, projectName, flips }: Pick<Flapping, 'check' | 'projectName' | 'flips'>,
  settings: MailSite,
): FlappingMailPage {
  const name = shownName(check.name)
  return {
    subject: `The Check "${name}" Is Flapping`,
    siteName: settings.siteName,
    name,
    project: shownName(projectName),
    often: count(flips, 'time'),
    url: linkTo(check, settings),
  }
}
