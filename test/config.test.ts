import { describe, expect, it } from 'vitest'
import { settingsTable } from '../src/config'
import { configOf, problemsOf, readSettings, warningsOf } from './support/settings'

describe('without any settings', () => {
  it('is a private and safe site with its data beside it', () => {
    expect(configOf({})).toMatchObject({
      siteRoot: 'http://localhost:8000',
      siteRootGiven: false,
      siteName: 'Rollcall',
      pingEndpoint: 'http://localhost:8000/ping/',
      pingBodyLimitBytes: 100_000,
      allowedHosts: ['*'],
      secretKey: null,
      registrationOpen: false,
      debug: false,
      trustedProxies: [],
      listen: { host: '::', port: 8000 },
      superuser: null,
      dataDir: '/srv/data',
      database: { kind: 'sqlite', file: '/srv/data/rollcall.sqlite', synchronous: 'FULL' },
      mail: null,
      allowPrivateAddresses: true,
      smtpd: null,
      pingEmailDomain: 'localhost',
      roles: ['web', 'smtpd', 'alerts', 'reports', 'maintenance'],
      alertStartupDelayMs: 15_000,
      log: { level: 'info', format: 'text', requests: true },
      shutdownMs: 25_000,
    })
  })

  it('warns that there will be no mail', () => {
    expect(warningsOf({})).toEqual(['EMAIL_HOST is not set: there will be no mails, and no sign-in by link'])
  })
})

describe('a boolean', () => {
  it.each(['True', 'true', '1', 'yes', 'ON'])('is on as %s', (written) => {
    expect(configOf({ REGISTRATION_OPEN: written }).registrationOpen).toBe(true)
  })

  it.each(['False', 'FALSE', '0', 'no', 'off', ''])(
    'is off as "%s", even where the default is on',
    (written) => {
      expect(configOf({ USE_GZIP_MIDDLEWARE: written }).compress).toBe(false)
    },
  )

  it('is refused as anything else', () => {
    expect(problemsOf({ DEBUG: 'maybe' })).toEqual([`Unexpected value DEBUG=maybe, use 'True' or 'False'`])
  })
})

describe('a number', () => {
  it('has its default when it is empty', () => {
    expect(configOf({ ALERT_WORKERS: '' }).alertWorkers).toBe(8)
  })

  it.each(['0', '101', '-1', '1.5', 'eight', '0x8'])('is refused out of its range, as %s', (written) => {
    expect(problemsOf({ ALERT_WORKERS: written })).toEqual([
      `Unexpected value ALERT_WORKERS=${written}, use a whole number from 1 to 100`,
    ])
  })

  it('may be None where no limit makes sense', () => {
    expect(configOf({ PING_BODY_LIMIT: 'None' }).pingBodyLimitBytes).toBeNull()
    expect(configOf({ PING_BODY_LIMIT: '0' }).pingBodyLimitBytes).toBe(0)
    expect(problemsOf({ PING_BODY_LIMIT: '104857601' })).toHaveLength(1)
    expect(problemsOf({ ALERT_WORKERS: 'None' })).toHaveLength(1)
  })
})

describe('a list', () => {
  it('drops blanks and empty items', () => {
    expect(configOf({ ADMINS: ' a@example.org ,, root@localhost,' }).admins).toEqual([
      'a@example.org',
      'root@localhost',
    ])
  })

  it('is refused with a malformed item', () => {
    expect(problemsOf({ ADMINS: 'a@example.org,nobody' })).toEqual([
      `Unexpected value ADMINS=a@example.org,nobody, 'nobody' does not fit: use an e-mail address`,
    ])
  })
})

