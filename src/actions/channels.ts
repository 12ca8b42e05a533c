import type { Channel } from '../core/channel'
import type { Delivery } from '../core/delivery'
import type { Notice } from '../core/notice'
import { fail, ok } from '../core/problem'
import type { Problem, Result } from '../core/problem'
import type { Project } from '../core/project'
import { HOUR, MINUTE } from '../core/time'
import type { User } from '../core/user'
import type { BudgetStore } from '../store/budgets'
import type { ChannelStore } from '../store/channels'
import type { CheckStore } from '../store/checks'
import type { MailStore } from '../store/mails'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import type { Signer } from '../world/signer'
import { addressConfirmation } from './address-confirmation'
import { spend } from './limits'
import { readRepeat } from './repeat-form'
import { testNotice } from './test-notice'

/** As a browser posts it. */
export type ChannelForm = Readonly<Record<string, string | undefined>>

/** What actions need to know of an integration; all of `integrations/integration.ts` fits. */
export interface ChannelKind {
  parse(form: ChannelForm): Result<{ value: string; name?: string }>
  wants(value: string): { down: boolean; up: boolean }
}

/** What people do with the places to be told. */
export interface ChannelActions {
  /** Adds a channel, switched on for all checks. The field `name` may name it. */
  add(project: Project, user: User, kind: string, form: ChannelForm): Promise<Result<Channel>>
  edit(channel: Channel, user: User, form: ChannelForm): Promise<Result<Channel>>
  /** Tells it something made up, now and once. Success revives a channel that a failure switched off. */
  test(channel: Channel, project: Project, user: User): Promise<Delivery>
  /** Tells what a form says something made up, without keeping it. */
  tryOut(project: Project, user: User, kind: string, form: ChannelForm): Promise<Result<Delivery>>
  /** Switches it on for just these checks of its project, by their codes. */
  assign(channel: Channel, checkCodes: readonly string[]): Promise<Result<Channel>>
  rename(channel: Channel, name: string): Promise<Result<Channel>>
  remove(channel: Channel): Promise<Result<Channel>>
  /** Somebody opened the link that confirms an address: forbidden when it is not ours. */
  confirm(code: string, token: string): Promise<Result<Channel>>
  /** Whether an unsubscribe link is ours, and when it was made. */
  readUnsubscribe(code: string, signed: string): Promise<Result<{ channel: Channel; madeAt: number }>>
  unsubscribe(code: string, signed: string): Promise<Result<Channel>>
}

export interface ChannelDeps {
  channels: Pick<
    ChannelStore,
    'add' | 'edit' | 'enable' | 'unsubscribe' | 'find' | 'remove' | 'noteAttempt' | 'setChecks'
  >
  checks: Pick<CheckStore, 'ofProject'>
  projects: Pick<ProjectStore, 'find'>
  mails: Pick<MailStore, 'add'>
  budgets: Pick<BudgetStore, 'take'>
  /** Null for a kind that is not known or is switched off. */
  kindOf(kind: string): ChannelKind | null
  /** The address that an e-mail channel writes to. */
  emailAddressOf(value: string): string | null
  tell(channel: Channel, notice: Notice): Promise<Delivery>
  settings: { siteRoot: string; siteName: string; verifyEmailChannels: boolean }
  signer: Pick<Signer, 'sign' | 'matches' | 'stampedAt'>
  random: Pick<Random, 'uuid'>
  clock: Clock
}

const MAX_NAME = 100

const UNSUBSCRIBED = 'The recipient unsubscribed. Save the integration again: then we ask them anew.'

/** spec/web-ui.md §16.8 */
const TESTS = { limit: 6, periodMs: MINUTE }
const UNSAVED_TESTS = { limit: 10, periodMs: HOUR }

