import { describe, expect, it } from 'vitest'
import { CHANGING, SAVABLE, SAVED, settingsTable } from '../../src/config'
import { configOf, problemsOf, readSettings, warningsOf } from '../support/settings'

const sourceOf = (name: string, env: Record<string, string>, saved: Record<string, string>) => {
  const read = readSettings(env, { saved })
  return read.ok ? read.values.find((each) => each.name === name) : null
}

describe('settings saved from the pages', () => {
  it('win over defaults, and over nothing else', () => {
    const saved = { SITE_NAME: 'Saved', EMAIL_HOST: 'saved.example.org' }
    const env = { SITE_NAME: 'Environment', DATA_DIR: '/data' }
    const files = { '/data/rollcall.env': 'EMAIL_HOST=file.example.org' }
    expect(configOf({}, { saved })).toMatchObject({ siteName: 'Saved', mail: { host: 'saved.example.org' } })
    expect(configOf(env, { saved, files })).toMatchObject({
      siteName: 'Environment',
      mail: { host: 'file.example.org' },
    })
    expect(sourceOf('SITE_NAME', {}, saved)).toMatchObject({ value: 'Saved', source: SAVED })
    expect(sourceOf('SITE_NAME', env, saved)).toMatchObject({ value: 'Environment', source: 'environment' })
  })

  it('are held to the rules of the environment, in the same words', () => {
    const wrong = { EMAIL_PORT: '99999', DEFAULT_FROM_EMAIL: 'nobody', TRUSTED_PROXIES: '10.0.0.0/99' }
    expect(problemsOf({}, { saved: wrong })).toEqual(problemsOf(wrong))
    expect(problemsOf(wrong)).toHaveLength(3)
    expect(problemsOf({ ALLOWED_HOSTS: 'a.example' }, { saved: { SITE_ROOT: 'https://b.example' } })).toEqual(
      [`Add 'b.example' to ALLOWED_HOSTS`],
    )
    expect(warningsOf({}, { saved: { TRUSTED_PROXIES: '*' } })).toContainEqual(
      expect.stringContaining('TRUSTED_PROXIES=* lets anybody'),
    )
  })

  it('name the site in links by a saved address, and close no door with it', () => {
    const saved = { SITE_ROOT: 'https://rollcall.example.org' }
    expect(configOf({}, { saved })).toMatchObject({
      siteRoot: 'https://rollcall.example.org',
      pingEndpoint: 'https://rollcall.example.org/ping/',
      siteRootGiven: false,
      allowedHosts: ['*'],
    })
    expect(configOf(saved)).toMatchObject({ siteRootGiven: true, allowedHosts: ['rollcall.example.org'] })
    expect(problemsOf({}, { saved: { SITE_ROOT: 'https://example.org/hc' } })).toEqual([
      expect.stringContaining('set it in the environment, SITE_ROOT=https://example.org/hc'),
    ])
  })

  it('close private networks to integrations while registration is open', () => {
    expect(configOf({}, { saved: { REGISTRATION_OPEN: 'True' } })).toMatchObject({
      registrationOpen: true,
      allowPrivateAddresses: false,
    })
  })

  it('change nothing but what those look at who know that it changes', () => {
    const written: Record<string, string> = {
      SITE_ROOT: 'https://other.example.org',
      DEFAULT_FROM_EMAIL: 'other@example.org',
      SUPPORT_EMAIL: 'other@example.org',
      ADMINS: 'other@example.org',
      TRUSTED_PROXIES: '10.1.0.0/16',
      EMAIL_HOST: 'other.example.org',
      INTEGRATIONS_ALLOW_PRIVATE_IPS: 'False',
    }
    const other = (name: string): string => {
      const about = settingsTable().find((each) => each.name === name)
      if (written[name] !== undefined) return written[name]
      if (about?.type === 'boolean') return about.default === 'True' ? 'False' : 'True'
      return about?.type.startsWith('integer') ? '77' : 'other'
    }
    const saved = Object.fromEntries(SAVABLE.map((name) => [name, other(name)]))
    const [before, after] = [configOf({}), configOf({}, { saved })]
    const changed = Object.keys(before).filter(
      (name) => JSON.stringify(before[name as 'mail']) !== JSON.stringify(after[name as 'mail']),
    )
    expect(changed.toSorted()).toEqual([...CHANGING].toSorted())
  })
})
