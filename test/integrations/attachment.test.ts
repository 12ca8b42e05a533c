import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { lastMailOf } from '../../src/integrations/email/attachment'
import { flipMail } from '../../src/integrations/email/flip'
import { email } from '../../src/integrations/kinds/email'
import { smtpMailer } from '../../src/world/mail'
import { templates } from '../../src/world/templates'
import { smtpRelay } from '../world/smtp-relay'
import { channelOf, config, noticeOf, recorder } from './sample'

const raw = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

/** What a mail program makes of the attachment. */
async function read(body: Buffer) {
  const { subject, attachment } = lastMailOf(body)
  for (const line of attachment.content.toString('latin1').split('\r\n')) {
    expect(line.length).toBeLessThanOrEqual(998)
    expect(line).toMatch(/^[\t\x20-\x7e]*$/)
  }
  return { subject, attachment, mail: await PostalMime.parse(attachment.content) }
}

describe('a mail that was a ping, as an attachment', () => {
  it('keeps its head, its text and its HTML', async () => {
    const { subject, attachment, mail } = await read(
      raw(
        'Date: Thu, 15 Jan 2026 12:00:00 +0000',
        'From: =?utf-8?B?SsO8cmdlbg==?= <juergen@example.org>',
        'To: "Doe, Jane" <jane@example.org>, bob@example.org',
        'Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe?= of the backup',
        'Message-ID: <1@example.org>',
        'Received: from here by there',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Größe = 3 GB',
        '.',
        '--b is no boundary',
        'trailing blank ',
        '--b',
        'Content-Type: text/html; charset=iso-8859-1',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<b>Gr=F6=DFe</b>',
        '--b--',
      ),
    )
    expect([subject, attachment.filename, attachment.contentType]).toEqual([
      'Größe of the backup',
      'last-ping.eml',
      'message/rfc822',
    ])
    expect(mail).toMatchObject({
      date: '2026-01-15T12:00:00.000Z',
      from: { name: 'Jürgen', address: 'juergen@example.org' },
      to: [
        { name: 'Doe, Jane', address: 'jane@example.org' },
        { name: '', address: 'bob@example.org' },
      ],
      subject: 'Größe of the backup',
      messageId: '<1@example.org>',
      attachments: [],
    })
    expect(mail.text?.trimEnd()).toBe('Größe = 3 GB\n.\n--b is no boundary\ntrailing blank')
    expect(mail.html?.trim()).toBe('<b>Größe</b>')
    expect(mail.headers.map(({ key }) => key)).not.toContain('received')
  })

  it('leaves out every other part, mails inside the mail above all, and says which', async () => {
    const { mail } = await read(
      raw(
        'Subject: x',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'see below',
        '--b',
        'Content-Type: application/zip; name="dump.zip"',
        '',
        'PK123',
        '--b',
        'Content-Type: message/rfc822',
        '',
        'Subject: inside',
        '',
        'secret inside',
        '--b--',
      ),
    )
    expect(mail.text).toContain('see below')
    expect(mail.text).toContain('- dump.zip, 5 bytes\n- message/rfc822, 32 bytes')
    expect(JSON.stringify(mail)).not.toContain('secret inside')
    expect(mail.attachments).toEqual([])
  })

  it('never has a long line or an odd byte, whatever came', async () => {
    const hostile = [
      raw(
        `Subject: ${'x'.repeat(5000)}`,
        `From: ${'y'.repeat(3000)} <${'z'.repeat(3000)}@é>`,
        '',
        'a'.repeat(100_000),
      ),
      raw(`Subject: ${'ü'.repeat(5000)}`, 'Date: \u0007 \u00e9', '', '\u0000\u0001\u{1f600}'.repeat(1000)),
      Buffer.concat([
        raw('Subject: cut', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'half of a le'),
        Buffer.from([0xc3]),
      ]),
      raw(
        'Subject: x',
        'From: =?utf-8?B?',
        'To: ,,,<<>>,"',
        'Content-Type: multipart/mixed; boundary=',
        '',
        '--',
      ),
    ]
    for (const body of hostile) expect((await read(body)).attachment.filename).toBe('last-ping.eml')
  })

  it('is only its beginning when there is no sense in it', () => {
    const { subject, attachment } = lastMailOf(Buffer.alloc(20_000, 0))
    expect(subject).toBe('')
    expect([attachment.filename, attachment.content.length]).toEqual(['last-ping.txt', 10_000])
  })
})

describe('the mail that tells of a flip after a ping by mail', () => {
  const body = raw('Subject: =?utf-8?Q?disk_=E2=9C=97?=', 'From: a@example.org', '', 'No space left.')
  const down = noticeOf('down')
  const notice = {
    ...down,
    lastPing: { ...down.lastPing!, scheme: 'email' as const, method: '', bodyBytes: body.length },
    lastBody: body,
  }

  it('names the subject, and points to the attachment', () => {
    const { text, html } = flipMail(notice, { ...config, unsubscribeUrl: 'https://x/' }, templates())
    expect(text).toContain('Last Ping Subject: disk ✗\n')
    expect(text).toContain('See the attachment.')
    expect(text + html).not.toContain('No space left')
    expect(flipMail(down, { ...config, unsubscribeUrl: 'https://x/' }, templates()).attachments).toEqual([])
  })

  it('arrives with the mail in it', async () => {
    const relay = await smtpRelay()
    const { tools } = recorder()
    const { send } = smtpMailer({ ...config, mail: { ...config.mail!, port: relay.port } })
    const channel = channelOf('email', '{"value":"alice@example.org","up":true,"down":true}')
    const attempt = await email.attempt(channel, notice, { ...tools, mailer: { send } })
    await relay.close()
    expect(attempt.delivery).toEqual({ ok: true })
    const whole = await PostalMime.parse(relay.received[0]!.raw, { forceRfc822Attachments: true })
    const [attached] = whole.attachments
    expect(attached).toMatchObject({ filename: 'last-ping.eml', mimeType: 'message/rfc822' })
    const inside = await PostalMime.parse(attached!.content)
    expect([inside.subject, inside.text?.trim()]).toEqual(['disk ✗', 'No space left.'])
  })
})
