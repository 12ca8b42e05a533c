import { resolve } from 'node:path'
import { PRIVATE_RANGES } from './settings/addresses'
import { objectsOf, type ObjectsConfig } from './settings/objects'
import { remarksOn, SAMPLE_SECRET_KEY, type Known } from './settings/rules'
import { isSavable, SAVABLE, SAVED, type SavableName } from './settings/savable'
import {
  DEFAULT,
  envFilePlace,
  lookUp,
  readRegularFile,
  type Found,
  type Place,
  type ReadFile,
} from './settings/sources'
import { withoutPassword, type Setting } from './settings/syntax'
import { settings, type SettingName, type Values } from './settings/table'

/** What the operator decided, in our units; no trace of the environment's names. */
export interface Config {
  /** Public address without a final slash; all absolute links begin with it. */
  siteRoot: string
  /**
   * Whether `siteRoot` was given at the start. Else it only names the site in links, default or saved on a page:
   * people may come in by any name, so that a wrong address can be mended where it was entered.
   */
  siteRootGiven: boolean
  siteName: string
  /** On the badge of a whole project. */
  badgeLabel: string
  siteLogoUrl: string | null
  supportEmail: string | null
  /** Prefix of the ping addresses that are shown, as the operator wrote it: usually ends with a slash. */
  pingEndpoint: string
  /** Null: no limit of ours. */
  pingBodyLimitBytes: number | null
  /** Of each check; null: no limit. */
  pingsPerMinute: number | null
  /** Countries (ISO 3166-1, two capital letters) whose pings are refused, and the absolute path of who knows them. */
  geoip: { file: string; blocked: string[] } | null
  /** Lower-case host names; '.example.org' includes subdomains; '*' is any. */
  allowedHosts: string[]
  /** Null: generated once and kept in the data directory. */
  secretKey: string | null
  registrationOpen: boolean
  /** Lower case; the header that says who has signed in at a proxy. Null: people sign in here. */
  remoteUserHeader: string | null
  /** The domain that passkeys are made for; null: there are none. */
  rpId: string | null
  debug: boolean
  admins: string[]
  /** Ranges in CIDR notation whose forwarding headers are believed; 'any' believes everybody. */
  trustedProxies: string[] | 'any'
  /** A request counts as https if this header (lower case) has this value. */
  secureProxyHeader: { name: string; value: string } | null
  listen: { host: string; port: number } | { path: string }
  compress: boolean
  /** Requests to the management API that each project has a minute; null: no limit. */
  apiRequestsPerMinute: number | null
  /** Opens the metrics of this server; null: they are closed. */
  metricsKey: string | null
  /** Whether Prometheus may read how the checks of a project are. */
  prometheusEnabled: boolean
  hstsSeconds: number
  superuser: { email: string; password: string } | null
  defaultCheckLimit: number
  defaultPingLogLimit: number
  /** Absolute. */
  dataDir: string
  database: SqliteConfig | PostgresConfig
  /** Null: all ping bodies stay in the database. */
  objects: ObjectsConfig | null
  mail: MailConfig | null
  /** The From of every mail, and where the domain of Message-IDs comes from. */
  mailFrom: string
  /** Envelope sender with one %s for the bounce id, or null. */
  mailFromTemplate: string | null
  verifyEmailChannels: boolean
  /** Where pings are taken by e-mail; null: nowhere. */
  smtpd: { host: string; port: number; maxBytes: number } | null
  /** Lower case: what follows the @ in the addresses of checks. */
  pingEmailDomain: string
  allowPrivateAddresses: boolean
  /** Ranges open to integrations whatever the policy says. */
  allowedCidrs: string[]
  webhooksEnabled: boolean
  deferredRetries: boolean
  proxy: { http: string | null; https: string | null; none: string | null }
  roles: Role[]
  alertWorkers: number
  alertStartupDelayMs: number
  /** Pinged as long as alerts work; null: nobody. */
  watchdogPingUrl: string | null
  log: { level: LogLevel; format: 'text' | 'json'; requests: boolean }
  shutdownMs: number
}

export type { ObjectsConfig, SavableName }
export { DEFAULT, isSavable, SAVABLE, SAVED }

export type Role = 'web' | 'smtpd' | 'alerts' | 'reports' | 'maintenance'

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

