import { coversHost, PRIVATE_RANGES } from './addresses'
import { missingForBucket } from './objects'
import { settings, type SettingName, type Values } from './table'

/** What was read and is well-formed; a setting whose own value is wrong is missing, and no rule looks at it. */
export type Known = Partial<Values>

interface Remarks {
  problems: string[]
  warnings: string[]
}

type Rule = (
  known: Known,
  isSet: (name: SettingName) => boolean,
  /** It is only saved in the database, from a page. */
  isSaved: (name: SettingName) => boolean,
) => { problem: string } | { warning: string } | null

/** Of spec/web-ui.md §16.3. */
const PASSWORD_LENGTH = { min: 10, max: 200 }

/** The value that samples of settings have in the place of a secret key. */
export const SAMPLE_SECRET_KEY = '---'

/** What is wrong or odd between settings that are each well-formed (the faults in spec/operations.md §1). */
export function remarksOn(
  known: Known,
  isSet: (name: SettingName) => boolean,
  isSaved: (name: SettingName) => boolean = () => false,
): Remarks {
  const found = rules.map((rule) => rule(known, isSet, isSaved)).filter((remark) => remark !== null)
  return {
    problems: found.flatMap((remark) => ('problem' in remark ? [remark.problem] : [])),
    warnings: found.flatMap((remark) => ('warning' in remark ? [remark.warning] : [])),
  }
}