export function channelActions(deps: ChannelDeps): ChannelActions {
  const { channels, clock, signer } = deps
  const { isConfirmed, proofOf, allowAsking, askToConfirm } = addressConfirmation(deps)

  async function linked(code: string): Promise<Channel | null> {
    const channel = await channels.find(code)
    return channel?.kind === 'email' ? channel : null
  }

  const actions: ChannelActions = {
    async add(project, user, kindName, form) {
      const kind = deps.kindOf(kindName)
      if (kind === null) return fail('not_found', 'There is no such integration.')
      const read = readForm(kind, form)
      if (!read.ok) return read
      const { name, value, repeatMs } = read.value
      const verified = isConfirmed(kindName, value, user)
      const allowed = verified ? null : await allowAsking({ kind: kindName, value }, user)
      if (allowed?.ok === false) return allowed
      const channel = await channels.add({
        projectId: project.id,
        kind: kindName,
        name,
        value,
        ...tells(kind, value),
        repeatMs: repeatMs ?? null,
        verified,
        createdAt: clock(),
      })
      await askToConfirm(channel)
      return ok(channel)
    },

    async edit(channel, user, form) {
      const kind = deps.kindOf(channel.kind)
      if (kind === null) return fail('not_found', 'There is no such integration.')
      const read = readForm(kind, form)
      if (!read.ok) return read
      const { name, value, repeatMs } = read.value
      const goesElsewhere =
        channel.disabled || deps.emailAddressOf(channel.value) !== deps.emailAddressOf(value)
      const verified = goesElsewhere ? isConfirmed(channel.kind, value, user) : channel.verified
      const allowed = verified ? null : await allowAsking({ kind: channel.kind, value }, user)
      if (goesElsewhere && allowed?.ok === false) return allowed
      const edited = await channels.edit(channel.id, {
        name,
        value,
        ...tells(kind, value),
        ...(repeatMs === undefined ? {} : { repeatMs }),
        disabled: false,
        ...(goesElsewhere ? { verified } : {}),
      })
      if (edited === null) return gone()
      // Whoever has been asked enough already is not asked again, for a change of something else.
      if (allowed?.ok !== false) await askToConfirm(edited)
      return ok(edited)
    },

    async test(channel, project, { tz }) {
      const at = clock()
      if (channel.disabledBy === 'unsubscribe') return { ok: false, kind: 'final', reason: UNSUBSCRIBED }
      const allowed = await spend(deps.budgets, [{ what: 'test', who: channel.code, ...TESTS }], at)
      if (!allowed.ok) return { ok: false, kind: 'final', reason: allowed.problem.message }
      const others = await deps.checks.ofProject(project.id)
      const notice = testNotice(channel, project, others, { at, tz, random: deps.random })
      const delivery = await deps.tell(channel, notice)
      await channels.noteAttempt(channel.id, {
        at,
        tookMs: Math.max(0, clock() - at),
        error: delivery.ok ? '' : delivery.reason,
        disable: !delivery.ok && delivery.kind === 'permanent',
      })
      if (delivery.ok && channel.disabled) await channels.enable(channel.id)
      return delivery
    },

    async tryOut(project, user, kindName, form) {
      const kind = deps.kindOf(kindName)
      if (kind === null) return fail('not_found', 'There is no such integration.')
      const read = readForm(kind, form)
      if (!read.ok) return read
      const at = clock()
      const limit = { what: 'test unsaved', who: `user ${user.id}`, ...UNSAVED_TESTS }
      const allowed = await spend(deps.budgets, [limit], at)
      if (!allowed.ok) return allowed
      const { name, value } = read.value
      const channel: Channel = {
        ...UNSAVED,
        projectId: project.id,
        code: deps.random.uuid(),
        kind: kindName,
        name,
        value,
        ...tells(kind, value),
        createdAt: at,
      }
      // Whoever has not agreed to get mail from us gets none but the one that asks.
      if (!isConfirmed(kindName, value, user)) {
        return fail('forbidden', 'An address is tested after its owner has confirmed it. Save it first.')
      }
      const others = await deps.checks.ofProject(project.id)
      const notice = testNotice(channel, project, others, { at, tz: user.tz, random: deps.random })
      return ok(await deps.tell(channel, notice))
    },

    async assign(channel, checkCodes) {
      return (await channels.setChecks(channel, checkCodes)) ? ok(channel) : gone()
    },

    async rename(channel, given) {
      const name = given.trim()
      const message = `At most ${MAX_NAME} characters.`
      if (name.length > MAX_NAME) return fail('invalid', message, { fields: { name: message } })
      const renamed = await channels.edit(channel.id, { name })
      return renamed === null ? gone() : ok(renamed)
    },

    async remove(channel) {
      return (await channels.remove(channel.id)) ? ok(channel) : gone()
    },

    async confirm(code, token) {
      const channel = await linked(code)
      if (channel === null) return gone()
      if (!signer.matches('verify', proofOf(channel), token)) return badLink()
      return ok((await channels.edit(channel.id, { verified: true })) ?? channel)
    },

    async readUnsubscribe(code, signed) {
      const channel = await linked(code)
      if (channel === null) return gone()
      const madeAt = signer.stampedAt('alerts', code, signed)
      return madeAt === null ? badLink() : ok({ channel, madeAt })
    },

    async unsubscribe(code, signed) {
      const link = await actions.readUnsubscribe(code, signed)
      if (!link.ok) return link
      const { channel } = link.value
      return ok((await channels.unsubscribe(channel.id)) ?? channel)
    },
  }
  return actions
}

/** What a channel that is not kept has besides its form. */
const UNSAVED = {
  id: 0,
  repeatMs: null,
  verified: true,
  disabled: false,
  disabledBy: null,
  disabledReason: '',
  lastNotifyAt: null,
  lastTookMs: null,
  lastError: '',
} satisfies Partial<Channel>

interface ReadChannel {
  name: string
  value: string
  /** Undefined: as before. */
  repeatMs: number | null | undefined
}

function readForm(kind: ChannelKind, form: ChannelForm): Result<ReadChannel> {
  const read = kind.parse(form)
  const repeat = readRepeat(form)
  const given = (form['name'] ?? '').trim()
  const others = {
    ...(given.length > MAX_NAME ? { name: `At most ${MAX_NAME} characters.` } : {}),
    ...(repeat.ok ? {} : repeat.problem.fields),
  }
  if (!read.ok) {
    const { code, message, fields } = read.problem
    return fail(code, message, { fields: { ...fields, ...others } })
  }
  if (!repeat.ok || Object.keys(others).length > 0) {
    return fail('invalid', Object.values(others)[0] ?? '', { fields: others })
  }
  return ok({ name: given || (read.value.name ?? ''), value: read.value.value, repeatMs: repeat.value })
}

function tells(kind: ChannelKind, value: string): Pick<Channel, 'tellsDown' | 'tellsUp'> {
  const { down, up } = kind.wants(value)
  return { tellsDown: down, tellsUp: up }
}

function gone(): { ok: false; problem: Problem } {
  return fail('not_found', 'There is no such integration any more.')
}

function badLink(): { ok: false; problem: Problem } {
  return fail('forbidden', 'This link is not right. Copy the whole address from the mail.')
}
