import type { Channel } from '../core/channel'
import { DAY } from '../core/time'
import type { User } from '../core/user'
import type { BudgetStore } from '../store/budgets'
import type { MailStore } from '../store/mails'
import type { ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Signer } from '../world/signer'
import { spend } from './limits'

export interface ConfirmationDeps {
  projects: Pick<ProjectStore, 'find'>
  mails: Pick<MailStore, 'add'>
  budgets: Pick<BudgetStore, 'take'>
  /** The address that an e-mail channel writes to. */
  emailAddressOf(value: string): string | null
  settings: { siteRoot: string; siteName: string; verifyEmailChannels: boolean }
  signer: Pick<Signer, 'sign'>
  clock: Clock
}

/** Mails that ask to confirm an address, from one person: to the same one, and in all. */
const TO_ONE = { limit: 3, periodMs: DAY }
const IN_ALL = { limit: 50, periodMs: DAY }

/** Nobody gets alerts by mail who has not agreed to that: spec/integrations.md §6.2. */
export function addressConfirmation(deps: ConfirmationDeps) {
  const { clock, signer } = deps

  function addressOf({ kind, value }: Pick<Channel, 'kind' | 'value'>): string | null {
    return kind === 'email' ? deps.emailAddressOf(value) : null
  }

  /** What a link confirms: an address that takes the place of another has to be asked itself. */
  function proofOf(channel: Channel): string {
    return `${channel.code} ${addressOf(channel)?.toLowerCase() ?? ''}`
  }

  /** Whether somebody may have one more mail sent to an address that has not agreed to any. */
  function allowAsking(channel: Pick<Channel, 'kind' | 'value'>, user: User) {
    const address = addressOf(channel)?.toLowerCase() ?? ''
    const limits = [
      { what: 'confirmation', who: `${user.id} ${address}`, ...TO_ONE },
      { what: 'confirmations', who: String(user.id), ...IN_ALL },
    ]
    return spend(deps.budgets, limits, clock())
  }

  /** An address that its owner has not confirmed gets the mail with the link: integrations.md §6.2. */
  async function askToConfirm(channel: Channel): Promise<void> {
    const address = addressOf(channel)
    if (channel.verified || address === null) return
    const { siteRoot, siteName } = deps.settings
    const project = await deps.projects.find(channel.projectId)
    const link = `${siteRoot}/integrations/${channel.code}/verify/${signer.sign('verify', proofOf(channel))}/`
    const subject = `Confirm this address for alerts from ${siteName}`
    await deps.mails.add({
      recipient: address,
      template: 'verify-channel',
      model: { subject, siteName, projectName: project?.name ?? '', link },
      createdAt: clock(),
    })
  }

  function isConfirmed(kind: string, value: string, user: User): boolean {
    if (kind !== 'email' || !deps.settings.verifyEmailChannels) return true
    return deps.emailAddressOf(value)?.toLowerCase() === user.email
  }

  return { isConfirmed, proofOf, allowAsking, askToConfirm }
}