export interface SqliteConfig {
  kind: 'sqlite'
  /** Absolute. */
  file: string
  synchronous: 'FULL' | 'NORMAL'
}

export interface PostgresConfig {
  kind: 'postgres'
  /** Tried in order. Empty host: the local socket. */
  hosts: { host: string; port: number }[]
  name: string
  user: string
  password: string
  schema: string
  sslMode: 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  sslRootCert: string | null
  poolSize: number
  connectTimeoutMs: number
}

export interface MailConfig {
  host: string
  port: number
  tls: 'starttls' | 'implicit' | 'none'
  user: string
  password: string
  timeoutMs: number
}

export type ConfigResult =
  { ok: true; config: Config; values: SettingValue[]; warnings: string[] } | { ok: false; problems: string[] }

/** One setting as it holds now. */
export interface SettingValue {
  name: string
  /** As it was written, or the default; three stars for a secret that is set. */
  value: string
  /** DEFAULT, 'environment', 'command line', SAVED, or the path of a file. */
  source: string
}

/**
 * What follows from the settings that may be saved from the pages. It changes while the server runs, always in the
 * same object: whoever needs it reads it when it is needed, and keeps no copy.
 */
export const CHANGING = [
  'siteRoot',
  'siteName',
  'badgeLabel',
  'supportEmail',
  'pingEndpoint',
  'pingBodyLimitBytes',
  'registrationOpen',
  'admins',
  'trustedProxies',
  'prometheusEnabled',
  'defaultCheckLimit',
  'defaultPingLogLimit',
  'mail',
  'mailFrom',
  'verifyEmailChannels',
  'allowPrivateAddresses',
  'webhooksEnabled',
] as const satisfies readonly (keyof Config)[]

export interface ReadOptions {
  /** Where relative paths begin. */
  cwd: string
  /** Settings given as options on the command line; they win over all others. */
  overrides?: Record<string, string | undefined>
  /** The path in `--env-file`; null: `rollcall.env` in the data directory, if there is one. */
  envFile?: string | null
  /** What was saved from the pages: everything else but the defaults wins over it. */
  saved?: Readonly<Record<string, string>>
  readFile?: ReadFile
}

const SECOND = 1000
const names = Object.keys(settings) as SettingName[]

/** The settings for people: what each is called, takes and is for. */
export function settingsTable(): (Omit<Setting<unknown>, 'read'> & { name: string })[] {
  return names.map((name) => {
    const { type, default: byDefault, sentence, secret } = settings[name]
    return { name, type, default: byDefault, sentence, secret }
  })
}

/** Reads the settings once, at the start, or tells everything that is wrong with them. */
export function readConfig(env: Record<string, string | undefined>, options: ReadOptions): ConfigResult {
  const { cwd, readFile = readRegularFile } = options
  const { places, problems, dataDir } = whereToLook(env, options)
  const known: Record<string, unknown> = {}
  const values: SettingValue[] = []

  for (const name of names) {
    const setting: Setting<unknown> = settings[name]
    const looked = lookUp({ name, secret: setting.secret, cwd }, places, readFile)
    // Empty is as good as not set: `NAME=` stands in many samples.
    const saved = options.saved?.[name]
    if (looked.ok && saved !== undefined && saysNothing(setting, looked.found))
      looked.found = { text: saved, source: SAVED }
    const reading = looked.ok ? setting.read(looked.found.text, name) : looked
    if (!reading.ok) problems.push(reading.problem)
    else known[name] = reading.value
    if (looked.ok) values.push(shownValue(name, setting, looked.found))
  }

  const sourceOf = (name: SettingName) => values.find((one) => one.name === name)?.source
  const isSet = (name: SettingName) => sourceOf(name) !== DEFAULT
  const isSaved = (name: SettingName) => sourceOf(name) === SAVED
  const remarks = remarksOn(known satisfies Known, isSet, isSaved)
  problems.push(...remarks.problems)
  if (problems.length > 0) return { ok: false, problems }
  const config = toConfig(known as Values, { cwd, dataDir, isSet, isSaved })
  return { ok: true, config, values, warnings: remarks.warnings }
}

