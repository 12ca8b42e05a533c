import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Acknowledgeable, RepeatStore } from '../store/repeats'
import type { Clock } from '../world/clock'
import type { Signer } from '../world/signer'

/** What the link in a message that is repeated leads to. Whoever has the link may use it. */
export interface AcknowledgeActions {
  /** What it is about; forbidden when the link is not ours, not found when the message is no longer kept. */
  read(notificationCode: string, token: string): Promise<Result<Acknowledgeable>>
  /** Ends the repetition, in every channel, until the check goes down anew. Twice is the same as once. */
  acknowledge(notificationCode: string, token: string): Promise<Result<Acknowledgeable>>
}

export interface AcknowledgeDeps {
  repeats: Pick<RepeatStore, 'find' | 'acknowledge'>
  signer: Pick<Signer, 'matches'>
  clock: Clock
}

const PURPOSE = 'acknowledge'

export function acknowledgeUrl(
  siteRoot: string,
  signer: Pick<Signer, 'sign'>,
  notificationCode: string,
): string {
  return `${siteRoot}/acknowledge/${notificationCode}/${signer.sign(PURPOSE, notificationCode)}/`
}

export function acknowledgeActions({ repeats, signer, clock }: AcknowledgeDeps): AcknowledgeActions {
  async function ours(
    code: string,
    token: string,
    act: () => Promise<Acknowledgeable | null>,
  ): Promise<Result<Acknowledgeable>> {
    if (!signer.matches(PURPOSE, code, token)) return fail('forbidden', 'This link is not right.')
    const about = await act()
    return about === null ? fail('not_found', 'There is no such message any more.') : ok(about)
  }

  return {
    read: (code, token) => ours(code, token, () => repeats.find(code)),
    acknowledge: (code, token) => ours(code, token, () => repeats.acknowledge(code, clock())),
  }
}