describe('a secret', () => {
  it('can be kept in a file, without the white space around it', () => {
    const files = { '/run/secrets/db': ' hunter2\n' }
    const env = { DB: 'postgres', DB_PASSWORD: 'other', DB_PASSWORD_FILE: '/run/secrets/db' }
    expect(configOf(env, { files }).database).toMatchObject({ password: 'hunter2' })
  })

  it('is refused when its file cannot be read', () => {
    expect(problemsOf({ SECRET_KEY_FILE: 'missing' })).toEqual([
      'Error reading SECRET_KEY_FILE (missing): there is no such file',
    ])
  })

  it('is never shown', () => {
    const result = readSettings({
      SECRET_KEY: 'hidden-key',
      EMAIL_HOST_PASSWORD: 'hidden-too',
      http_proxy: 'http://me:hidden@proxy:3128',
    })
    expect(result.ok && result.values).toContainEqual({
      name: 'SECRET_KEY',
      value: '***',
      source: 'environment',
    })
    expect(JSON.stringify(result.ok && result.values)).not.toContain('hidden')
  })

  it('does not appear in problems either', () => {
    const problems = problemsOf({ SUPERUSER_PASSWORD: 'hidden', http_proxy: 'ftp://me:hidden@proxy' }).join(
      '\n',
    )
    expect(problems).toContain('http_proxy=ftp://me:***@proxy')
    expect(problems).not.toContain('hidden')
  })

  it('is generated when it is the value of the sample', () => {
    expect(configOf({ SECRET_KEY: '---' }).secretKey).toBeNull()
  })
})

describe('settings written for a Healthchecks container', () => {
  it('work as they are', () => {
    const env = {
      ALLOWED_HOSTS: 'localhost',
      DB: 'postgres',
      DB_CONN_MAX_AGE: '0',
      DB_HOST: 'db',
      DB_NAME: 'hc',
      DB_PASSWORD: 'fixme-postgres-password',
      DB_PORT: '5432',
      DB_SSLMODE: 'prefer',
      DB_USER: 'postgres',
      DEBUG: 'False',
      DEFAULT_FROM_EMAIL: 'healthchecks@example.org',
      EMAIL_HOST: '',
      EMAIL_PORT: '587',
      EMAIL_USE_SSL: 'False',
      EMAIL_USE_TLS: 'True',
      INTEGRATIONS_ALLOW_PRIVATE_IPS: 'False',
      MATTERMOST_ENABLED: 'True',
      PING_BODY_LIMIT: '10000',
      PING_EMAIL_DOMAIN: 'localhost',
      PING_ENDPOINT: 'http://localhost:8000/ping/',
      REGISTRATION_OPEN: 'True',
      SECRET_KEY: '---',
      SITE_LOGO_URL: '',
      SITE_NAME: 'Mychecks',
      SITE_ROOT: 'http://localhost:8000',
      USE_PAYMENTS: 'False',
    }
    expect(configOf(env)).toMatchObject({
      siteName: 'Mychecks',
      allowedHosts: ['localhost'],
      pingBodyLimitBytes: 10_000,
      registrationOpen: true,
      allowPrivateAddresses: false,
      secretKey: null,
      mail: null,
      database: { kind: 'postgres', hosts: [{ host: 'db', port: 5432 }], name: 'hc' },
    })
  })
})