/** The places that settings can be written in, best first ([O4] of spec/operations.md). */
function whereToLook(
  env: Record<string, string | undefined>,
  { cwd, overrides = {}, envFile = null, readFile = readRegularFile }: ReadOptions,
): { places: Place[]; problems: string[]; dataDir: string } {
  const given: Place[] = [
    { title: 'command line', values: overrides },
    { title: 'environment', values: env },
  ]
  const dataDirIn = (places: Place[]) =>
    resolve(cwd, places.map(({ values }) => values['DATA_DIR']).find(Boolean) ?? 'data')
  const file = envFilePlace({ named: envFile, dataDir: dataDirIn(given), cwd }, readFile)
  const places = file.place === null ? given : [...given, file.place]
  // A settings file that was found in the data directory cannot move that directory away from itself.
  const dataDir = dataDirIn(envFile === null ? given : places)
  return { places, problems: file.problems, dataDir }
}

/** Only for a yes or no does an empty value say something. */
function saysNothing({ type }: Setting<unknown>, { text }: Pick<Found, 'text'>): boolean {
  return text === null || (text === '' && type !== 'boolean')
}

function shownValue(name: string, setting: Setting<unknown>, { text, source }: Found): SettingValue {
  if (text === null || saysNothing(setting, { text }))
    return { name, value: setting.default, source: DEFAULT }
  if (setting.secret) return { name, value: '***', source }
  return { name, value: withoutPassword(text), source }
}

function toConfig(
  values: Values,
  {
    cwd,
    dataDir,
    isSet,
    isSaved,
  }: Record<'isSet' | 'isSaved', (name: SettingName) => boolean> & { cwd: string; dataDir: string },
): Config {
  const listen = listenOn(values, cwd)
  const siteRoot = isSet('SITE_ROOT') ? values.SITE_ROOT : localAddress(listen, values.SITE_ROOT)
  const siteRootGiven = isSet('SITE_ROOT') && !isSaved('SITE_ROOT')
  const siteHosts = siteRootGiven ? [new URL(siteRoot).hostname] : ['*']
  const secretKey = values.SECRET_KEY.trim()
  return {
    siteRoot,
    siteRootGiven,
    siteName: values.SITE_NAME,
    badgeLabel: values.MASTER_BADGE_LABEL || values.SITE_NAME,
    siteLogoUrl: values.SITE_LOGO_URL,
    supportEmail: values.SUPPORT_EMAIL || null,
    pingEndpoint: values.PING_ENDPOINT || `${siteRoot}/ping/`,
    pingBodyLimitBytes: values.PING_BODY_LIMIT,
    pingsPerMinute: values.PING_RATE_LIMIT || null,
    geoip: values.GEOIP_DB ? { file: resolve(cwd, values.GEOIP_DB), blocked: values.GEOIP_BLOCK } : null,
    allowedHosts: values.ALLOWED_HOSTS.length > 0 ? values.ALLOWED_HOSTS : siteHosts,
    secretKey: secretKey === '' || secretKey === SAMPLE_SECRET_KEY ? null : secretKey,
    registrationOpen: values.REGISTRATION_OPEN,
    remoteUserHeader: values.REMOTE_USER_HEADER,
    rpId: values.RP_ID,
    debug: values.DEBUG,
    admins: values.ADMINS,
    trustedProxies: trustedProxies(values, isSet),
    secureProxyHeader: values.SECURE_PROXY_SSL_HEADER,
    listen,
    compress: values.USE_GZIP_MIDDLEWARE,
    apiRequestsPerMinute: values.API_RATE_LIMIT || null,
    metricsKey: values.METRICS_KEY || null,
    prometheusEnabled: values.PROMETHEUS_ENABLED,
    hstsSeconds: values.SECURE_HSTS_SECONDS,
    superuser: values.SUPERUSER_EMAIL
      ? { email: values.SUPERUSER_EMAIL.toLowerCase(), password: values.SUPERUSER_PASSWORD }
      : null,
    defaultCheckLimit: values.DEFAULT_CHECK_LIMIT,
    defaultPingLogLimit: values.DEFAULT_PING_LOG_LIMIT,
    dataDir,
    database: database(values, { cwd, dataDir }),
    objects: objectsOf(values),
    mail: mail(values),
    mailFrom: values.DEFAULT_FROM_EMAIL,
    mailFromTemplate: values.EMAIL_MAIL_FROM_TMPL || null,
    verifyEmailChannels: values.EMAIL_USE_VERIFICATION,
    smtpd:
      values.SMTPD_PORT === null
        ? null
        : { host: values.SMTPD_HOST || '::', port: values.SMTPD_PORT, maxBytes: values.SMTPD_MAX_SIZE },
    pingEmailDomain: values.PING_EMAIL_DOMAIN,
    // A site for its owners may call their own servers; one that is open to strangers may not.
    allowPrivateAddresses: values.INTEGRATIONS_ALLOW_PRIVATE_IPS ?? !values.REGISTRATION_OPEN,
    allowedCidrs: values.INTEGRATIONS_ALLOW_CIDRS,
    webhooksEnabled: values.WEBHOOKS_ENABLED,
    deferredRetries: values.NOTIFY_DEFERRED_RETRIES,
    proxy: { http: values.http_proxy, https: values.https_proxy, none: values.no_proxy || null },
    roles: [...new Set(values.ROLES)],
    alertWorkers: values.ALERT_WORKERS,
    alertStartupDelayMs: values.ALERT_STARTUP_DELAY * SECOND,
    watchdogPingUrl: values.WATCHDOG_PING_URL,
    log: {
      level: values.DEBUG && !isSet('LOG_LEVEL') ? 'debug' : values.LOG_LEVEL,
      format: values.LOG_FORMAT,
      requests: values.LOG_REQUESTS && !values.UWSGI_DISABLE_LOGGING,
    },
    shutdownMs: values.SHUTDOWN_TIMEOUT * SECOND,
  }
}

