import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import type { User } from '../core/user'
import type { NewMail } from '../store/mails'
import type { MemberStore } from '../store/members'
import type { Load, TransferStore } from '../store/transfers'
import type { Clock } from '../world/clock'
import type { Actor, AuditTrail } from './audit'
import { letter } from './letters'

/** Giving a project to somebody else: spec/web-ui.md P07. */
export interface TransferActions {
  /** Asks one member; whoever was asked before is not any more. */
  ask(project: Project, by: Actor, email: string): Promise<Result<null>>
  cancel(project: Project): Promise<Result<null>>
  accept(project: Project, by: Actor): Promise<Result<null>>
  /** What it would mean for this person's limit; null when it is not they who were asked. */
  offerTo(project: Project, user: Pick<User, 'id'>): Promise<Load | null>
  reject(project: Project, user: Pick<User, 'id'>): Promise<Result<null>>
}

export interface TransferDeps {
  transfers: TransferStore
  members: Pick<MemberStore, 'ofProject'>
  trail: AuditTrail
  clock: Clock
  settings: { siteRoot: string; siteName: string; mail: object | null }
}

export function transferActions(deps: TransferDeps): TransferActions {
  const { transfers, members, trail, clock, settings } = deps

  function mailOf(project: Project, to: { email: string; userId: number }, from: string): NewMail {
    return letter(
      {
        to: to.email,
        accountId: to.userId,
        subject: `${project.name}: will you own it?`,
        heading: `${from} would like you to own ${project.name}`,
        text: [
          `The owner of a project may remove it or give it away, and its checks count towards the owner’s limit. ${from} becomes a member.`,
          'Sign in and open this page to accept or reject:',
        ],
        link: { text: 'Answer the request', url: `${settings.siteRoot}/projects/${project.code}/transfer/` },
        code: '',
        foot: ['Nothing changes until you answer.', `${from} may take the request back.`],
      },
      { siteName: settings.siteName, nowAt: clock() },
    )
  }

  async function isFor(project: Project, { id }: Pick<User, 'id'>): Promise<boolean> {
    return (await transfers.ofProject(project.id))?.userId === id
  }

  return {
    async ask(project, by, email) {
      const wanted = email.trim().toLowerCase()
      const member = (await members.ofProject(project.id)).find((each) => each.email === wanted)
      const message = 'Choose somebody who is in this project.'
      if (!member) return fail('invalid', message, { fields: { email: message } })
      const mail = settings.mail === null ? null : mailOf(project, member, by.user.email)
      if (!(await transfers.ask(project.id, member.userId, clock(), mail))) {
        return fail('invalid', message, { fields: { email: message } })
      }
      await trail(by, 'transfer-asked', project.name, member.email)
      return ok(null)
    },

    async cancel(project) {
      return (await transfers.cancel(project.id)) ? ok(null) : gone()
    },

    async accept(project, by) {
      const done = await transfers.accept(project.id, by.user.id, clock())
      if (done.kind === 'gone') return gone()
      if (done.kind === 'too many') return fail('conflict', loadSentence(done.load))
      await trail(by, 'owner-changed', project.name, `to ${by.user.email}`)
      return ok(null)
    },

    async offerTo(project, user) {
      return (await isFor(project, user)) ? transfers.loadOf(project.id, user.id) : null
    },

    async reject(project, user) {
      return (await isFor(project, user)) && (await transfers.cancel(project.id)) ? ok(null) : gone()
    },
  }
}

/** Why somebody cannot take a project over. */
export function loadSentence({ limit, used, more }: Load): string {
  return `Your limit is ${limit} checks, you use ${used}; this project has ${more}.`
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such request any more.')
}
