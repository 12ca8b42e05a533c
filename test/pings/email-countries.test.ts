import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databases } from '../support/databases'
import { mailSite } from '../support/mail-site'
import type { MailSite } from '../support/mail-site'
import { smtpTalk } from '../support/smtp-talk'

// spec/ping-api.md [P45]
describe('mails from a country that is refused', () => {
  let site: MailSite
  beforeEach(async () => {
    site = await mailSite(databases[0]!)
  })
  afterEach(() => site.close())

  it.each([
    [['127.0.0.1'], '550 5.7.1 Forbidden'],
    [['203.0.113.7'], '250 OK'],
  ])('are turned away at their recipients: %s', async (blocked, reply) => {
    const check = await site.add()
    const isBlocked = (address: string | null) => blocked.includes(address ?? '')
    const talk = await smtpTalk(await site.listening({ countries: { isBlocked } }))
    await talk.say('EHLO there')
    await talk.say('MAIL FROM:<a@b.org>')
    expect(await talk.say(`RCPT TO:<${site.at(check)}>`)).toBe(reply)
    talk.close()
  })
})
