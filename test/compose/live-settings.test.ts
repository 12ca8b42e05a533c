import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { liveSettings } from '../../src/compose/live-settings'
import type { LiveSettings } from '../../src/compose/live-settings'
import { systemRandom } from '../../src/world/random'
import type { Store } from '../../src/store'
import { databases } from '../support/databases'
import { recorder } from '../support/local-site'
import { configOf, readSettings } from '../support/settings'
import { opener } from '../support/stores'
import type { Opener } from '../support/stores'

describe.each(databases)('settings of a running server, on $name', (database) => {
  let opened: Opener
  let store: Store
  let logged: Parameters<typeof recorder>[0]

  beforeEach(async () => {
    opened = await opener(database)
    store = await opened.open()
    logged = []
  })

  afterEach(() => opened.close())

  const started = (env: Record<string, string> = {}, key = 'key'): Promise<LiveSettings> =>
    liveSettings({
      given: configOf(env),
      read: (saved) => readSettings(env, { saved }),
      savedSettings: store.savedSettings,
      secretKey: key,
      random: systemRandom,
      log: recorder(logged),
    })

  it('change in the very object that all parts hold', async () => {
    const { config, keep, values } = await started()
    await keep({ SITE_NAME: 'Home', EMAIL_HOST: 'relay.example.org', EMAIL_HOST_PASSWORD: 'secret of it' })
    expect(config).toMatchObject({
      siteName: 'Home',
      mail: { host: 'relay.example.org', password: 'secret of it' },
    })
    expect(values().find(({ name }) => name === 'EMAIL_HOST_PASSWORD')?.value).toBe('***')
    await keep({ EMAIL_HOST: null })
    expect(config.mail).toBeNull()
  })

  it('keep secrets so that the database does not tell them', async () => {
    const { keep, secretHint } = await started()
    await keep({ EMAIL_HOST_PASSWORD: 'secret of it', SITE_NAME: 'Home' })
    const { values } = await store.savedSettings.all()
    expect(values).toMatchObject({ SITE_NAME: 'Home' })
    expect(JSON.stringify(values)).not.toContain('secret')
    expect(secretHint('EMAIL_HOST_PASSWORD')).toBe('it')
    await keep({ EMAIL_HOST_PASSWORD: 'short' })
    expect(secretHint('EMAIL_HOST_PASSWORD')).toBeNull()
  })

  it('hold after a restart, and on other servers once they look', async () => {
    const [one, other] = [await started(), await started()]
    await one.keep({ SITE_NAME: 'Home' })
    expect(other.config.siteName).toBe('Rollcall')
    await other.renew()
    expect(other.config.siteName).toBe('Home')
    expect((await started()).config.siteName).toBe('Home')
    await one.keep({ SITE_NAME: null })
    await other.renew()
    expect(other.config.siteName).toBe('Rollcall')
  })

  it('yield to the environment', async () => {
    await (await started()).keep({ SITE_NAME: 'Home', SUPPORT_EMAIL: 'help@example.org' })
    const { config, isFixed } = await started({ SITE_NAME: 'Fixed' })
    expect(config).toMatchObject({ siteName: 'Fixed', supportEmail: 'help@example.org' })
    expect([isFixed('SITE_NAME'), isFixed('SUPPORT_EMAIL'), isFixed('ADMINS')]).toEqual([true, false, false])
  })

  it('never keep the server from starting: what does not fit any more is left out and told', async () => {
    await (await started()).keep({ SITE_NAME: 'Home', SITE_ROOT: 'https://home.example.org' })
    const { config } = await started({ ALLOWED_HOSTS: 'elsewhere.example.org' })
    expect(config).toMatchObject({ siteName: 'Home', siteRoot: 'http://localhost:8000' })
    expect(logged.map(({ message }) => message)).toEqual([
      `the saved value of SITE_ROOT is left out: Add 'home.example.org' to ALLOWED_HOSTS`,
    ])
  })

  it('do without secrets that were saved under another secret key', async () => {
    await (await started()).keep({ EMAIL_HOST: 'relay.example.org', EMAIL_HOST_PASSWORD: 'secret of it' })
    const { config } = await started({}, 'another key')
    expect(config.mail).toMatchObject({ host: 'relay.example.org', password: '' })
    expect(logged[0]?.message).toBe('EMAIL_HOST_PASSWORD was saved under another SECRET_KEY: enter it again')
  })
})
