import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import { HOUR } from '../core/time'
import type { Instant } from '../core/time'
import type { User } from '../core/user'
import type { TokenStore } from '../store/account-tokens'
import type { AdministrationStore } from '../store/administration'
import type { MailStore, NewMail } from '../store/mails'
import type { SignInStore } from '../store/sign-ins'
import type { TransferStore } from '../store/transfers'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { digest } from '../world/secrets'
import type { Actor, AuditTrail } from './audit'
import { beginningOf } from './beginning'
import type { BeginningDeps } from './beginning'
import { letter } from './letters'
import type { ProjectActions } from './projects'

/** What those do who run the instance: spec/web-ui.md §11. All of it is written down. */
export interface AdministrationActions {
  /** With a link, shown once, by which the person sets the password; where mails go out, they get it by mail, too. */
  addAccount(by: Actor, email: string): Promise<Result<{ user: User; link: string }>>
  setLimits(by: Actor, user: User, limits: { checks: number; pings: number }): Promise<Result<null>>
  /** The sessions of the account end at once. */
  setDisabled(by: Actor, user: User, disabled: boolean): Promise<Result<null>>
  setAdmin(by: Actor, user: User, isAdmin: boolean): Promise<Result<null>>
  resetSecondSteps(by: Actor, user: User): Promise<void>
  endSessions(by: Actor, user: User): Promise<void>
  /** A link, shown once, by which the person signs in or sets a new password. */
  makeLink(by: Actor, user: User, purpose: 'sign-in' | 'reset'): Promise<string>
  giveProject(by: Actor, project: Project, email: string): Promise<Result<null>>
  removeProject(by: Actor, project: Project): Promise<Result<null>>
}

export interface AdministrationDeps extends BeginningDeps {
  administration: AdministrationStore
  users: Pick<UserStore, 'add' | 'findByEmail'>
  signIns: Pick<SignInStore, 'removeOfUser'>
  tokens: Pick<TokenStore, 'add'>
  mails: Pick<MailStore, 'add'>
  transfers: Pick<TransferStore, 'force'>
  projects: Pick<ProjectActions, 'remove'>
  trail: AuditTrail
  random: Pick<Random, 'uuid' | 'text' | 'bytes'>
  clock: Clock
  settings: BeginningDeps['settings'] & { siteRoot: string; mail: object | null }
}

const NOBODY_LEFT = 'There would be no administrator left.'

const MOST_CHECKS = 1_000_000
const MOST_PINGS = 1_000_000
const LINK_MS = HOUR
const SECRET_BYTES = 32

export function administrationActions(deps: AdministrationDeps): AdministrationActions {
  const { administration, users, signIns, tokens, transfers, projects, trail, random, clock, settings } = deps

  async function linkFor(user: User, purpose: 'sign-in' | 'reset'): Promise<string> {
    const secret = random.bytes(SECRET_BYTES).toString('base64url')
    const createdAt = clock()
    const value = { next: '', asker: '' }
    await tokens.add({
      key: digest(secret),
      purpose,
      userId: user.id,
      value,
      createdAt,
      expiresAt: createdAt + LINK_MS,
    })
    return purpose === 'reset'
      ? `${settings.siteRoot}/accounts/password_reset/${secret}/`
      : `${settings.siteRoot}/accounts/check_token/${user.id}/${secret}/`
  }

  return {
    async addAccount(by, email) {
      const newcomer = { email, password: null, tz: 'UTC', isAdmin: false }
      const beginning = await beginningOf(newcomer, deps, clock())
      if (!beginning.ok) return beginning
      const begun = await users.add(beginning.value)
      if (begun === null) return wrong('email', 'There is an account with this address already.')
      await trail(by, 'account-added', begun.user.email)
      const link = await linkFor(begun.user, 'reset')
      if (settings.mail !== null) await deps.mails.add(welcome(begun.user, link, settings.siteName, clock()))
      return ok({ user: begun.user, link })
    },

    async setLimits(by, user, { checks, pings }) {
      if (!(checks >= 0 && checks <= MOST_CHECKS)) return wrong('checks', 'Between 0 and 1,000,000 checks.')
      if (!(pings >= 1 && pings <= MOST_PINGS)) return wrong('pings', 'Between 1 and 1,000,000 pings.')
      await administration.setLimits(user.id, { checkLimit: checks, pingLogLimit: pings })
      const detail = `checks ${user.checkLimit} to ${checks}, pings kept ${user.pingLogLimit} to ${pings}`
      await trail(by, 'limits-changed', user.email, detail)
      return ok(null)
    },

    async setDisabled(by, user, disabled) {
      if (user.id === by.user.id) return fail('conflict', 'You cannot disable your own account.')
      const done = await administration.setDisabled(user.id, disabled)
      if (done === 'closing') return fail('conflict', 'This account is being closed.')
      if (done === 'last administrator') return fail('conflict', NOBODY_LEFT)
      await trail(by, disabled ? 'account-disabled' : 'account-enabled', user.email)
      return ok(null)
    },

    async setAdmin(by, user, isAdmin) {
      if (user.id === by.user.id) return fail('conflict', 'Somebody else has to change that for you.')
      if (!(await administration.setAdmin(user.id, isAdmin))) {
        return fail('conflict', NOBODY_LEFT)
      }
      await trail(by, isAdmin ? 'administrator-made' : 'administrator-unmade', user.email)
      return ok(null)
    },

    async resetSecondSteps(by, user) {
      await administration.resetSecondSteps(user.id)
      // Whoever did that to themselves is not to be signed out by it.
      if (user.id !== by.user.id) await signIns.removeOfUser(user.id)
      await trail(by, 'second-step-reset', user.email)
    },

    async endSessions(by, user) {
      await signIns.removeOfUser(user.id)
      await trail(by, 'sessions-ended', user.email)
    },

    async makeLink(by, user, purpose) {
      const link = await linkFor(user, purpose)
      await trail(by, 'link-made', user.email, purpose === 'reset' ? 'to set a password' : 'to sign in')
      return link
    },

    async giveProject(by, project, email) {
      const user = await users.findByEmail(email.trim().toLowerCase())
      if (user === null) return wrong('email', 'There is no account with this address.')
      if (!(await transfers.force(project.id, user.id, clock()))) return gone()
      await trail(by, 'owner-changed', project.name, `to ${user.email}`)
      return ok(null)
    },

    async removeProject(by, project) {
      const removed = await projects.remove(project)
      if (!removed.ok) return removed
      await trail(by, 'project-removed', project.name)
      return ok(null)
    },
  }
}

function welcome(user: User, url: string, siteName: string, nowAt: Instant): NewMail {
  const content = {
    to: user.email,
    accountId: user.id,
    expiresAt: nowAt + LINK_MS,
    subject: 'Your account',
    heading: `There is an account for you on ${siteName}`,
    text: ['An administrator has made it. Open this link to set a password:'],
    link: { text: 'Set a password', url },
    code: '',
    foot: ['The link works once, for one hour. After that, ask for a new one where you sign in.'],
  }
  return letter(content, { siteName, nowAt })
}

function wrong(field: string, message: string): { ok: false; problem: Problem } {
  return fail('invalid', message, { fields: { [field]: message } })
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such project any more.')
}
