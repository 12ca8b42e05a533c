import { describe, expect, it } from 'vitest'
import { configOf, problemsOf, warningsOf } from '../support/settings'

describe('the hosts of the site', () => {
  it('are that of SITE_ROOT when nothing else is said', () => {
    expect(configOf({ SITE_ROOT: 'https://HC.example.org/watch/' })).toMatchObject({
      siteRoot: 'https://HC.example.org/watch',
      pingEndpoint: 'https://HC.example.org/watch/ping/',
      allowedHosts: ['hc.example.org'],
    })
  })

  it('may be listed in any case and with ports', () => {
    const env = { SITE_ROOT: 'https://hc.example.org', ALLOWED_HOSTS: '.Example.org:443, [::1]:8000' }
    expect(configOf(env).allowedHosts).toEqual(['.example.org', '[::1]'])
  })

  it('must include that of SITE_ROOT', () => {
    const env = { SITE_ROOT: 'https://hc.example.org', ALLOWED_HOSTS: 'example.org' }
    expect(problemsOf(env)).toEqual([`Add 'hc.example.org' to ALLOWED_HOSTS`])
  })

  it('are taken without SITE_ROOT, with a warning', () => {
    expect(warningsOf({ ALLOWED_HOSTS: 'example.org' })[0]).toMatch(/^SITE_ROOT is not set/)
  })
})

describe('trusted proxies', () => {
  it('are those in private networks once the site has an address', () => {
    expect(configOf({ SITE_ROOT: 'https://hc.example.org' }).trustedProxies).toContain('192.168.0.0/16')
  })

  it('may be private networks and more, nobody or everybody', () => {
    const proxies = (TRUSTED_PROXIES: string) => configOf({ TRUSTED_PROXIES }).trustedProxies
    expect(proxies('private, 203.0.113.7')).toEqual(expect.arrayContaining(['10.0.0.0/8', '203.0.113.7/32']))
    expect(proxies('none')).toEqual([])
    expect(proxies('*')).toBe('any')
  })

  it.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', 'proxy'])('are refused as %s', (range) => {
    expect(problemsOf({ TRUSTED_PROXIES: range })).toHaveLength(1)
  })
})

describe('where the server listens', () => {
  it.each([
    ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }],
    ['[::1]:9000', { host: '::1', port: 9000 }],
    ['::1', { host: '::1', port: 8000 }],
    [':9000', { host: '::', port: 9000 }],
    ['127.0.0.1', { host: '127.0.0.1', port: 8000 }],
    ['unix:/run/rollcall.sock', { path: '/run/rollcall.sock' }],
  ])('may be %s', (written, listen) => {
    expect(configOf({ LISTEN: written }).listen).toEqual(listen)
  })

  it.each(['8000', 'host:70000', 'unix:', '[nonsense]:80', 'http://x:80'])('is refused as %s', (written) => {
    expect(problemsOf({ LISTEN: written })).toHaveLength(1)
  })

  it('may have its port in a setting of its own', () => {
    expect(configOf({ PORT: '9000' }).listen).toEqual({ host: '::', port: 9000 })
    expect(configOf({ PORT: '9000', LISTEN: '127.0.0.1' }).listen).toEqual({ host: '127.0.0.1', port: 9000 })
    expect(problemsOf({ PORT: '9000', LISTEN: ':9001' })).toHaveLength(1)
  })
})

describe('the database', () => {
  it('may be several PostgreSQL servers', () => {
    const env = { DB: 'postgres', DB_HOST: 'pg1,pg2', DB_PORT: '5433,5434', DB_USER: 'me' }
    expect(configOf(env).database).toMatchObject({
      hosts: [
        { host: 'pg1', port: 5433 },
        { host: 'pg2', port: 5434 },
      ],
      name: 'hc',
      schema: 'rollcall',
      user: 'me',
      connectTimeoutMs: 60_000,
    })
  })

  it('is on the local socket when it has no host', () => {
    expect(configOf({ DB: 'postgres' }).database).toMatchObject({ hosts: [{ host: '', port: 5432 }] })
  })

  it('needs as many ports as hosts, or one', () => {
    expect(problemsOf({ DB: 'postgres', DB_HOST: 'a,b,c', DB_PORT: '1,2' })).toHaveLength(1)
  })

  it('is a file of any name, found from the data directory', () => {
    expect(configOf({ DB_NAME: 'hc.sqlite' }).database).toMatchObject({ file: '/srv/data/hc.sqlite' })
    expect(configOf({ DB_NAME: '/var/x.sqlite' }).database).toMatchObject({ file: '/var/x.sqlite' })
  })
})

