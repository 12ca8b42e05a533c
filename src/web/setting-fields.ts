import type { App } from '../app'
import type { SettingChanges } from '../actions/site-settings'
import { settingsTable } from '../config'
import type { SavableName } from '../config'
import type { Problem } from '../core/problem'
import { field } from './fields'
import type { Form } from './fields'
import type { Field } from './view-parts'

/** Forms in which settings are changed: A01 step 2 and X08 of web-ui.md. */

type Settings = App['settings']

/** What is asked for settings, some of which go together. */
export interface SettingForm {
  settings: Settings
  /** What was entered; of a fresh form nothing. */
  form: Form | null
  problem: Problem | null
}

/** Settings that are changed on one page. */
export const SETTING_PARTS = {
  site: {
    heading: 'Name and address',
    names: ['SITE_NAME', 'SITE_ROOT', 'MASTER_BADGE_LABEL', 'SUPPORT_EMAIL'],
  },
  people: {
    heading: 'People and limits',
    names: ['REGISTRATION_OPEN', 'DEFAULT_CHECK_LIMIT', 'DEFAULT_PING_LOG_LIMIT', 'ADMINS'],
  },
  mail: {
    heading: 'Outgoing mail',
    names: [
      'EMAIL_HOST',
      'EMAIL_PORT',
      'EMAIL_USE_TLS',
      'EMAIL_USE_SSL',
      'EMAIL_HOST_USER',
      'EMAIL_HOST_PASSWORD',
      'DEFAULT_FROM_EMAIL',
      'EMAIL_TIMEOUT',
      'EMAIL_USE_VERIFICATION',
    ],
  },
  server: {
    heading: 'Pings and connections',
    names: [
      'PING_BODY_LIMIT',
      'TRUSTED_PROXIES',
      'PROMETHEUS_ENABLED',
      'WEBHOOKS_ENABLED',
      'INTEGRATIONS_ALLOW_PRIVATE_IPS',
    ],
  },
} as const satisfies Record<string, { heading: string; names: readonly SavableName[] }>

export type SettingPart = keyof typeof SETTING_PARTS

export const SETTING_PART_NAMES = Object.keys(SETTING_PARTS) as SettingPart[]

const LABELS: Record<SavableName, string> = {
  SITE_NAME: 'Name of the site',
  SITE_ROOT: 'Public address',
  MASTER_BADGE_LABEL: 'Label of project badges',
  SUPPORT_EMAIL: 'Support address',
  REGISTRATION_OPEN: 'Registration',
  DEFAULT_CHECK_LIMIT: 'Checks of a new account',
  DEFAULT_PING_LOG_LIMIT: 'Pings kept per check of a new account',
  ADMINS: 'Who is told when something breaks',
  PING_BODY_LIMIT: 'Kept bytes of a ping body',
  TRUSTED_PROXIES: 'Trusted proxies',
  PROMETHEUS_ENABLED: 'Prometheus metrics of projects',
  EMAIL_HOST: 'Mail server',
  EMAIL_PORT: 'Port',
  EMAIL_USE_TLS: 'STARTTLS',
  EMAIL_USE_SSL: 'TLS from the first byte',
  EMAIL_HOST_USER: 'User at the mail server',
  EMAIL_HOST_PASSWORD: 'Password at the mail server',
  EMAIL_TIMEOUT: 'Seconds to wait for the mail server',
  DEFAULT_FROM_EMAIL: 'Mails come from',
  EMAIL_USE_VERIFICATION: 'Confirm new e-mail integrations',
  INTEGRATIONS_ALLOW_PRIVATE_IPS: 'Integrations may call private networks',
  WEBHOOKS_ENABLED: 'Webhooks',
}

const WORDS: Partial<Record<SavableName, { yes: string; no: string }>> = {
  REGISTRATION_OPEN: { yes: 'Open to visitors', no: 'Closed' },
  EMAIL_USE_VERIFICATION: { yes: 'Yes, by a link', no: 'No' },
}

/** Where a page has more, or less, to say than the list of settings. */
const HELP: Partial<Record<SavableName, string>> = {
  SITE_ROOT: 'Where people and jobs find this site. Links in mails and ping addresses begin with it.',
  REGISTRATION_OPEN:
    'Lets visitors make accounts for themselves. While it is open, integrations do not call private networks, unless that is allowed.',
}

const MAX_LENGTH = 2000

/** The two settings of TLS, in one question. */
const TLS_MODES = [
  { value: 'starttls', label: 'STARTTLS', tls: 'True', ssl: 'False' },
  { value: 'implicit', label: 'TLS from the first byte', tls: 'False', ssl: 'True' },
  { value: 'none', label: 'None: mails go in the clear', tls: 'False', ssl: 'False' },
] as const

const TLS: readonly SavableName[] = ['EMAIL_USE_TLS', 'EMAIL_USE_SSL']

/** Where what was typed into a field for a secret is kept while the form is shown again. */
const carried = (name: SavableName): string => `${name}_sealed`

const removed = (name: SavableName): string => `${name}_remove`

/** The fields for these settings, those of TLS as one. Those that are set elsewhere can only be read. */
export function settingFields(names: readonly SavableName[], asked: SettingForm): Field[] {
  const both = TLS.every((name) => names.includes(name))
  return names.flatMap((name) => {
    if (both && name === 'EMAIL_USE_TLS') return [tlsField(asked)]
    return both && name === 'EMAIL_USE_SSL' ? [] : oneField(name, asked)
  })
}

