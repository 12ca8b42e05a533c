import type { PostgresConfig, SqliteConfig } from '../config'
import type { Instant } from '../core/time'
import { accountEventStore } from './account-events'
import type { AccountEventStore } from './account-events'
import { linkStore } from './account-links'
import type { LinkStore } from './account-links'
import { tokenStore } from './account-tokens'
import type { TokenStore } from './account-tokens'
import { accessTokenStore } from './access-tokens'
import type { AccessTokenStore } from './access-tokens'
import { administrationStore } from './administration'
import type { AdministrationStore } from './administration'
import { addressStore } from './addresses'
import type { AddressStore } from './addresses'
import { apiKeyStore } from './api-keys'
import type { ApiKeyStore } from './api-keys'
import { auditStore } from './audit'
import type { AuditStore } from './audit'
import { bodyStore } from './bodies'
import type { BodyStore } from './bodies'
import { budgetStore } from './budgets'
import type { BudgetStore } from './budgets'
import { bulkJobStore } from './bulk-jobs'
import type { BulkJobStore } from './bulk-jobs'
import { channelStore } from './channels'
import type { ChannelStore } from './channels'
import { checkMoves } from './check-moves'
import type { CheckMoves } from './check-moves'
import { checkSaves } from './check-saves'
import type { CheckSaves } from './check-saves'
import { checkSearch } from './check-search'
import type { CheckSearch } from './check-search'
import { checkStore } from './checks'
import type { CheckStore } from './checks'
import { closingStore } from './closings'
import type { ClosingStore } from './closings'
import { eventLog } from './event-log'
import type { EventLog } from './event-log'
import { factStore } from './facts'
import type { FactStore } from './facts'
import { figureStore } from './figures'
import type { FigureStore } from './figures'
import { flappingStore } from './flapping'
import type { FlappingStore } from './flapping'
import { flipStore } from './flips'
import type { FlipStore } from './flips'
import { holdingStore } from './holdings'
import type { HoldingStore } from './holdings'
import { invitationStore } from './invitations'
import type { InvitationStore } from './invitations'
import { listSettingStore } from './list-settings'
import type { ListSettingStore } from './list-settings'
import { mailStore } from './mails'
import type { MailStore } from './mails'
import { memberStore } from './members'
import type { MemberStore } from './members'
import { migrate } from './migrate'
import { notificationStore } from './notifications'
import type { NotificationStore } from './notifications'
import { outageStore } from './outages'
import type { OutageStore } from './outages'
import { passkeyStore } from './passkeys'
import type { PasskeyStore } from './passkeys'
import { pingLog } from './ping-log'
import type { PingLog } from './ping-log'
import { pingStore } from './pings'
import type { PingStore } from './pings'
import { openPostgres } from './postgres'
import { projectStore } from './projects'
import type { ProjectStore } from './projects'
import { pruningStore } from './pruning'
import type { PruningStore } from './pruning'
import { purgeStore } from './purges'
import type { PurgeStore } from './purges'
import { readStore } from './reads'
import type { ReadStore } from './reads'
import { reminderStore } from './reminders'
import type { ReminderStore } from './reminders'
import { repeatStore } from './repeats'
import type { RepeatStore } from './repeats'
import { reportStore } from './reports'
import type { ReportStore } from './reports'
import { StoreUnavailable } from './problems'
import type { Unavailable } from './problems'
import { insert, one, run } from './sql'
import type { Sql, Work } from './sql'
import { runDayStore } from './run-days'
import type { RunDayStore } from './run-days'
import { runStore } from './runs'
import type { RunStore } from './runs'
import { savedSettingStore } from './saved-settings'
import type { SavedSettingStore } from './saved-settings'
import { secondStepStore } from './second-steps'
import type { SecondStepStore } from './second-steps'
import { signInStore } from './sign-ins'
import type { SignInStore } from './sign-ins'
import { openSqlite } from './sqlite'
import { tallyStore } from './tallies'
import type { TallyStore } from './tallies'
import { teamStore } from './team'
import type { TeamStore } from './team'
import { transferStore } from './transfers'
import type { TransferStore } from './transfers'
import { switchStore } from './switches'
import type { SwitchStore } from './switches'
import { undeliveredStore } from './undelivered'
import type { UndeliveredStore } from './undelivered'
import { upkeepStore } from './upkeep'
import type { UpkeepStore } from './upkeep'
import { userStore } from './users'
import type { UserStore } from './users'

/** All that is kept, by noun. Each method is one thing that happens, and one transaction. */
export interface Store {
  checks: CheckStore
  checkSaves: CheckSaves
  checkMoves: CheckMoves
  checkSearch: CheckSearch
  addresses: AddressStore
  pings: PingStore
  bodies: BodyStore
  pingLog: PingLog
  eventLog: EventLog
  runs: RunStore
  runDays: RunDayStore
  pruning: PruningStore
  flips: FlipStore
  channels: ChannelStore
  notifications: NotificationStore
  projects: ProjectStore
  members: MemberStore
  team: TeamStore
  invitations: InvitationStore
  transfers: TransferStore
  audit: AuditStore
  administration: AdministrationStore
  holdings: HoldingStore
  users: UserStore
  listSettings: ListSettingStore
  switches: SwitchStore
  reads: ReadStore
  apiKeys: ApiKeyStore
  accessTokens: AccessTokenStore
  signIns: SignInStore
  tokens: TokenStore
  links: LinkStore
  secondSteps: SecondStepStore
  passkeys: PasskeyStore
  accountEvents: AccountEventStore
  closings: ClosingStore
  purges: PurgeStore
  mails: MailStore
  reminders: ReminderStore
  reports: ReportStore
  repeats: RepeatStore
  flapping: FlappingStore
  outages: OutageStore
  budgets: BudgetStore
  bulkJobs: BulkJobStore
  facts: FactStore
  savedSettings: SavedSettingStore
  figures: FigureStore
  tallies: TallyStore
  upkeep: UpkeepStore
  undelivered: UndeliveredStore
  /** Why a write failed; null since `probe` went through. */
  trouble(): Unavailable | null
  /** Writes a fair amount and takes it back: whether the trouble is over. */
  probe(): Promise<void>
  /** How many commits of pings may be under way at once and still keep their order. */
  commitsAtOnce: number
  /** How many rows may be worked on in one go while pings wait for its end. */
  rowsAtOnce: number
  /** What time the database says it is; null where its clock is ours. */
  databaseNowAt(): Promise<Instant | null>
  close(): Promise<void>
}

