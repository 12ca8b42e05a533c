import type { ApiKeyActions } from './actions/api-keys'
import type { BodyActions } from './actions/bodies'
import type { AcknowledgeActions } from './actions/acknowledge'
import type { ChannelActions } from './actions/channels'
import type { CheckActions } from './actions/checks'
import type { OrphanActions } from './actions/orphans'
import type { MailWishActions } from './actions/mail-wishes'
import type { SetupActions } from './actions/setup'
import type { SignInActions } from './actions/sign-in'
import type { Config } from './config'
import type { Instant } from './core/time'
import type { Store } from './store'
import type { Clock } from './world/clock'
import type { Log } from './world/log'
import type { Random } from './world/random'
import type { Signer } from './world/signer'
import type { Templates } from './world/templates'

/** What pages and the API work with; put together by `compose.ts`. */
export interface App {
  config: Config
  version: string
  clock: Clock
  random: Random
  log: Log
  store: Store
  templates: Templates
  signer: Signer
  actions: {
    checks: CheckActions
    channels: ChannelActions
    apiKeys: ApiKeyActions
    bodies: BodyActions
    orphans: OrphanActions
    acknowledge: AcknowledgeActions
    mailWishes: MailWishActions
    signIn: SignInActions
    setup: SetupActions
  }
  health: Health
}

/** How the parts that work by themselves are doing. */
export interface Health {
  /** The process was asked to stop. */
  stopping(): boolean
  /**
   * When the loop that watches for missed pings last finished a round, if that is too long ago to be
   * normal; null when it is well, or runs elsewhere.
   */
  alarmsStalledSince(): Instant | null
  /** The last write failed for want of room. */
  diskFull(): boolean
}