/** What the posted form asks to change. `unwrap` gives what `wrap` of `sealedFields` took. */
export function settingChanges(
  names: readonly SavableName[],
  form: Form,
  settings: Settings,
  unwrap: (name: string, wrapped: string) => string | null,
): SettingChanges {
  const changes: Record<string, string | null> = {}
  for (const name of names) {
    if (settings.isFixed(name)) continue
    if (settings.isSecret(name)) {
      const secret = form[name] || unwrap(name, form[carried(name)] ?? '')
      if (form[removed(name)] === 'true') changes[name] = null
      else if (secret) changes[name] = secret
      continue
    }
    const given = form[name]?.trim()
    if (given !== undefined) changes[name] = given === '' ? null : given
  }
  const mode = TLS_MODES.find(({ value }) => value === form['tls'])
  if (mode && mode.value !== tlsMode(settings) && TLS.every((name) => !settings.isFixed(name))) {
    changes['EMAIL_USE_TLS'] = mode.tls
    changes['EMAIL_USE_SSL'] = mode.ssl
  }
  return changes
}

/** Carries secrets that were typed through a form that is shown again, where nobody can read them. */
export function sealedFields(
  changes: SettingChanges,
  settings: Settings,
  wrap: (name: string, text: string) => string,
): { name: string; value: string }[] {
  return Object.entries(changes).flatMap(([name, value]) =>
    settings.isSecret(name) && value
      ? [{ name: carried(name as SavableName), value: wrap(name, value) }]
      : [],
  )
}

function oneField(name: SavableName, { settings, form, problem }: SettingForm): Field[] {
  const about = settingsTable().find((each) => each.name === name)
  const now = settings.values().find((each) => each.name === name)
  const isSaved = now !== undefined && now.source !== 'default'
  const label = LABELS[name]
  const error = problem?.fields?.[name] ?? ''
  if (settings.isFixed(name)) return [fixedField(name, label, settings)]

  if (settings.isSecret(name)) {
    const isCarried = Boolean(form?.[name] || form?.[carried(name)])
    const help = isCarried
      ? 'Kept as you have just entered it; type to replace it.'
      : isSaved
        ? `Set${endOf(settings.secretHint(name))}. Leave it empty to keep it.`
        : (about?.sentence ?? '')
    const entry = field({ name, label, type: 'password', help, error, maxLength: MAX_LENGTH })
    const removal = field({ name: removed(name), label: 'Remove the saved password', type: 'tick' })
    return isSaved ? [entry, removal] : [entry]
  }

  const value = form?.[name] ?? (isSaved ? (now?.value ?? '') : '')
  const fallback = about?.default === '' ? 'none' : (about?.default ?? '')
  if (about?.type === 'boolean') {
    const words = WORDS[name] ?? { yes: 'Yes', no: 'No' }
    const inWords = fallback === 'True' ? words.yes : fallback === 'False' ? words.no : fallback
    const options = [
      { value: '', label: `Default (${inWords})` },
      { value: 'True', label: words.yes },
      { value: 'False', label: words.no },
    ]
    return [
      field({
        name,
        label,
        type: 'select',
        help: HELP[name] ?? about.sentence,
        error,
        options: options.map((option) => ({ ...option, chosen: option.value === value })),
      }),
    ]
  }
  const help = `${HELP[name] ?? about?.sentence ?? ''} Empty: ${fallback}.`
  return [field({ name, label, value, help, error, maxLength: MAX_LENGTH })]
}

function tlsField({ settings, form, problem }: SettingForm): Field {
  const mode = tlsMode(settings)
  const fixed = TLS.find((name) => settings.isFixed(name))
  if (fixed !== undefined) {
    const text = TLS_MODES.find(({ value }) => value === mode)?.label ?? ''
    return { ...fixedField(fixed, 'TLS', settings), value: text }
  }
  const chosen = form?.['tls'] ?? mode
  return field({
    name: 'tls',
    label: 'TLS',
    type: 'select',
    help: 'Usually STARTTLS with port 587, TLS from the first byte with port 465, none for a relay on this machine.',
    error: TLS.map((name) => problem?.fields?.[name] ?? '').join(''),
    options: TLS_MODES.map(({ value, label }) => ({ value, label, chosen: value === chosen })),
  })
}

function tlsMode(settings: Settings): (typeof TLS_MODES)[number]['value'] {
  const isOn = (name: SavableName): boolean => {
    const now = settings.values().find((each) => each.name === name)
    return /^(true|1|yes|on)$/i.test(now?.value.trim() ?? '')
  }
  return isOn('EMAIL_USE_SSL') ? 'implicit' : isOn('EMAIL_USE_TLS') ? 'starttls' : 'none'
}

/** What whoever started the server decided: spec/operations.md [O12]. */
function fixedField(name: SavableName, label: string, settings: Settings): Field {
  const now = settings.values().find((each) => each.name === name)
  const value = settings.isSecret(name) ? 'set' : now?.value || 'empty'
  return field({ name, label, type: 'fixed', value, help: fixedText(name, now?.source ?? '') })
}

/** Where a value comes from that is not changed here. */
export function fixedText(name: string, source: string): string {
  return `Set by ${source === 'environment' ? 'environment' : source} (${name}), and changed there.`
}

function endOf(hint: string | null): string {
  return hint === null ? '' : `, ends in ${hint}`
}
