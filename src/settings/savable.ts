import type { SettingName } from './table'

/**
 * What may be saved from the pages, and holds at once: web-ui.md A01, X08. Not among them is what would lock people
 * out by a slip (host names, the header of a single sign-on), what other programs depend on (addresses, ports,
 * domains), and what is needed before the database can be read.
 */
export const SAVABLE = [
  'SITE_NAME',
  'SITE_ROOT',
  'MASTER_BADGE_LABEL',
  'SUPPORT_EMAIL',
  'REGISTRATION_OPEN',
  'DEFAULT_CHECK_LIMIT',
  'DEFAULT_PING_LOG_LIMIT',
  'ADMINS',
  'PING_BODY_LIMIT',
  'TRUSTED_PROXIES',
  'PROMETHEUS_ENABLED',
  'EMAIL_HOST',
  'EMAIL_PORT',
  'EMAIL_USE_TLS',
  'EMAIL_USE_SSL',
  'EMAIL_HOST_USER',
  'EMAIL_HOST_PASSWORD',
  'EMAIL_TIMEOUT',
  'DEFAULT_FROM_EMAIL',
  'EMAIL_USE_VERIFICATION',
  'INTEGRATIONS_ALLOW_PRIVATE_IPS',
  'WEBHOOKS_ENABLED',
] as const satisfies readonly SettingName[]

export type SavableName = (typeof SAVABLE)[number]

export function isSavable(name: string): name is SavableName {
  return (SAVABLE as readonly string[]).includes(name)
}

/** How `rollcall config` calls the place of what was saved from the pages. */
export const SAVED = 'saved on the pages'
