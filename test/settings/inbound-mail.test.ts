import { expect, it } from 'vitest'
import { configOf, problemsOf } from '../support/settings'

it('takes no mails without a port', () => {
  expect(configOf({})).toMatchObject({ smtpd: null, pingEmailDomain: 'localhost' })
})

it('takes mails of up to 32 MiB on all addresses, unless it is told otherwise', () => {
  expect(configOf({ SMTPD_PORT: '2525' }).smtpd).toEqual({ host: '::', port: 2525, maxBytes: 33_554_432 })
  const told = { SMTPD_PORT: '25', SMTPD_HOST: '10.0.0.1', SMTPD_MAX_SIZE: '1000', PING_EMAIL_DOMAIN: 'A.b' }
  expect(configOf(told)).toMatchObject({
    smtpd: { host: '10.0.0.1', port: 25, maxBytes: 1000 },
    pingEmailDomain: 'a.b',
  })
})

it.each([
  [{ SMTPD_PORT: '70000' }, 'Unexpected value SMTPD_PORT=70000, use a port from 0 to 65535'],
  [{ SMTPD_MAX_SIZE: '5' }, 'Unexpected value SMTPD_MAX_SIZE=5, use a whole number from 1000 to 104857600'],
  [
    { PING_EMAIL_DOMAIN: 'x@y' },
    'Unexpected value PING_EMAIL_DOMAIN=x@y, use a domain, ping.example.org for instance',
  ],
])('refuses %j', (settings, problem) => {
  expect(problemsOf(settings)).toEqual([problem])
})