describe('mail', () => {
  const relay = { EMAIL_HOST: 'relay', DEFAULT_FROM_EMAIL: 'Rollcall <hc@example.net>' }

  it('goes by STARTTLS unless told otherwise', () => {
    expect(configOf(relay)).toMatchObject({
      mail: { host: 'relay', port: 587, tls: 'starttls', user: '', timeoutMs: 30_000 },
      mailFrom: 'Rollcall <hc@example.net>',
    })
    expect(configOf({ ...relay, EMAIL_USE_TLS: 'False' }).mail?.tls).toBe('none')
  })

  it('goes by TLS from the first byte when both kinds are on, with a notice', () => {
    const env = { ...relay, EMAIL_USE_SSL: 'True', EMAIL_USE_TLS: 'True', EMAIL_PORT: '465' }
    expect(configOf(env).mail?.tls).toBe('implicit')
    expect(warningsOf(env)).toEqual(['EMAIL_USE_SSL and EMAIL_USE_TLS are both on: EMAIL_USE_SSL wins'])
  })

  it('warns when nobody said who it is from', () => {
    expect(warningsOf({ EMAIL_HOST: 'relay' })[0]).toMatch(/^DEFAULT_FROM_EMAIL is still the example/)
  })

  it('needs a place for the id in the template of the envelope sender', () => {
    expect(problemsOf({ EMAIL_MAIL_FROM_TMPL: 'bounces@example.org' })).toHaveLength(1)
  })
})

describe('the other rules', () => {
  it('private addresses are closed to integrations while strangers can make accounts', () => {
    expect(configOf({ REGISTRATION_OPEN: 'True' }).allowPrivateAddresses).toBe(false)
    const env = { REGISTRATION_OPEN: 'True', INTEGRATIONS_ALLOW_PRIVATE_IPS: 'True' }
    expect(configOf(env).allowPrivateAddresses).toBe(true)
    expect(configOf({ INTEGRATIONS_ALLOW_PRIVATE_IPS: 'False' }).allowPrivateAddresses).toBe(false)
  })

  it('the header that says https is named as browsers send it', () => {
    const config = configOf({ SECURE_PROXY_SSL_HEADER: 'HTTP_X_FORWARDED_PROTO,https' })
    expect(config.secureProxyHeader).toEqual({ name: 'x-forwarded-proto', value: 'https' })
    expect(problemsOf({ SECURE_PROXY_SSL_HEADER: 'X-Forwarded-Proto' })).toHaveLength(1)
  })

  it('the first account needs a password of some length', () => {
    expect(problemsOf({ SUPERUSER_EMAIL: 'me@example.org', SUPERUSER_PASSWORD: 'short' })).toHaveLength(1)
    const env = { SUPERUSER_EMAIL: 'Me@Example.org', SUPERUSER_PASSWORD: 'long enough it is' }
    expect(configOf(env).superuser).toEqual({ email: 'me@example.org', password: 'long enough it is' })
  })

  it('debugging logs more unless a level is given, and warns on a public site', () => {
    expect(configOf({ DEBUG: 'True' }).log.level).toBe('debug')
    expect(configOf({ DEBUG: 'True', LOG_LEVEL: 'warn' }).log.level).toBe('warn')
    expect(warningsOf({ DEBUG: 'True', SITE_ROOT: 'https://hc.example.org' })[0]).toMatch(/^DEBUG=True/)
  })

  it('requests are not logged where uwsgi was told not to', () => {
    expect(configOf({ UWSGI_DISABLE_LOGGING: '1' }).log.requests).toBe(false)
  })

  it('a ping endpoint is used as it is, with a warning if it does not end in a slash', () => {
    const env = { PING_ENDPOINT: 'https://ping.example.org' }
    expect(configOf(env).pingEndpoint).toBe('https://ping.example.org')
    expect(warningsOf(env)[0]).toMatch(/^PING_ENDPOINT=/)
  })
})

describe('the address on another instance that this one pings', () => {
  it('is nobody unless it is set', () => {
    expect(configOf({}).watchdogPingUrl).toBeNull()
    expect(configOf({ WATCHDOG_PING_URL: ' https://b.example.org/ping/x ' }).watchdogPingUrl).toBe(
      'https://b.example.org/ping/x',
    )
  })

  it.each(['b.example.org', 'ftp://b.example.org/'])('is refused as %s, without showing it', (address) => {
    expect(problemsOf({ WATCHDOG_PING_URL: address })).toEqual([
      'Unexpected value of WATCHDOG_PING_URL, use an address that begins with http:// or https://',
    ])
  })

  it('is for those who do alerts', () => {
    const env = { WATCHDOG_PING_URL: 'https://b.example.org/ping/x', ROLES: 'web' }
    const warning =
      'WATCHDOG_PING_URL is not pinged, since ROLES leaves alerts to others: set it where they run'
    expect(warningsOf(env)).toContain(warning)
    expect(warningsOf({ ...env, ROLES: 'alerts' })).not.toContain(warning)
  })
})
