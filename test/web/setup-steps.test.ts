import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { somebody } from '../support/cast'
import { databases } from '../support/databases'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator } from '../support/person'
import type { Person } from '../support/person'
import { smtpRelay } from '../world/smtp-relay'
import type { Relay } from '../world/smtp-relay'

let site: LocalSite
let relay: Relay
let ada: Person

beforeEach(async () => {
  relay = await smtpRelay()
})

afterEach(async () => {
  await relay.close()
  await site.close()
})

async function begin(...given: Parameters<typeof localSite>): Promise<void> {
  site = await localSite(...given)
  ada = await anAdministrator(site)
}

const mailForm = () => ({
  EMAIL_HOST: '127.0.0.1',
  EMAIL_PORT: String(relay.port),
  tls: 'none',
  EMAIL_HOST_USER: '',
  DEFAULT_FROM_EMAIL: 'Home <rollcall@example.org>',
})

describe.each(databases)('the first set-up on $name', (database) => {
  it('names the site, sends a test message, and then an alert by the mail server that was entered', async () => {
    await begin({ EMAIL_HOST: '' }, { database: await database.fresh() }, { realMail: true })
    const named = await ada.submit('/setup/site/', { SITE_NAME: 'Home watch', SITE_ROOT: site.url })
    expect(named.location).toBe('/setup/mail/')

    const tried = await ada.submit('/setup/mail/', { ...mailForm(), do: 'try' })
    expect(tried.text).toContain(`The relay has taken the mail to ${ADA.email}.`)
    expect(tried.text).toMatch(/S: 220 .*\n.*C: EHLO/s)
    expect(relay.received[0]?.mail.subject).toBe('Test mail from Home watch')
    expect((await ada.submit('/setup/mail/', mailForm())).location).toBe('/setup/people/')
    const done = await ada.submit('/setup/people/', { REGISTRATION_OPEN: 'False' })
    expect(done.location).toMatch(/^\/checks\/[0-9a-f-]{36}\/details\/$/)
    expect((await ada.get(done.location)).text).toContain('Home watch')

    const code = /[0-9a-f-]{36}/.exec(done.location)?.[0] ?? ''
    await fetch(`${site.url}/ping/${code}`)
    await fetch(`${site.url}/ping/${code}/fail`)
    await site.appliance.turn()
    const alert = relay.received.find(({ mail }) => mail.subject?.includes('My first check'))
    expect(alert).toMatchObject({ to: [ADA.email], from: 'rollcall@example.org' })
    expect(alert?.mail.html).toContain(`${site.url}/cloaked/`)
  }, 20_000)
})

describe('the parts of the first set-up', () => {
  it('are for whoever began it, until they are done with it', async () => {
    await begin()
    const olga = await somebody(site, 'olga@example.org')
    expect((await olga.get('/setup/mail/')).status).toBe(404)
    await site.appliance.app.store.administration.setAdmin(olga.userId, true)
    expect((await olga.get('/setup/mail/')).location).toBe('/admin/config/')
    expect((await ada.get('/setup/mail/')).status).toBe(200)
    await ada.submit('/setup/people/', { do: 'skip' })
    expect((await ada.get('/setup/mail/')).location).toBe('/admin/config/')
    expect((await ada.get('/setup/')).status).toBe(404)
  })

  it('propose the address in use, and print the line that fixes it', async () => {
    await begin()
    const { text } = await ada.get('/setup/site/')
    expect(text).toContain(`name="SITE_ROOT" value="${site.url}"`)
    expect(text).toContain(`<code>SITE_ROOT=${site.url}</code>`)
    const wrong = await ada.submit('/setup/site/', { SITE_NAME: 'Kept', SITE_ROOT: 'home' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('value="Kept"')
    expect(wrong.text).toContain('Unexpected value SITE_ROOT=home')
  })

  it('show what the environment has, and go on', async () => {
    await begin({ EMAIL_HOST: 'relay.example.org', REGISTRATION_OPEN: 'True', SITE_NAME: 'Fixed' })
    for (const [step, value] of [
      ['site', 'Fixed'],
      ['mail', 'relay.example.org'],
      ['people', 'True'],
    ]) {
      const { text } = await ada.get(`/setup/${step}/`)
      expect(text).toContain(`>${value}</output>`)
      expect(text).toContain('Set by environment')
      expect((await ada.submit(`/setup/${step}/`, {})).status).toBe(303)
    }
  })
})
