import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import { ROLE_WORDS } from '../core/role'
import type { MemberRole } from '../core/role'
import { DAY, HOUR, SECOND } from '../core/time'
import { browserName } from '../core/user-agent'
import type { TokenStore } from '../store/account-tokens'
import type { BudgetStore } from '../store/budgets'
import type { Invitation, InvitationInto, InvitationStore } from '../store/invitations'
import type { MailStore, NewMail } from '../store/mails'
import type { UserStore } from '../store/users'
import type { Clock } from '../world/clock'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import { digest } from '../world/secrets'
import type { Actor, AuditTrail } from './audit'
import { emailProblem, isZone } from './beginning'
import { letter, whence } from './letters'
import { mailedLinkLimits, spend } from './limits'
import type { Limit } from './limits'
import { passwordProblem } from './password-rules'
import type { Entered, SecondStepActions } from './second-step'
import type { Browser } from './sessions'

/** Asking people into a project: spec/web-ui.md P06, A27. */
export interface InvitationActions {
  invite(project: Project, by: Actor, input: { email: string; role: string }): Promise<Result<Sent>>
  /** Once more, with a new link; the one from before is worth nothing any more. `how`: as a mail, or to be shown. */
  renew(project: Project, by: Actor, code: string, how: 'mail' | 'show'): Promise<Result<Sent>>
  revoke(project: Project, by: Actor, code: string): Promise<Result<Invitation>>
  /** What a link is for; it stays good. */
  look(secret: string): Promise<Opened | null>
  /** Only for whom it is for. */
  accept(invitation: Invitation, by: Actor, projectName: string): Promise<Result<null>>
  decline(invitation: Invitation): Promise<void>
  /**
   * For whoever has a link that was passed on by hand, to show that the address is theirs: one more link, to that
   * address. The first stays as good as it was.
   */
  mailLink(opened: Opened, browser: Browser): Promise<Result<null>>
  /** For somebody without an account, who gets one; only where the address is shown to be theirs, or cannot be. */
  join(opened: Opened, newcomer: Newcomer, browser: Browser): Promise<Result<Entered>>
}

export interface Opened extends InvitationInto {
  /** A digest of the link of the invitation. */
  key: string
  /**
   * How the address of the invitation stands to whoever has the link. 'theirs': the link was mailed to it. 'unproven':
   * somebody was shown the link, who may have kept it, and a mail can tell. 'unprovable': the same where there are no
   * mails, so that it has to be believed.
   */
  address: 'theirs' | 'unproven' | 'unprovable'
}

export interface Newcomer {
  /** May be empty where links to sign in can be mailed. */
  password: string
  repeat: string
  /** As the browser says. */
  tz: string
}

export interface Sent {
  invitation: Invitation
  /** Shown once, to be passed on by hand; null: it was mailed. */
  link: string | null
}

export interface InvitationDeps {
  invitations: InvitationStore
  users: Pick<UserStore, 'proveEmail'>
  tokens: Pick<TokenStore, 'add' | 'find'>
  mails: Pick<MailStore, 'add'>
  budgets: Pick<BudgetStore, 'take'>
  trail: AuditTrail
  random: Pick<Random, 'uuid' | 'bytes'>
  clock: Clock
  passwords: Pick<Passwords, 'hash'>
  secondStep: Pick<SecondStepActions, 'enter'>
  settings: {
    siteRoot: string
    siteName: string
    mail: object | null
    defaultCheckLimit: number
    defaultPingLogLimit: number
  }
}

const GOOD_FOR_MS = 7 * DAY
const SECRET_BYTES = 32

/** For a link that shows whose an address is. */
const PROOF_MS = HOUR

/** spec/web-ui.md §16.8 */
const NEW_ADDRESSES_A_DAY = 20
const RENEWALS_A_DAY = 3

const TOO_MANY = 'You have invited many people today. Try again tomorrow.'

const BUSY_RETRY_MS = 5 * SECOND

const MEMBER_ROLES: readonly string[] = ['read-only', 'member', 'manager'] satisfies MemberRole[]