describe('the places where settings are', () => {
  const files = { '/srv/data/rollcall.env': 'SITE_NAME=file\nALERT_WORKERS=3\nLOG_LEVEL=debug' }

  it('are the command line, the environment, the file and the default, best first', () => {
    const result = readSettings(
      { SITE_NAME: 'env', LOG_LEVEL: 'warn' },
      { files, overrides: { LOG_LEVEL: 'error' } },
    )
    expect(result.ok && result.config).toMatchObject({
      siteName: 'env',
      alertWorkers: 3,
      log: { level: 'error' },
    })
    expect(result.ok && result.values.filter(({ source }) => source !== 'default')).toEqual([
      { name: 'SITE_NAME', value: 'env', source: 'environment' },
      { name: 'ALERT_WORKERS', value: '3', source: '/srv/data/rollcall.env' },
      { name: 'LOG_LEVEL', value: 'error', source: 'command line' },
    ])
  })

  it('are a file that was named instead of the one in the data directory', () => {
    const both = { ...files, '/etc/rollcall.env': 'SITE_NAME=named\nDATA_DIR=/var/lib/rollcall' }
    const config = configOf({}, { files: both, envFile: '/etc/rollcall.env' })
    expect(config).toMatchObject({ siteName: 'named', alertWorkers: 8, dataDir: '/var/lib/rollcall' })
  })

  it('must exist when they are named', () => {
    expect(problemsOf({}, { envFile: 'missing.env' })).toEqual([
      'Error reading the settings file /srv/missing.env: there is no such file',
    ])
  })

  it('follow the data directory that is given', () => {
    const there = { '/data/rollcall.env': 'SITE_NAME=there' }
    expect(configOf({ DATA_DIR: '/data' }, { files: there })).toMatchObject({
      siteName: 'there',
      dataDir: '/data',
    })
    expect(configOf({}, { files: there, overrides: { DATA_DIR: '/data' } }).siteName).toBe('there')
  })
})

describe('a settings file', () => {
  it('may have comments, blank lines, exports and quotes, and the last of two counts', () => {
    const text = `# ours\n\nSITE_NAME=first\nexport SITE_NAME="The 'best' $HOME"\r\nSUPPORT_EMAIL='a@b'\n`
    const config = configOf({}, { envFile: 'x', files: { '/srv/x': text } })
    expect(config).toMatchObject({ siteName: `The 'best' $HOME`, supportEmail: 'a@b' })
  })

  it('is refused with the number of a line that is none, which it does not repeat', () => {
    const files = { '/srv/x': 'SITE_NAME=fine\nhunter2\nDEBUG: True' }
    expect(problemsOf({}, { envFile: 'x', files })).toEqual([
      '/srv/x, line 2: use NAME=value',
      '/srv/x, line 3: use NAME=value',
    ])
  })
})

describe('problems', () => {
  it('are told all at once', () => {
    const problems = problemsOf({
      SITE_ROOT: 'example.org',
      DB: 'oracle',
      EMAIL_PORT: '0',
      SUPERUSER_EMAIL: 'a@b.c',
    })
    expect(problems).toEqual([
      'Unexpected value SITE_ROOT=example.org, use an address that begins with http:// or https://, without ? and #',
      'Unexpected value DB=oracle, use sqlite or postgres',
      'Unexpected value EMAIL_PORT=0, use a whole number from 1 to 65535',
      'SUPERUSER_EMAIL is set without SUPERUSER_PASSWORD: set both or neither',
    ])
  })

  it('stay on their line', () => {
    expect(problemsOf({ DB: 'a\nREADY\u001b[2J' })[0]).toMatch(/^Unexpected value DB=a READY \[2J, use/)
  })

  it.each(['mysql', 'mariadb'])('name the way out for %s', (db) => {
    expect(problemsOf({ DB: db })[0]).toContain('not supported; use sqlite or postgres and `rollcall import`')
  })

  it('never come from names that are not ours', () => {
    expect(problemsOf({ UWSGI_PROCESSES: 'x', SITE_R00T: 'y', USE_PAYMENTS: 'z' })).toEqual([])
  })
})

describe('the table of settings', () => {
  it('has a sentence for each', () => {
    for (const { name, sentence, type } of settingsTable()) {
      expect(sentence, name).toMatch(/[.]$/)
      expect(type, name).not.toBe('')
    }
  })

  it('calls every secret one', () => {
    const secrets = settingsTable().filter(({ secret }) => secret)
    expect(secrets.map(({ name }) => name)).toEqual([
      'SECRET_KEY',
      'SUPERUSER_PASSWORD',
      'METRICS_KEY',
      'DB_PASSWORD',
      'S3_SECRET_KEY',
      'EMAIL_HOST_PASSWORD',
      'WATCHDOG_PING_URL',
    ])
  })
})
