import type { AccessTokenActions } from './actions/access-tokens'
import type { AdministrationActions } from './actions/administration'
import type { ApiKeyActions } from './actions/api-keys'
import type { AuditTrail } from './actions/audit'
import type { BodyActions } from './actions/bodies'
import type { AcknowledgeActions } from './actions/acknowledge'
import type { CallbackActions } from './actions/callbacks'
import type { ChannelActions } from './actions/channels'
import type { CheckMoveActions } from './actions/check-moves'
import type { CheckActions } from './actions/checks'
import type { HandPingActions } from './actions/hand-pings'
import type { OrphanActions } from './actions/orphans'
import type { MemberActions } from './actions/members'
import type { ProjectActions } from './actions/projects'
import type { InvitationActions } from './actions/invitations'
import type { TransferActions } from './actions/transfers'
import type { MailWishActions } from './actions/mail-wishes'
import type { SendingActions } from './actions/sending'
import type { Jobs } from './actions/jobs'
import type { largestChecks } from './actions/largest'
import type { UpkeepActions } from './actions/upkeep'
import type { SetupActions } from './actions/setup'
import type { SettingsDesk, SiteSettingActions } from './actions/site-settings'
import type { AuthenticatorActions } from './actions/authenticator'
import type { PlannedClosingActions } from './actions/planned-closings'
import type { ProfileActions } from './actions/profile'
import type { PasskeyActions } from './actions/passkeys'
import type { EmailChangeActions } from './actions/email-change'
import type { CloseAccountActions } from './actions/close-account'
import type { LinkActions } from './actions/links'
import type { OwnPasswordActions } from './actions/own-password'
import type { SecondStepActions } from './actions/second-step'
import type { BulkActions } from './actions/bulk'
import type { BulkJobActions } from './actions/bulk-jobs'
import type { SwitchActions } from './actions/switches'
import type { SignInActions } from './actions/sign-in'
import type { SignUpActions } from './actions/sign-up'
import type { SudoActions } from './actions/sudo'
import type { Config } from './config'
import type { Instant } from './core/time'
import type { Store } from './store'
import type { Clock } from './world/clock'
import type { Log } from './world/log'
import type { Metrics } from './world/metrics'
import type { Random } from './world/random'
import type { Signer } from './world/signer'
import type { Templates } from './world/templates'

/** What pages and the API work with; put together by `compose.ts`. */
export interface App {
  /** As it holds now: some of it changes while the server runs, so it is read at use. */
  config: Config
  /** All settings as they are now, for those who run the instance. */
  settings: Omit<SettingsDesk<Config>, 'keep'>
  version: string
  clock: Clock
  random: Random
  log: Log
  metrics: Metrics
  store: Store
  templates: Templates
  signer: Signer
  actions: {
    checks: CheckActions
    checkMoves: CheckMoveActions
    handPings: HandPingActions
    projects: ProjectActions
    members: MemberActions
    invitations: InvitationActions
    transfers: TransferActions
    trail: AuditTrail
    administration: AdministrationActions
    sending: SendingActions
    upkeep: UpkeepActions
    jobs: Pick<Jobs, 'last'>
    largest: ReturnType<typeof largestChecks>
    switches: SwitchActions
    bulk: BulkActions
    bulkJobs: BulkJobActions
    channels: ChannelActions
    apiKeys: ApiKeyActions
    accessTokens: AccessTokenActions
    bodies: BodyActions
    orphans: OrphanActions
    acknowledge: AcknowledgeActions
    callbacks: CallbackActions
    mailWishes: MailWishActions
    signIn: SignInActions
    secondStep: SecondStepActions
    sudo: SudoActions
    ownPassword: OwnPasswordActions
    links: LinkActions
    closeAccount: CloseAccountActions
    plannedClosings: PlannedClosingActions
    emailChange: EmailChangeActions
    /** Null where no RP_ID is set. */
    passkeys: PasskeyActions | null
    authenticator: AuthenticatorActions
    profile: ProfileActions
    signUp: SignUpActions
    setup: SetupActions
    siteSettings: SiteSettingActions
  }
  health: Health
}

/** How the parts that work by themselves are doing. */
export interface Health {
  /** The process was asked to stop. */
  stopping(): boolean
  /**
   * When the loops that watch for missed pings and tell people last finished a round, if that is too long
   * ago to be normal; null when they are well, or run elsewhere.
   */
  alarmsStalledSince(): Instant | null
  /** The same, wherever they run. */
  alertsLateSince(): Instant | null
  /** One of them does not even come to the end of a round that fails: only a restart helps. */
  alarmsHang(): boolean
  /**
   * Those loops, as far as they run here: when each last finished a round (null: not yet), and by how much the
   * latest of today (UTC) was late.
   */
  alertLoops(): { name: string; lastTurnAt: Instant | null; longestLagMs: number }[]
  /** Where mails are taken; null: they are not, or not here. */
  mailPort(): number | null
  /** Why no body is moved to object storage just now, and until when; null: it takes them, or there is none. */
  objectsTrouble(): { kind: string; resumeAt: Instant } | null
  /** The last write failed for want of room. */
  diskFull(): boolean
}