/** Told when a transaction that writes begins; what it returns is called when that has ended. */
export type OnTransaction = () => () => void

export interface StoreOptions {
  newCode: () => string
  onTransaction?: OnTransaction
}

/**
 * Opens the database and brings its schema up to date. Throws `StoreUnusable` when it is not a
 * database of ours or refuses us, which trying again would not change.
 */
export async function openStore(
  config: SqliteConfig | PostgresConfig,
  options: StoreOptions,
): Promise<Store> {
  const driver = config.kind === 'sqlite' ? openSqlite(config) : await openPostgres(config)
  await migrate(driver)
  return storeOn(driver, options)
}

/** The store on a database whose schema is up to date. */
export function storeOn(driver: Sql, { newCode, onTransaction }: StoreOptions): Store {
  const { sql, trouble, probe } = watched(driver, onTransaction)
  return {
    checks: checkStore(sql, newCode),
    checkSaves: checkSaves(sql, newCode),
    checkMoves: checkMoves(sql, newCode),
    checkSearch: checkSearch(sql),
    addresses: addressStore(sql, newCode),
    pings: pingStore(sql),
    bodies: bodyStore(sql),
    pingLog: pingLog(sql),
    eventLog: eventLog(sql),
    runs: runStore(sql),
    runDays: runDayStore(sql),
    pruning: pruningStore(sql),
    flips: flipStore(sql),
    channels: channelStore(sql, newCode),
    notifications: notificationStore(sql),
    projects: projectStore(sql),
    members: memberStore(sql),
    team: teamStore(sql),
    invitations: invitationStore(sql),
    transfers: transferStore(sql),
    audit: auditStore(sql),
    administration: administrationStore(sql),
    holdings: holdingStore(sql),
    users: userStore(sql, newCode),
    listSettings: listSettingStore(sql),
    switches: switchStore(sql),
    reads: readStore(sql),
    apiKeys: apiKeyStore(sql, newCode),
    accessTokens: accessTokenStore(sql, newCode),
    signIns: signInStore(sql),
    tokens: tokenStore(sql),
    links: linkStore(sql),
    secondSteps: secondStepStore(sql),
    passkeys: passkeyStore(sql),
    accountEvents: accountEventStore(sql),
    closings: closingStore(sql),
    purges: purgeStore(sql),
    mails: mailStore(sql),
    reminders: reminderStore(sql),
    reports: reportStore(sql),
    repeats: repeatStore(sql),
    flapping: flappingStore(sql),
    outages: outageStore(sql),
    budgets: budgetStore(sql),
    bulkJobs: bulkJobStore(sql),
    facts: factStore(sql),
    savedSettings: savedSettingStore(sql),
    figures: figureStore(sql),
    tallies: tallyStore(sql),
    upkeep: upkeepStore(sql),
    undelivered: undeliveredStore(sql),
    trouble,
    probe,
    commitsAtOnce: sql.commitsAtOnce,
    rowsAtOnce: sql.rowsAtOnce,
    databaseNowAt: () => sql.read(() => nowOf(sql)),
    close: () => sql.close(),
  }
}

function* nowOf({ now }: Sql): Work<Instant | null> {
  if (now === null) return null
  return (yield* one<{ now: Instant }>(`SELECT ${now} AS now`))?.now ?? null
}

/** Larger than what fits by chance into a disk that is full, and than any single ping body by default. */
const PROBE_CHARACTERS = 262_144

const PROBE = 'probe'

/** The same database, remembering that a write failed until a probe shows that the trouble is over. */
function watched(
  driver: Sql,
  onTransaction: OnTransaction = () => () => undefined,
): { sql: Sql; trouble: () => Unavailable | null; probe: () => Promise<void> } {
  let trouble: Unavailable | null = null
  async function transaction<T>(...[work, options]: Parameters<typeof driver.transaction<T>>): Promise<T> {
    const ended = onTransaction()
    try {
      return await driver.transaction(work, options)
    } catch (error) {
      if (error instanceof StoreUnavailable) trouble = error.why
      throw error
    } finally {
      ended()
    }
  }
  return {
    sql: { ...driver, transaction },
    trouble: () => trouble,
    async probe() {
      const value = 'x'.repeat(PROBE_CHARACTERS)
      await transaction(() =>
        insert('facts', [{ name: PROBE, value }], 'ON CONFLICT (name) DO UPDATE SET value = excluded.value'),
      )
      await transaction(() => run('DELETE FROM facts WHERE name = $1', [PROBE]))
      trouble = null
    },
  }
}
