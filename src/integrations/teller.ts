import type { Channel } from '../core/channel'
import type { Delivery } from '../core/delivery'
import type { Notice } from '../core/notice'
import type { Summary } from '../core/summary'
import { SECOND } from '../core/time'
import { trunc } from '../core/words'
import type { Random } from '../world/random'
import type { Integration, Tools } from './integration'
import { integrationOf } from './registry'
import { failed } from './verdict'
import type { Attempt } from './verdict'

/** Tells channels of flips. */
export interface Teller {
  /**
   * One sending: a few quick tries, then what came of them. Never rejects. Each further try is made only as
   * long as `isOurs`: after a pause somebody else may be telling the same.
   */
  tell(channel: Channel, notice: Notice, isOurs?: () => boolean): Promise<Delivery>
  /** Whether many checks that went down at once can be told to this channel in one message. */
  summarises(channel: Channel): boolean
  /** The same for them. */
  tellSummary(channel: Channel, summary: Summary, isOurs?: () => boolean): Promise<Delivery>
}

export interface TellerDeps extends Tools {
  random: Pick<Random, 'bytes'>
  wait(ms: number): Promise<void>
}

type AttemptBy = (integration: Integration) => Promise<Attempt>

interface Patience {
  /** Before each further try. */
  pauses: readonly number[]
  isOurs(): boolean
}

const always = (): boolean => true

/** Before the second and the third try: most hiccups are over by then. */
const PAUSES = [SECOND, 3 * SECOND]

/** How far a pause may be off, so that many failures at once do not come back as one wave. */
const JITTER = 0.2

/** Whoever wants us to wait for longer is tried again later, with the deferred attempts. */
const LONGEST_PAUSE_MS = 10 * SECOND

const MAX_REASON_LENGTH = 200

export function teller(deps: TellerDeps): Teller {
  const { random, wait, log, ...tools } = deps

  async function tries(
    { kind }: Channel,
    { pauses, isOurs }: Patience,
    attemptBy: AttemptBy,
  ): Promise<Attempt> {
    const integration = integrationOf(kind)
    if (integration === null) return failed('This kind of integration is not known')

    let attempt = await attemptBy(integration)
    for (const pauseMs of pauses) {
      const waitMs = attempt.retryAfterMs ?? jittered(pauseMs, random)
      if (!attempt.again || waitMs > LONGEST_PAUSE_MS) break
      await wait(waitMs)
      if (!isOurs()) break
      attempt = await attemptBy(integration)
    }
    return attempt
  }

  async function tell(channel: Channel, patience: Patience, attemptBy: AttemptBy): Promise<Delivery> {
    try {
      return tidy((await tries(channel, patience, attemptBy)).delivery)
    } catch (cause) {
      // One broken integration must not keep the other channels of this flip from being told.
      log.error('An integration failed', { cause, kind: channel.kind, channel: channel.code })
      return { ok: false, kind: 'final', reason: 'Internal error' }
    }
  }

  return {
    tell: (channel, notice, isOurs = always) =>
      tell(channel, { pauses: notice.isTest ? [] : PAUSES, isOurs }, (integration) =>
        integration.attempt(channel, notice, { ...tools, log }),
      ),
    summarises: ({ kind, value }) => integrationOf(kind)?.summarises(value) ?? false,
    tellSummary: (channel, summary, isOurs = always) =>
      tell(channel, { pauses: PAUSES, isOurs }, (integration) =>
        integration.attemptSummary(channel, summary, { ...tools, log }),
      ),
  }
}

function jittered(ms: number, random: Pick<Random, 'bytes'>): number {
  const share = random.bytes(2).readUInt16BE() / 0xffff
  return Math.round(ms * (1 + JITTER * (2 * share - 1)))
}

/** The words of other people's servers, fit for one line of ours. */
function tidy(delivery: Delivery): Delivery {
  if (delivery.ok) return delivery
  return { ...delivery, reason: trunc(delivery.reason.replace(/\p{Cc}/gu, ' '), MAX_REASON_LENGTH) }
}
