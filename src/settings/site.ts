import * as addresses from './addresses'
import { flag, integer, integerOrNone, list, parsed, text } from './syntax'

/** What the site is called, who may use it, and how much of it. */
export const siteSettings = {
  SITE_ROOT: parsed(
    'address',
    {
      default: 'http://localhost:8000',
      defaultShown: 'http://localhost:8000, or whatever port LISTEN names',
      sentence: 'Where people find this site. All links begin with it; with a path, everything is below it.',
    },
    addresses.siteRoot,
  ),
  SITE_NAME: text({ default: 'Rollcall', sentence: 'The name of this site, on pages and in mails.' }),
  MASTER_BADGE_LABEL: text({
    defaultShown: 'SITE_NAME',
    sentence: 'What stands on the badge of a whole project.',
  }),
  SITE_LOGO_URL: parsed(
    'address or path',
    { defaultShown: 'a built-in image', sentence: 'The picture beside the name of the site.' },
    addresses.imageAddress,
  ),
  SUPPORT_EMAIL: text({ sentence: 'Shown to people who look for help.' }),
  PING_ENDPOINT: text({
    defaultShown: 'SITE_ROOT/ping/',
    sentence: 'What ping addresses begin with where they are shown; used as it is, so end it with a slash.',
  }),
  PING_BODY_LIMIT: integerOrNone({
    default: 100_000,
    min: 0,
    max: 104_857_600,
    sentence:
      'How many bytes of a ping body are kept; the rest is discarded. None keeps up to 2,621,440, 0 nothing.',
  }),
  ALLOWED_HOSTS: list(
    'host names',
    {
      defaultShown: 'the host of SITE_ROOT if that is set, else *',
      sentence:
        'The host names that pages and the API answer to; .example.org includes subdomains, * is any. Pings are taken under any name.',
    },
    addresses.hostPattern,
  ),
  SECRET_KEY: text({
    defaultShown: 'generated, and kept in DATA_DIR/secret_key',
    secret: true,
    sentence: 'Signs sessions and links. Whoever knows it can pretend to be anybody here.',
  }),
  REGISTRATION_OPEN: flag({ default: false, sentence: 'Lets visitors make accounts for themselves.' }),
  REMOTE_USER_HEADER: parsed(
    'header',
    {
      sentence:
        'The header in which a proxy of TRUSTED_PROXIES, which must be set, says the e-mail address of who has signed in there, as HTTP_REMOTE_EMAIL; then nobody signs in here.',
    },
    addresses.proxyHeader,
  ),
  RP_ID: parsed(
    'domain',
    {
      sentence:
        'The domain that passkeys and security keys are made for: the host of SITE_ROOT, or a domain above it.',
    },
    (given) =>
      /[/:\s]/.test(given.trim())
        ? { expected: 'use a domain without scheme and port, rollcall.example.org for instance' }
        : { value: given.trim().toLowerCase() || null },
  ),
  SUPERUSER_EMAIL: parsed(
    'e-mail address',
    { sentence: 'With SUPERUSER_PASSWORD: makes the first account at start, as long as there is none.' },
    (given) => (given === '' ? { value: '' } : addresses.emailAddress(given.trim())),
  ),
  SUPERUSER_PASSWORD: text({
    secret: true,
    sentence: 'The password of that first account, 10 to 200 characters.',
  }),
  DEFAULT_CHECK_LIMIT: integer({
    default: 10_000,
    min: 0,
    max: 1_000_000,
    sentence: 'How many checks a new account may have.',
  }),
  DEFAULT_PING_LOG_LIMIT: integer({
    default: 100,
    min: 1,
    max: 1_000_000,
    sentence: 'How many pings of each check are kept for a new account.',
  }),
  ADMINS: list(
    'e-mail addresses',
    { sentence: 'Who gets a mail when something breaks.' },
    addresses.emailAddress,
  ),
}