export function invitationActions(deps: InvitationDeps): InvitationActions {
  const { invitations, tokens, budgets, trail, random, clock, settings } = deps

  function newLink(): { key: string; link: string } {
    const secret = random.bytes(SECRET_BYTES).toString('base64url')
    return { key: digest(secret), link: `${settings.siteRoot}/invites/${secret}/` }
  }

  function opened(into: InvitationInto, key: string, isMailed: boolean): Opened {
    if (isMailed) return { ...into, key, address: 'theirs' }
    return { ...into, key, address: settings.mail === null ? 'unprovable' : 'unproven' }
  }

  function mailOf(
    project: Project,
    { email, role, invitedBy, expiresAt }: Omit<Invitation, 'id' | 'mailed'>,
    link: string,
  ): NewMail {
    const name = shownName(project)
    return letter(
      {
        to: email,
        expiresAt,
        subject: `Invitation to ${name}`,
        heading: `${invitedBy} invites you to ${name}`,
        text: [
          `${settings.siteName} watches scheduled jobs and tells people when one does not run. ${invitedBy} would like you to work in the project ${name} there, with the role ${ROLE_WORDS[role]}.`,
          'Open this link to accept or decline:',
        ],
        link: { text: 'Look at the invitation', url: link },
        code: '',
        foot: [
          'The link is good for seven days, once.',
          `If you do not know ${invitedBy}, ignore this mail: without the link nothing happens.`,
        ],
      },
      { siteName: settings.siteName, nowAt: clock() },
    )
  }

  async function find(project: Project, code: string): Promise<Result<Invitation>> {
    const open = await invitations.ofProject(project.id, clock())
    const found = open.find((each) => each.code === code)
    return found ? ok(found) : gone()
  }

  return {
    async invite(project, by, input) {
      const email = input.email.trim().toLowerCase()
      const strange = emailProblem(email)
      if (strange !== null) return wrong('email', strange)
      if (!isMemberRole(input.role)) return wrong('role', 'Choose one of the options.')
      const allowed = await allow(by, { what: 'invitation', limit: NEW_ADDRESSES_A_DAY })
      if (!allowed.ok) return allowed
      const createdAt = clock()
      const asked = {
        code: random.uuid(),
        projectId: project.id,
        email,
        role: input.role,
        invitedBy: by.user.email,
        createdAt,
        expiresAt: createdAt + GOOD_FOR_MS,
      }
      const { key, link } = newLink()
      const mail = settings.mail === null ? null : mailOf(project, asked, link)
      const added = await invitations.add(asked, key, mail)
      if (added === 'member') return wrong('email', `${email} is already in this project.`)
      if (added === 'invited') return wrong('email', `${email} already has an open invitation.`)
      await trail(by, 'invited', shownName(project), `${email} as ${ROLE_WORDS[asked.role]}`)
      return ok({ invitation: added, link: mail === null ? link : null })
    },

    async renew(project, by, code, how) {
      const found = await find(project, code)
      if (!found.ok) return found
      const limit = { what: `invitation-again:${found.value.code}`, limit: RENEWALS_A_DAY }
      const allowed = await allow(by, limit)
      if (!allowed.ok) return allowed
      const invitation = { ...found.value, expiresAt: clock() + GOOD_FOR_MS }
      const { key, link } = newLink()
      const mail = settings.mail === null || how === 'show' ? null : mailOf(project, invitation, link)
      const renewed = await invitations.renew(invitation.id, key, invitation.expiresAt, mail)
      return renewed ? ok({ invitation, link: mail === null ? link : null }) : gone()
    },

    async revoke(project, by, code) {
      const found = await find(project, code)
      if (!found.ok) return found
      if (!(await invitations.remove(found.value.id))) return gone()
      await trail(by, 'invitation-revoked', shownName(project), found.value.email)
      return found
    },

    async look(secret) {
      const key = digest(secret)
      const into = await invitations.findByKey(key, clock())
      if (into !== null) return opened(into, key, into.invitation.mailed)
      const proof = await tokens.find(key, 'invited', clock())
      if (proof === null) return null
      const shown = String(proof.value['invitation'])
      const found = await invitations.findByKey(shown, clock())
      return found && opened(found, shown, true)
    },

    async mailLink({ invitation, project, key: shown }, browser) {
      const { email } = invitation
      const allowed = await spend(budgets, mailedLinkLimits(email, browser.address), clock())
      if (!allowed.ok) return allowed
      const { key, link } = newLink()
      const createdAt = clock()
      const expiresAt = createdAt + PROOF_MS
      const value = { invitation: shown }
      await tokens.add({ key, purpose: 'invited', userId: null, value, createdAt, expiresAt })
      const content = {
        to: email,
        expiresAt,
        subject: `Join ${shownName(project)}`,
        heading: `Join ${shownName(project)}`,
        text: [
          `Somebody opened your invitation to the project ${shownName(project)} on ${settings.siteName}. If that was you, open this link to go on:`,
        ],
        link: { text: 'Go on', url: link },
        code: '',
        foot: [
          'The link is good for one hour.',
          `${whence({ ...browser, browser: browserName(browser.agent) })} If that was not you, ignore this mail: without the link nothing happens.`,
        ],
      }
      await deps.mails.add(letter(content, { siteName: settings.siteName, nowAt: createdAt }))
      return ok(null)
    },

    async accept(invitation, by, projectName) {
      if (by.user.email !== invitation.email) {
        return fail('forbidden', `This invitation is for ${masked(invitation.email)}.`)
      }
      if (!(await invitations.accept(invitation.id, by.user.id, clock()))) return gone()
      await trail(by, 'joined', projectName, ROLE_WORDS[invitation.role])
      return ok(null)
    },

    async decline(invitation) {
      await invitations.remove(invitation.id)
    },

    async join({ invitation, project, address }, newcomer, browser) {
      // An account that says it is of an address is believed to be, once there are mails.
      if (address === 'unproven') return fail('forbidden', 'Show first that the address is yours.')
      const hash = await hashOf(invitation.email, newcomer)
      if (!hash.ok) return hash
      const { defaultCheckLimit, defaultPingLogLimit } = settings
      const createdAt = clock()
      const user = await invitations.acceptAsNew(
        invitation.id,
        {
          email: invitation.email,
          passwordHash: hash.value,
          isAdmin: false,
          tz: isZone(newcomer.tz) ? newcomer.tz : 'UTC',
          theme: 'system',
          checkLimit: defaultCheckLimit,
          pingLogLimit: defaultPingLogLimit,
          createdAt,
        },
        createdAt,
      )
      if (user === 'gone') return gone()
      if (user === 'taken') return fail('conflict', 'An account with this address exists. Sign in instead.')
      if (address === 'theirs') await deps.users.proveEmail(user.id, createdAt)
      const by = { user, address: browser.address }
      await trail(by, 'joined', shownName(project), ROLE_WORDS[invitation.role])
      const about = { ...browser, keep: false, next: '', method: 'sign-up' as const }
      return ok(await deps.secondStep.enter(user, about))
    },
  }

  /** Null: none, where there is another way to sign in. */
  async function hashOf(email: string, { password, repeat }: Newcomer): Promise<Result<string | null>> {
    if (password === '' && repeat === '' && settings.mail !== null) return ok(null)
    const weakness = passwordProblem(password, { email, siteName: settings.siteName })
    if (weakness !== null) return wrong('password', weakness)
    if (password !== repeat) return wrong('repeat', 'The two entries differ.')
    const hash = await deps.passwords.hash(password)
    if (hash !== 'busy') return ok(hash)
    return fail('unavailable', 'The server is busy. Try again in a moment.', { retryAfterMs: BUSY_RETRY_MS })
  }

  async function allow(by: Actor, limit: Pick<Limit, 'what' | 'limit'>): Promise<Result<null>> {
    const spent = await spend(budgets, [{ ...limit, who: String(by.user.id), periodMs: DAY }], clock())
    if (spent.ok) return ok(null)
    return { ok: false, problem: { ...spent.problem, message: TOO_MANY } }
  }
}

export function isMemberRole(role: string): role is MemberRole {
  return MEMBER_ROLES.includes(role)
}

/** 'o…@example.org': enough for its owner to know it. */
export function masked(email: string): string {
  return email.replace(/^(.)[^@]*/, '$1…')
}

function shownName({ name }: Pick<Project, 'name'>): string {
  return name === '' ? 'a project' : name
}

function wrong(field: string, message: string): { ok: false; problem: Problem } {
  return fail('invalid', message, { fields: { [field]: message } })
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such invitation any more.')
}