/** Without an address of its own a site is found where it listens. */
function localAddress(listen: Config['listen'], otherwise: string): string {
  return 'port' in listen && listen.port > 0 ? `http://localhost:${listen.port}` : otherwise
}

function trustedProxies(
  { TRUSTED_PROXIES }: Values,
  isSet: (name: SettingName) => boolean,
): string[] | 'any' {
  // A site with a public address usually has a proxy in front; one without is tried out at home.
  if (!isSet('TRUSTED_PROXIES')) return isSet('SITE_ROOT') ? PRIVATE_RANGES : []
  return TRUSTED_PROXIES.includes('any') ? 'any' : TRUSTED_PROXIES.flat()
}

function listenOn({ LISTEN, PORT }: Values, cwd: string): Config['listen'] {
  if ('path' in LISTEN) return { path: resolve(cwd, LISTEN.path) }
  return { host: LISTEN.host ?? '::', port: LISTEN.port ?? PORT ?? 8000 }
}

function database(
  values: Values,
  { cwd, dataDir }: { cwd: string; dataDir: string },
): SqliteConfig | PostgresConfig {
  if (values.DB === 'sqlite') {
    const file = resolve(dataDir, values.DB_NAME || 'rollcall.sqlite')
    return { kind: 'sqlite', file, synchronous: values.DB_SYNCHRONOUS }
  }
  const ports = values.DB_PORT
  const hosts = values.DB_HOST.length > 0 ? values.DB_HOST : ['']
  return {
    kind: 'postgres',
    hosts: hosts.map((host, index) => ({ host, port: ports[index] ?? ports[0] ?? 5432 })),
    name: values.DB_NAME || 'hc',
    user: values.DB_USER,
    password: values.DB_PASSWORD,
    schema: values.DB_SCHEMA,
    sslMode: values.DB_SSLMODE,
    sslRootCert: values.DB_SSLROOTCERT ? resolve(cwd, values.DB_SSLROOTCERT) : null,
    poolSize: values.DB_POOL_SIZE,
    connectTimeoutMs: values.DB_CONNECT_TIMEOUT * SECOND,
  }
}

function mail(values: Values): MailConfig | null {
  if (values.EMAIL_HOST === '') return null
  return {
    host: values.EMAIL_HOST,
    port: values.EMAIL_PORT,
    tls: values.EMAIL_USE_SSL ? 'implicit' : values.EMAIL_USE_TLS ? 'starttls' : 'none',
    user: values.EMAIL_HOST_USER,
    password: values.EMAIL_HOST_PASSWORD,
    timeoutMs: values.EMAIL_TIMEOUT * SECOND,
  }
}
