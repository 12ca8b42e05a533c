import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PingIntake } from '../../src/pings/intake'
import { StoreUnavailable } from '../../src/store/problems'
import { NOON } from '../support/build'
import { databases } from '../support/databases'
import { mailSite, NO_FILTERS } from '../support/mail-site'
import type { MailSite } from '../support/mail-site'
import { mailTo, smtpTalk } from '../support/smtp-talk'

describe.each(databases)('pings by mail on $name', (database) => {
  let site: MailSite
  beforeEach(async () => {
    site = await mailSite(database)
  })
  afterEach(() => site.close())

  it('takes what a mail program sends, and keeps it as it came', async () => {
    const check = await site.add()
    const transport = createTransport({ host: '127.0.0.1', port: site.port, ignoreTLS: true })
    await transport.sendMail({
      from: 'Backup <backup@example.org>',
      to: site.at(check),
      subject: 'Sauvegarde terminée ✓',
      text: 'Tout va bien.',
      html: '<p>Tout va <b>bien</b>.</p>',
    })
    transport.close()
    expect(await site.now(check)).toMatchObject({ status: 'up', lastPingAt: NOON, pingCount: 1 })
    expect(await site.lastOf(check)).toMatchObject({
      kind: 'success',
      scheme: 'email',
      method: '',
      userAgent: 'Email from backup@example.org',
      remoteAddress: '127.0.0.1',
      exitStatus: null,
      runId: null,
    })
    expect((await site.store.pings.body(check.id, 1))?.toString()).toMatch(
      /^From: Backup <backup@example\.org>\r\n/,
    )
  })

  it('speaks SMTP with those who do it by hand', async () => {
    const check = await site.add()
    const talk = await smtpTalk(site.port)
    const hello = await talk.say('EHLO there')
    expect(hello).toContain('SIZE 200000')
    expect(hello).not.toMatch(/AUTH|STARTTLS/)
    expect(await talk.say('RCPT TO:<a@b>')).toMatch(/^503/)
    expect(await talk.say('MAIL FROM:<>')).toMatch(/^250/)
    expect(await talk.say(`RCPT TO:<${check.code.toUpperCase()}@PING.example.ORG>`)).toBe('250 OK')
    expect(await talk.say('DATA')).toMatch(/^354/)
    talk.socket.write('no headers at all\r\n..a line with a dot\r\n')
    expect(await talk.say('.')).toBe('250 OK')
    expect(await talk.say('QUIT')).toMatch(/^221/)
    expect(await site.lastOf(check)).toMatchObject({ kind: 'success', userAgent: 'Email from <>' })
    expect((await site.store.pings.body(check.id, 1))?.toString()).toBe(
      'no headers at all\r\n.a line with a dot\r\n',
    )
  })

  it.each([
    ['<somebody@elsewhere.org>', '550 5.1.1 Recipient rejected'],
    ['<somebody>', '550 5.1.1 Recipient rejected'],
    ['<a@b@ping.example.org>', '550 5.1.1 Recipient rejected'],
    ['<somebody@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<11111111-2222-1333-8444-555555555555@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<11111111-2222-4333-c444-555555555555@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<abcdefghijklmnopqrstu+job@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<abcdefghijklmnopqrstuv+Job@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<abcdefghijklmnopqrstuv+@ping.example.org>', '550 5.1.1 Invalid mailbox'],
    ['<11111111-2222-4333-8444-555555555555@ping.example.org>', '250 OK'],
    ['<abc-efghijklm_opqrstUV+job-2_x@ping.example.org>', '250 OK'],
  ])('answers a recipient %s with %s, whether there is such a check or not', async (recipient, reply) => {
    const talk = await smtpTalk(site.port)
    await talk.say('EHLO there')
    await talk.say('MAIL FROM:<a@b.org>')
    expect(await talk.say(`RCPT TO:${recipient}`)).toBe(reply)
    talk.close()
  })

  it('records the ping of each recipient that there is, and tells the sender nothing of the others', async () => {
    const [one, other] = [await site.add(), await site.add()]
    const stranger = '11111111-2222-4333-8444-555555555555@ping.example.org'
    const reply = await mailTo(site.port, [site.at(one), stranger, site.at(other)], 'Subject: done\r\n\r\nok')
    expect(reply).toBe('250 OK')
    expect([(await site.now(one)).pingCount, (await site.now(other)).pingCount]).toEqual([1, 1])
    expect(site.logged.map(({ message }) => message)).toEqual([`Check not found: ${stranger}`])
  })

  it('finds a check by ping key and slug, if there is exactly one', async () => {
    const key = 'abcdefghijklmnopqrstuv'
    const addresses = {
      checksAt: (pingKey: string, slug: string) =>
        Promise.resolve(
          pingKey !== key
            ? []
            : slug === 'twice'
              ? [twice.code, check.code]
              : slug === 'job'
                ? [check.code]
                : [],
        ),
    }
    const [check, twice] = [await site.add({ slug: 'job' }), await site.add({ slug: 'twice' })]
    const there = await site.listening({ addresses })
    const to = (slug: string) => `${key}+${slug}@ping.example.org`
    expect(await mailTo(there, [to('job'), to('twice'), to('none')], 'Subject: x\r\n\r\n')).toBe('250 OK')
    expect([(await site.now(check)).pingCount, (await site.now(twice)).pingCount]).toEqual([1, 0])
    expect(site.logged.map(({ message }) => message)).toEqual([
      'Ambiguous slug: abcd…+twice@ping.example.org',
      'Check not found: abcd…+none@ping.example.org',
    ])
  })

  it('keeps the beginning of a long mail, but reads all of it', async () => {
    const filters = { ...NO_FILTERS, failWords: 'ERROR', body: true }
    const check = await site.add({ filters })
    await mailTo(
      site.port,
      site.at(check),
      `Subject: log\r\n\r\n${'all is well\r\n'.repeat(5000)}ERROR at the end`,
    )
    expect(await site.lastOf(check)).toMatchObject({ kind: 'fail', bodyBytes: 1000 })
  })

  it('refuses a mail that is too large, and the session goes on', async () => {
    const check = await site.add()
    const talk = await smtpTalk(site.port)
    await talk.say('EHLO there')
    expect(await talk.say('MAIL FROM:<a@b.org> SIZE=200001')).toMatch(/^552 /)
    await talk.say('MAIL FROM:<a@b.org>')
    await talk.say(`RCPT TO:<${site.at(check)}>`)
    await talk.say('DATA')
    talk.socket.write(`Subject: long\r\n\r\n${'0123456789\r\n'.repeat(40_000)}`)
    expect(await talk.say('.')).toMatch(/^552 /)
    expect(await talk.say('NOOP')).toMatch(/^250/)
    talk.close()
    expect((await site.now(check)).pingCount).toBe(0)
  })

  it('takes up to 100 recipients', async () => {
    const talk = await smtpTalk(site.port)
    await talk.say('EHLO there')
    await talk.say('MAIL FROM:<a@b.org>')
    const reply = (n: number) =>
      talk.say(`RCPT TO:<11111111-2222-4333-8444-${String(n).padStart(12, '0')}@ping.example.org>`)
    for (let n = 0; n < 100; n++) expect(await reply(n)).toBe('250 OK')
    expect(await reply(100)).toMatch(/^452 /)
    talk.close()
  })

  it('has 50 sessions at a time', async () => {
    const talks = await Promise.all(Array.from({ length: 50 }, () => smtpTalk(site.port)))
    expect(await (await smtpTalk(site.port)).say('NOOP')).toBe('closed')
    for (const talk of talks) talk.close()
  })

  it('lets the sender come back when the database is away, and records nobody twice', async () => {
    const [one, other] = [await site.add(), await site.add()]
    let isAway = true
    const checks = {
      recordPings: (arrivals: Parameters<typeof site.store.checks.recordPings>[0]) =>
        isAway
          ? Promise.reject(new StoreUnavailable('unreachable', null))
          : site.store.checks.recordPings(arrivals),
    }
    const intake = new PingIntake({ ...site.store, checks, onFlips: () => undefined })
    const there = await site.listening({ intake })
    const both = [site.at(one), site.at(other)]
    expect(await mailTo(there, both, 'Subject: x\r\n\r\n')).toBe('451 4.3.0 Try again later')
    isAway = false
    expect(await mailTo(there, both, 'Subject: x\r\n\r\n')).toBe('250 OK')
    expect([(await site.now(one)).pingCount, (await site.now(other)).pingCount]).toEqual([1, 1])
  })

  it('forgets a mail that breaks off in the middle', async () => {
    const check = await site.add()
    const talk = await smtpTalk(site.port)
    await talk.say('EHLO there')
    await talk.say('MAIL FROM:<a@b.org>')
    await talk.say(`RCPT TO:<${site.at(check)}>`)
    await talk.say('DATA')
    await new Promise<void>((resolve) => talk.socket.write('Subject: half of', () => resolve()))
    talk.close()
    expect(await mailTo(site.port, site.at(check), 'Subject: whole\r\n\r\n')).toBe('250 OK')
    expect((await site.now(check)).pingCount).toBe(1)
  })

  it('lets idle senders go when it is closed, and takes the mail that is under way', async () => {
    const check = await site.add()
    const [idle, busy] = [await smtpTalk(site.port), await smtpTalk(site.port)]
    await busy.say('EHLO there')
    await busy.say('MAIL FROM:<a@b.org>')
    await busy.say(`RCPT TO:<${site.at(check)}>`)
    await busy.say('DATA')
    const closed = site.door.close(20_000)
    expect(await idle.reply()).toMatch(/^421 /)
    expect(await busy.say('Subject: late\r\n\r\nx\r\n.')).toBe('250 OK')
    await busy.say('QUIT')
    busy.close()
    await closed
    expect((await site.now(check)).pingCount).toBe(1)
  })
})
