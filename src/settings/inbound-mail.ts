import { items, integer, parsed, text, wholeNumber } from './syntax'

/** How pings come in by e-mail. */
export const inboundMailSettings = {
  SMTPD_PORT: parsed(
    'integer',
    {
      defaultShown: 'none',
      sentence: 'The port on which pings are taken by e-mail. Without one, none are.',
    },
    (given) => {
      if (given === '') return { value: null }
      const port = wholeNumber(given, { min: 0, max: 65_535 })
      return port === null ? { expected: 'use a port from 0 to 65535' } : { value: port }
    },
  ),
  SMTPD_HOST: text({
    defaultShown: 'all addresses',
    sentence: 'The address of this machine on which mails are taken.',
  }),
  SMTPD_MAX_SIZE: integer({
    default: 33_554_432,
    min: 1000,
    max: 104_857_600,
    sentence: 'How many bytes a mail may have; larger ones are refused.',
  }),
  PING_EMAIL_DOMAIN: parsed(
    'domain',
    {
      default: 'localhost',
      sentence: 'What follows the @ in the e-mail addresses of checks; mails to other domains are refused.',
    },
    (given) => {
      const [domain, more] = items(given)
      const isOne = domain !== undefined && more === undefined && /^[^\s@,<>]{1,255}$/.test(domain)
      return isOne
        ? { value: domain.toLowerCase() }
        : { expected: 'use a domain, ping.example.org for instance' }
    },
  ),
}
