import { dirname } from 'node:path'
import { accessTokenActions } from '../actions/access-tokens'
import { administrationActions } from '../actions/administration'
import { acknowledgeActions } from '../actions/acknowledge'
import { apiKeyActions } from '../actions/api-keys'
import { auditTrail } from '../actions/audit'
import { bodyActions } from '../actions/bodies'
import { callbackActions } from '../actions/callbacks'
import { channelActions } from '../actions/channels'
import { checkMoveActions } from '../actions/check-moves'
import { checkActions } from '../actions/checks'
import { handPingActions } from '../actions/hand-pings'
import type { HandPingDeps } from '../actions/hand-pings'
import type { Jobs } from '../actions/jobs'
import { largestChecks } from '../actions/largest'
import { upkeepActions } from '../actions/upkeep'
import type { UpkeepDeps } from '../actions/upkeep'
import { invitationActions } from '../actions/invitations'
import { mailWishActions } from '../actions/mail-wishes'
import { memberActions } from '../actions/members'
import { orphanActions } from '../actions/orphans'
import { plannedClosingActions } from '../actions/planned-closings'
import { projectActions } from '../actions/projects'
import { bulkActions } from '../actions/bulk'
import { bulkJobActions } from '../actions/bulk-jobs'
import { sendingActions } from '../actions/sending'
import { switchActions } from '../actions/switches'
import { setupActions } from '../actions/setup'
import { siteSettingActions } from '../actions/site-settings'
import { transferActions } from '../actions/transfers'
import type { App } from '../app'
import type { Config } from '../config'
import type { Delivery } from '../core/delivery'
import { email, emailAddressOf } from '../integrations/kinds/email'
import { integrationOf } from '../integrations/registry'
import type { Teller } from '../integrations/teller'
import { keptBytes } from '../pings/body'
import type { Store } from '../store'
import type { BodyStorage } from '../tasks/body-storage'
import { talkWithRelay } from '../world/mail-dialogue'
import { stopwatch } from '../world/clock'
import type { Clock } from '../world/clock'
import { diskSpace } from '../world/disk'
import type { Log } from '../world/log'
import type { Passwords } from '../world/passwords'
import type { Random } from '../world/random'
import type { Signer } from '../world/signer'
import { composeAccountActions } from './account-actions'
import type { LiveSettings } from './live-settings'

/** What actions are made of. */
export interface ActionParts {
  config: Config
  settings: LiveSettings
  store: Store
  storage: BodyStorage | null
  teller: Teller
  signing: Signer
  passwords: Passwords
  secretKey: string
  submit: HandPingDeps['submit']
  random: Random
  clock: Clock
  log: Log
  /** Notifications have become due. */
  toldSoon: () => void
  /** Whether a mail went out that was not sent by the mailer of all others. */
  onMailed: (delivery: Delivery) => void
  jobs: Jobs
  care: UpkeepDeps['care']
  /** What the daily round removes, now. */
  pruneNow: () => Promise<void>
}

/** All that people and scripts can do, each with the parts it needs. */
export function composeActions(parts: ActionParts): App['actions'] {
  const { config, store, storage, teller, signing, passwords, secretKey, random, clock, log } = parts
  const trail = auditTrail(store.audit, clock)
  const accounts = composeAccountActions(parts)
  const projects = projectActions({
    ...store,
    onCheckRemoved: (code) => storage?.removing.all(code),
    random,
    clock,
  })
  const checks = checkActions({ ...store, onRemoved: (code) => storage?.removing.all(code), clock })
  const checkMoves = checkMoveActions({
    ...store,
    onCleared: (code, upTo) => storage?.removing.upTo(code, upTo),
    clock,
  })
  const bulk = bulkActions({ ...store, others: { ...checks, ...checkMoves }, clock })
  const orphans = orphanActions({ ...store, objects: storage?.objects ?? null, clock })
  return {
    trail,
    administration: administrationActions({
      ...store,
      projects,
      email,
      passwords,
      trail,
      random,
      clock,
      settings: config,
    }),
    jobs: parts.jobs,
    largest: largestChecks({ ...store, clock }),
    upkeep: upkeepActions({
      ...store,
      jobs: parts.jobs,
      orphans,
      objects: storage?.objects ?? null,
      care: parts.care,
      pruneNow: parts.pruneNow,
      diskSpace: () =>
        diskSpace(config.database.kind === 'sqlite' ? dirname(config.database.file) : config.dataDir),
      trail,
      random,
      clock,
      elapsed: stopwatch,
    }),
    sending: sendingActions({ ...store, trail, onDue: parts.toldSoon, clock }),
    checks,
    bulk,
    bulkJobs: bulkJobActions({ ...store, bulk, random, clock, log: log.named('bulk') }),
    switches: switchActions(store),
    projects,
    members: memberActions({ ...store, clock }),
    checkMoves,
    handPings: handPingActions({
      ...store,
      submit: parts.submit,
      get bodyLimitBytes() {
        return keptBytes(config.pingBodyLimitBytes)
      },
      clock,
    }),
    invitations: invitationActions({
      ...store,
      ...accounts,
      trail,
      passwords,
      random,
      clock,
      settings: config,
    }),
    transfers: transferActions({ ...store, trail, clock, settings: config }),
    channels: channelActions({
      ...store,
      kindOf: (kind) => {
        const found = integrationOf(kind)
        return found?.enabled(config) === true ? found : null
      },
      emailAddressOf,
      tell: (channel, notice) => teller.tell(channel, notice),
      settings: config,
      signer: signing,
      random,
      clock,
    }),
    apiKeys: apiKeyActions({ ...store, secretKey, random, clock, log: log.named('api keys') }),
    accessTokens: accessTokenActions({
      ...store,
      secretKey,
      random,
      clock,
      log: log.named('access tokens'),
    }),
    acknowledge: acknowledgeActions({ ...store, signer: signing, clock }),
    callbacks: callbackActions({ ...store, signer: signing, clock, log: log.named('callbacks') }),
    mailWishes: mailWishActions({ ...store, signer: signing, random, clock }),
    bodies: bodyActions({ ...store, objects: storage?.objects ?? null, clock, log: log.named('bodies') }),
    orphans,
    ...accounts,
    plannedClosings: plannedClosingActions({
      ...store,
      ...accounts,
      trail,
      clock,
      log: log.named('closings'),
      settings: config,
    }),
    siteSettings: siteSettingActions({
      desk: parts.settings,
      secretKey,
      random,
      talk: (settings, to) => talkWithRelay(settings, testMail(to, settings.siteName, random.uuid())),
      onMailed: parts.onMailed,
      trail,
    }),
    setup: setupActions({ ...store, email, passwords, random, clock, settings: config }),
  }
}

/** What an administrator sends to see whether mails go out. */
function testMail(to: string, siteName: string, id: string) {
  return {
    to,
    subject: `Test mail from ${siteName}`,
    text: 'This is a test. When you can read this, mails go out.\n',
    html: '<p>This is a test. When you can read this, mails go out.</p>',
    id: `test-${id}`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