const rules: Rule[] = [
  function siteIsAmongItsHosts({ SITE_ROOT, ALLOWED_HOSTS }, isSet) {
    if (!SITE_ROOT || !ALLOWED_HOSTS?.length) return null
    const host = new URL(SITE_ROOT).hostname
    if (coversHost(ALLOWED_HOSTS, host)) return null
    if (isSet('SITE_ROOT')) return { problem: `Add '${host}' to ALLOWED_HOSTS` }
    return { warning: `SITE_ROOT is not set: links in mails and pages begin with ${SITE_ROOT}` }
  },

  function onlyTheEnvironmentMovesPages({ SITE_ROOT }, _isSet, isSaved) {
    if (!SITE_ROOT || !isSaved('SITE_ROOT') || new URL(SITE_ROOT).pathname === '/') return null
    return {
      problem: `SITE_ROOT with a path moves every page: set it in the environment, SITE_ROOT=${SITE_ROOT}`,
    }
  },

  function superuserIsWhole({ SUPERUSER_EMAIL, SUPERUSER_PASSWORD }) {
    if (SUPERUSER_EMAIL === undefined || SUPERUSER_PASSWORD === undefined) return null
    if (SUPERUSER_EMAIL !== '' && SUPERUSER_PASSWORD === '')
      return { problem: 'SUPERUSER_EMAIL is set without SUPERUSER_PASSWORD: set both or neither' }
    if (SUPERUSER_EMAIL === '' && SUPERUSER_PASSWORD !== '')
      return { problem: 'SUPERUSER_PASSWORD is set without SUPERUSER_EMAIL: set both or neither' }
    return null
  },

  function superuserPasswordIsLongEnough({ SUPERUSER_PASSWORD }) {
    if (!SUPERUSER_PASSWORD) return null
    const { min, max } = PASSWORD_LENGTH
    const length = Array.from(SUPERUSER_PASSWORD).length
    if (length >= min && length <= max) return null
    return { problem: `SUPERUSER_PASSWORD does not fit: use ${min} to ${max} characters` }
  },

  function oneOpinionAboutThePort({ LISTEN, PORT }) {
    if (LISTEN === undefined || PORT === undefined || PORT === null) return null
    if ('path' in LISTEN)
      return { problem: 'LISTEN names a unix socket, which has no PORT: remove one of them' }
    if (LISTEN.port === null || LISTEN.port === PORT) return null
    return { problem: `LISTEN says port ${LISTEN.port} and PORT says ${PORT}: remove one of them` }
  },

  function somethingToDo({ ROLES }) {
    return ROLES?.length === 0
      ? { problem: 'ROLES is empty: use web, smtpd, alerts, reports and maintenance' }
      : null
  },

  function vouchesForItself({ ROLES, WATCHDOG_PING_URL }) {
    if (!ROLES || ROLES.includes('alerts') || !WATCHDOG_PING_URL) return null
    return {
      warning: 'WATCHDOG_PING_URL is not pinged, since ROLES leaves alerts to others: set it where they run',
    }
  },

  function portsFitHosts({ DB_HOST, DB_PORT }) {
    if (!DB_HOST || !DB_PORT || DB_PORT.length === 1 || DB_PORT.length === DB_HOST.length) return null
    return { problem: 'DB_PORT has another number of items than DB_HOST: use one port, or one for each host' }
  },

  function pingEndpointEndsInSlash({ PING_ENDPOINT }) {
    if (!PING_ENDPOINT || PING_ENDPOINT.endsWith('/')) return null
    return { warning: `PING_ENDPOINT=${PING_ENDPOINT} does not end with a slash, and is used as it is` }
  },

  function countriesCanBeTold({ GEOIP_DB, GEOIP_BLOCK }) {
    if (GEOIP_DB !== '' || !GEOIP_BLOCK?.length) return null
    return { problem: 'GEOIP_BLOCK is set without GEOIP_DB: name a GeoLite2 Country file, or block nobody' }
  },

  function notEverybodyIsAProxy({ TRUSTED_PROXIES }) {
    if (!TRUSTED_PROXIES?.includes('any')) return null
    return {
      warning: 'TRUSTED_PROXIES=* lets anybody claim any address; name the ranges of your proxies instead',
    }
  },

  function onlyProxiesSayWhoSomebodyIs({ REMOTE_USER_HEADER, TRUSTED_PROXIES, LISTEN }, isSet) {
    if (!REMOTE_USER_HEADER) return null
    if (TRUSTED_PROXIES?.includes('any')) {
      const problem = 'REMOTE_USER_HEADER with TRUSTED_PROXIES=* lets anybody be anybody: name your proxies'
      return { problem }
    }
    // At the other end of a socket in the file system is who its permissions say.
    if (LISTEN && 'path' in LISTEN) return null
    // Who may say who somebody is, is said aloud: the ranges of before would be every machine nearby.
    if (!isSet('TRUSTED_PROXIES') || TRUSTED_PROXIES?.flat().length === 0) {
      return { problem: 'REMOTE_USER_HEADER is set, but no proxy is trusted to send it: set TRUSTED_PROXIES' }
    }
    if (!TRUSTED_PROXIES?.some((ranges) => ranges === PRIVATE_RANGES)) return null
    return {
      warning:
        'REMOTE_USER_HEADER with TRUSTED_PROXIES=private lets every machine nearby be anybody: name your proxies',
    }
  },

  function passkeysWork({ RP_ID, SITE_ROOT }) {
    if (!RP_ID || !SITE_ROOT) return null
    const { protocol, hostname } = new URL(SITE_ROOT)
    const isHere = hostname === RP_ID || hostname.endsWith(`.${RP_ID}`)
    if (!isHere) return { warning: `RP_ID=${RP_ID} is not the host of SITE_ROOT: browsers refuse passkeys` }
    if (protocol === 'https:' || hostname === 'localhost') return null
    return { warning: 'RP_ID is set, but browsers offer passkeys only over https: use https in SITE_ROOT' }
  },

  function debugStaysAtHome({ DEBUG, SITE_ROOT }) {
    if (!DEBUG || !SITE_ROOT?.startsWith('https:')) return null
    return { warning: 'DEBUG=True shows the inner side of errors to everybody who finds the site' }
  },

  function bucketCanBeReached(known) {
    const missing = missingForBucket(known)
    if (missing.length === 0) return null
    return { problem: `S3_BUCKET is set without ${missing.join(', ')}: set all of them, or no bucket` }
  },

  function mailHasAWayOut({ EMAIL_HOST }) {
    if (EMAIL_HOST !== '') return null
    return { warning: 'EMAIL_HOST is not set: there will be no mails, and no sign-in by link' }
  },

  function mailHasOneKindOfTls({ EMAIL_HOST, EMAIL_USE_SSL, EMAIL_USE_TLS }, isSet) {
    if (!EMAIL_HOST || !EMAIL_USE_SSL || !EMAIL_USE_TLS || !isSet('EMAIL_USE_TLS')) return null
    return { warning: 'EMAIL_USE_SSL and EMAIL_USE_TLS are both on: EMAIL_USE_SSL wins' }
  },

  function mailHasTheRightPort({ EMAIL_HOST, EMAIL_USE_SSL, EMAIL_PORT }) {
    if (!EMAIL_HOST || !EMAIL_USE_SSL || EMAIL_PORT !== 587) return null
    return { warning: 'EMAIL_USE_SSL is on with EMAIL_PORT=587; relays take that kind of TLS on 465' }
  },

  function mailHasASender({ EMAIL_HOST, DEFAULT_FROM_EMAIL }) {
    if (!EMAIL_HOST || DEFAULT_FROM_EMAIL !== settings.DEFAULT_FROM_EMAIL.default) return null
    return { warning: `DEFAULT_FROM_EMAIL is still the example: mails come from ${DEFAULT_FROM_EMAIL}` }
  },
]
