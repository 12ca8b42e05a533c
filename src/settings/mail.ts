import { flag, integer, parsed, text } from './syntax'

/** How mails go out. */
export const mailSettings = {
  EMAIL_HOST: text({ sentence: 'The relay that takes our mails. Without one, nothing is mailed.' }),
  EMAIL_PORT: integer({ default: 587, min: 1, max: 65_535, sentence: 'The port of the relay.' }),
  EMAIL_USE_TLS: flag({
    default: true,
    sentence: 'STARTTLS, and no mail at all through a relay that does not offer it.',
  }),
  EMAIL_USE_SSL: flag({ default: false, sentence: 'TLS from the first byte, usually on port 465.' }),
  EMAIL_HOST_USER: text({ sentence: 'The user at the relay; none: no sign-in there.' }),
  EMAIL_HOST_PASSWORD: text({ secret: true, sentence: 'The password of that user.' }),
  EMAIL_TIMEOUT: integer({
    default: 30,
    min: 1,
    max: 600,
    sentence: 'How many seconds the relay has to take the connection, and to answer each command.',
  }),
  DEFAULT_FROM_EMAIL: parsed(
    'e-mail address',
    {
      default: 'healthchecks@example.org',
      sentence: 'Who our mails are from; `Name <address>` is fine too.',
    },
    (given) =>
      /^[^@\p{Cc}]*[^\s@<]@[^\s@]+$/u.test(given.trim())
        ? { value: given.trim() }
        : { expected: 'use an e-mail address, or Name <address>' },
  ),
  EMAIL_MAIL_FROM_TMPL: parsed(
    'e-mail address',
    { sentence: 'Where mails bounce to; %s stands for an id of each mail, as in %s@bounces.example.org.' },
    (given) =>
      given === '' || given.split('%s').length === 2
        ? { value: given }
        : { expected: 'use an address with one %s in it, as in %s@bounces.example.org' },
  ),
  EMAIL_USE_VERIFICATION: flag({
    default: true,
    sentence: 'Sends to a new e-mail channel only after the link in a first mail was followed.',
  }),
}
