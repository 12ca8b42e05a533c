import type { ApiDocsPage } from './api-docs'
import type { AdminPage } from './admin-models'
import type { Channel } from '../core/channel'
import type { ShownStatus } from '../core/check'
import type { Theme } from '../core/user'
import type { DowntimesPage } from './chart-models'
import type { CheckPage, PingPage } from './check-models'
import type { LogPage } from './log-models'
import type { UsagePage } from './usage-page'
import type { BadgesPage, PrometheusPage } from './badge-models'
import type { KeyOncePage, KeysPage, TokensPage } from './key-models'
import type { AccountPart } from './account-nav'
import type { AsOf } from './as-of'
import type {
  AccountNav,
  AccountPage,
  AppearancePage,
  CloseAccountPage,
  GatePage,
  SetupStepPage,
  RecoveryCodesPage,
  SecurityPage,
  SessionsPage,
  TotpPage,
} from './account-models'
import type { ProjectSettingsPage, TeamPage, TransferPage } from './team-models'
import type { HomePage } from './home-models'
import type { BulkJobPage, CheckChannelsPage, ChecksPage } from './list-models'
import type { CheckFormPage } from './schedule-models'
import type { Mark } from './view-parts'
import type {
  ChannelChecksPage,
  ChannelKindsPage,
  ChannelsPage,
  ConfirmPage,
  CronHelpPage,
  DocsPage,
  DocsSearchPage,
  DocsSettingsPage,
  ErrorPage,
  FormPage,
  MessagePage,
  NotificationsPage,
  SetupPage,
  TvPage,
  ShortcutsPage,
  SignedOutPage,
  UnsubscribePage,
} from './view-models'

/** Which model each view takes: `render` accepts no other. One `views/<name>.ejs` each. */
export interface Views {
  home: HomePage
  checks: ChecksPage
  'bulk-job': BulkJobPage
  'check-channels': CheckChannelsPage
  check: CheckPage
  ping: PingPage
  form: FormPage
  'check-form': CheckFormPage
  confirm: ConfirmPage
  channels: ChannelsPage
  'channel-checks': ChannelChecksPage
  downtimes: DowntimesPage
  log: LogPage
  usage: UsagePage
  'channel-kinds': ChannelKindsPage
  keys: KeysPage
  badges: BadgesPage
  prometheus: PrometheusPage
  'key-once': KeyOncePage
  'project-settings': ProjectSettingsPage
  team: TeamPage
  admin: AdminPage
  transfer: TransferPage
  tokens: TokensPage
  message: MessagePage
  notifications: NotificationsPage
  unsubscribe: UnsubscribePage
  setup: SetupPage
  'setup-step': SetupStepPage
  gate: GatePage
  account: AccountPage
  appearance: AppearancePage
  'close-account': CloseAccountPage
  security: SecurityPage
  sessions: SessionsPage
  totp: TotpPage
  'recovery-codes': RecoveryCodesPage
  'signed-out': SignedOutPage
  docs: DocsPage
  tv: TvPage
  'docs-search': DocsSearchPage
  'cron-help': CronHelpPage
  shortcuts: ShortcutsPage
  'docs-settings': DocsSettingsPage
  'docs-api': ApiDocsPage
  error: ErrorPage
}

/** What every view sees beside its model; `render` adds it. */
export interface PageBase {
  /** Put into every form by `include('parts/csrf')`. */
  csrf: string
  /** For forms that create something, by `include('parts/once')`: what is sent twice is carried out once. */
  once: string
  /** The path of SITE_ROOT: '' or '/prefix'. Addresses in models are already complete. */
  root: string
  /** Address of the sprite `public/img/icons.svg`. */
  icons: string
}

/** What a page tells the frame around it. */
export interface Frame {
  /** What the page is, without the site's name. */
  title: string
  status?: number
  /** The project it belongs to; then the header shows its sections. */
  project?: { code: string; name: string }
  section?: 'checks' | 'integrations' | 'badges' | 'settings' | 'docs'
  /** Checks by shown status, for the header's summary, the document title and the favicon. */
  counts?: Counts
  /** How the one check is that the page is about, for the favicon. */
  shown?: ShownStatus
  /** The document title begins so, instead of with the number of checks that are down. */
  alarm?: string
  /** Its integrations, if the page has read them: the header marks those that tell nobody. */
  channels?: readonly Channel[]
  /** Scripts of `public/js/pages` that this page needs, without the ending. */
  scripts?: string[]
  /** Which of the pages about one's account it is; then it has links to the others. */
  account?: AccountPart
  /** It can be loaded anew every minute, where no script keeps it as things are. */
  canRefresh?: boolean
  /** Only the logo above, nothing that needs a sign-in: set-up, sign-in, links from mails. */
  bare?: boolean
}

export interface Counts extends Record<ShownStatus, number> {
  running: number
}

/** The frame around every page: `views/layout.ejs`. */
export interface LayoutPage extends PageBase {
  siteName: string
  siteLogoUrl: string | null
  /** Ready: with the site's name, and how many are down. */
  documentTitle: string
  theme: Theme
  /** How the person likes pages, as attributes that styles and scripts look at. */
  looks: { name: string; value: string }[]
  bare: boolean
  account: { email: string; links: { text: string; url: string }[]; signsOut: boolean } | null
  project: { code: string; name: string; url: string } | null
  /** The person's projects, for the switcher; empty when there is nothing to switch to. */
  projects: MenuProject[]
  /** '' when this person cannot. */
  addProjectUrl: string
  sections: { label: string; url: string; current: boolean; hasProblem: boolean }[]
  summary: HeaderSum[]
  flash: Note | null
  banners: Banner[]
  /** Whoever runs the instance looks at what is not theirs; else null. */
  viewing: { text: string; leaveUrl: string } | null
  /** Until when dangerous things may be done, where that was asked for; or ''. */
  confirmedUntil: string
  /** Links between the pages about one's account; empty on others. */
  accountNav: AccountNav[]
  /** For those without scripts, on pages that change: null on others. */
  asOf: AsOf | null
  /** Addresses of the style sheet, the scripts and the favicon. */
  styles: string[]
  scripts: string[]
  favicon: string
  /** For browsers that show no SVG. */
  faviconFallback: string
  docsUrl: string
  shortcutsUrl: string
  version: string
  /** The filled view. */
  body: string
}

/** A project in the switcher. How it is, is asked for when the switcher is opened: until then `mark` is null. */
export interface MenuProject {
  name: string
  url: string
  current: boolean
  mark: Mark | null
  down: number
}

/** A one-time message; `role` is 'alert' for warnings and errors, 'status' for the rest. */
export interface Note {
  tone: 'info' | 'success' | 'warning' | 'error'
  role: 'alert' | 'status'
  text: string
  link?: { text: string; url: string }
}

/** `isLoud`: shown where there is little room, too. */
export interface HeaderSum {
  status: ShownStatus | 'running'
  text: string
  url: string
  isLoud: boolean
}

export interface Banner {
  tone: 'warning' | 'error'
  text: string
  /** Where it is made to go away for a while, below the prefix; absent when it stays until its cause is gone. */
  dismissPath?: string
}
