import { describe, expect, it } from 'vitest'
import { flipMail, flipMailPage } from '../../src/integrations/email/flip'
import { email, emailAddressOf } from '../../src/integrations/kinds/email'
import { smtpMailer } from '../../src/world/mail'
import { templates } from '../../src/world/templates'
import vectors from '../vectors/integrations.json'
import { smtpRelay } from '../world/smtp-relay'
import { CHANNEL, NOTIFICATION, channelOf, config, noticeOf, oursign, recorder } from './sample'

const ADDRESS = '{"value":"alice@example.org","up":true,"down":true}'

const context = { ...config, unsubscribeUrl: 'https://hc.example.org/unsub/' }

function linesOfText(notice: Parameters<typeof flipMail>[0]): string[] {
  return flipMail(notice, context, templates()).text.split('\n')
}

interface MailVector {
  id: string
  event: string
  channel: { value: string }
  expect: {
    smtp: {
      envelope_to: string[]
      headers: Record<string, string>
      headers_absent: string[]
      text: string
      html_contains: string[]
      html_not_contains: string[]
    }
  }[]
}

describe('the mail that tells of a flip', () => {
  const mails = vectors.vectors.filter(({ kind }) => kind === 'email') as unknown as MailVector[]

  it('names the lines of an OnCalendar schedule and its zone, each on a line of its own', () => {
    const expression = 'Mon..Fri 09:00\nSat 12:00 Europe/Berlin'
    const notice = noticeOf(mails[0]!.event)
    const check = {
      ...notice.check,
      schedule: { kind: 'oncalendar', expression, tz: 'Europe/Riga' } as const,
    }
    const { text, html } = flipMail({ ...notice, check }, context, templates())
    expect(text).toContain(`Schedule: ${expression}\nTime Zone: Europe/Riga\n`)
    expect(html).toContain('<code>Mon..Fri 09:00</code><br><code>Sat 12:00 Europe/Berlin</code>')
  })

  it.each(mails)('is as $id says, on the wire', async ({ event, channel, expect: [expected] }) => {
    const relay = await smtpRelay()
    const { tools, mails: kept } = recorder()
    const notice = noticeOf(event)
    const signed = oursign.stamp('alerts', CHANNEL, notice.nowAt)
    const known: Record<string, string> = {
      unsub_url: `https://hc.example.org/integrations/${CHANNEL}/unsub/${signed}/`,
      any: NOTIFICATION,
    }
    const filled = (text: string): string =>
      text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => known[name] ?? '')
    const smtp = expected?.smtp

    const { send } = smtpMailer({ ...config, mail: { ...config.mail!, port: relay.port } })
    const mailer = { send: (mail: Parameters<typeof send>[0]) => (kept.push(mail), send(mail)) }
    const attempt = await email.attempt(channelOf('email', channel.value), notice, { ...tools, mailer })
    await relay.close()

    expect(attempt.delivery).toEqual({ ok: true })
    expect(kept[0]?.text).toBe(filled(smtp?.text ?? ''))
    const [got] = relay.received
    expect(got?.to).toEqual(smtp?.envelope_to)
    expect(oursign.readBounceId(got?.from.replace('@bounces.example.org', '') ?? '')?.id).toBe(NOTIFICATION)
    const headers = new Map(got?.mail.headers.map(({ key, value }) => [key, value]))
    for (const [name, value] of Object.entries(smtp?.headers ?? {})) {
      expect(headers.get(name.toLowerCase())).toBe(filled(value))
    }
    for (const name of smtp?.headers_absent ?? []) expect(headers.has(name.toLowerCase())).toBe(false)
    for (const part of smtp?.html_contains ?? []) expect(got?.mail.html).toContain(filled(part))
    for (const part of smtp?.html_not_contains ?? []) expect(got?.mail.html).not.toContain(part)
  })

  it('says what it can of a check that was never pinged', () => {
    const lines = linesOfText(noticeOf('no-last-ping-unnamed'))
    expect(lines).toContain('Total Pings: 0 (since Nov 2, 2025)')
    expect(lines).toContain('Last Ping: Never')
    expect(lines).toContain('Period: 8 days')
    expect(lines.join('\n')).not.toContain('Last Ping Type')
  })

  it('leads to the channels of the project when it is a test', () => {
    expect(linesOfText(noticeOf('test-button'))).toContain(
      'Open in Mychecks: https://hc.example.org/projects/5a3c1e77-0c2b-4b7e-9f57-2f6d0a9b1c34/integrations/',
    )
  })

  it('shows what people wrote as they wrote it, never as mark-up', () => {
    const notice = noticeOf('emoji-markup-name')
    const { subject, text, html } = flipMail(notice, context, templates())
    expect(subject).toBe(`DOWN | ${notice.check.name}`)
    expect(text).toContain(`${notice.check.name} is DOWN`)
    expect(html).not.toContain('<b>')
    expect(html).toContain('&lt;b&gt;')
  })

  it('shows the end of a long body, says so, and folds its lines in the text part', () => {
    const notice = noticeOf('down')
    const lastBody = Buffer.from(`begin ${'word '.repeat(3000)}end`)
    const long = { ...notice, lastBody, lastPing: { ...notice.lastPing!, bodyBytes: lastBody.length } }
    const text = linesOfText(long)
    expect(text).toContain(`These are the last 10000 of 15009 characters.`)
    expect(text.join('\n')).not.toContain('begin')
    const folded = text.slice(text.indexOf('Last Ping Body') + 5, text.indexOf('Projects') - 1)
    expect(Math.max(...folded.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(flipMail(long, context, templates()).html).toContain('#ping-1234')
  })

  it('points to the check while the body is still being stored', () => {
    expect(linesOfText({ ...noticeOf('down'), lastBody: null })).toContain(
      'The ping body is still being stored; open the check to see it.',
    )
  })

  it('shows an exit status that came with a success in the coloured chip', () => {
    const chip = flipMailPage(noticeOf('down'), context).details.find(
      ({ label }) => label === 'Last Ping Type',
    )
    expect(chip).toMatchObject({
      text: 'Success',
      look: { kind: 'chip', word: 'Exit status 0', tone: 'good' },
    })
  })
})

describe('an e-mail channel', () => {
  it('is told nothing before its address is confirmed', async () => {
    const { mails, tools } = recorder()
    const channel = { ...channelOf('email', ADDRESS), verified: false }
    const { delivery, again } = await email.attempt(channel, noticeOf('down'), tools)
    expect(delivery).toEqual({ ok: false, kind: 'final', reason: 'Email not verified' })
    expect(again).toBe(false)
    expect(mails).toEqual([])
  })

  it('may be kept as a bare address, as in older data', () => {
    expect(email.describe('alice@example.org')).toBe('alice@example.org')
    expect(email.wants('alice@example.org')).toEqual({ down: true, up: true })
    expect(emailAddressOf('alice@example.org')).toBe('alice@example.org')
  })

  it('that is unreadable says so everywhere, and breaks nothing', async () => {
    for (const value of ['', '{', 'null', '[]', '{"up":1}']) {
      expect(email.describe(value)).toBe('Broken configuration')
      expect(email.toForm(value)).toEqual({ value: '', down: 'true', up: 'true' })
      expect(emailAddressOf(value)).toBeNull()
      const { delivery } = await email.attempt(channelOf('email', value), noticeOf('down'), recorder().tools)
      expect(delivery).toMatchObject({ kind: 'final', reason: 'Invalid configuration' })
    }
  })
})

it('asks whoever reads the address to confirm it', () => {
  const link = `https://hc.example.org/integrations/${CHANNEL}/verify/${oursign.sign('verify', CHANNEL)}/`
  const page = { subject: 'Confirm', siteName: 'Mychecks', projectName: 'Home <lab>', link }
  expect(templates().fill('email/verify-channel.text', page)).toContain(`"Home <lab>" to this address.`)
  expect(templates().fill('email/verify-channel.text', page)).toContain(`\n${link}\n`)
  expect(templates().fill('email/verify-channel.html', page)).toContain(`href="${link}"`)
  expect(templates().fill('email/verify-channel.html', page)).toContain('Home &lt;lab&gt;')
})

describe('what a mail says of what was not told before', () => {
  const stretch = (status: 'up' | 'down', minute: number) => ({
    status,
    reason: status === 'down' ? ('fail' as const) : ('' as const),
    at: Date.UTC(2026, 0, 15, 2, minute),
    untilAt: Date.UTC(2026, 0, 15, 2, minute + 5),
  })

  it('is nothing when that is nothing', () => {
    expect(linesOfText(noticeOf('up')).join('\n')).not.toContain('Not told before')
  })

  it('is one sentence for one change, in the zone of its reader, in both parts', () => {
    const notice = { ...noticeOf('up'), missed: { count: 1, stretches: [stretch('down', 0)] } }
    const said =
      'Not told before: it was DOWN (the job reported a failure) from Thu, 15 Jan 2026 04:00:00 +0200 to Thu, 15 Jan 2026 04:05:00 +0200.'
    expect(linesOfText(notice)).toContain(said)
    expect(flipMail(notice, context, templates()).html).toContain(said)
  })

  it('is a list of the last ones for more', () => {
    const stretches = [stretch('down', 0), stretch('up', 5)]
    const lines = linesOfText({ ...noticeOf('down'), missed: { count: 30, stretches } })
    expect(lines).toContain('Not told before: 30 changes, the last 2 of them:')
    expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(2)
    expect(lines.join('\n')).toContain('- UP from Thu, 15 Jan 2026 04:05:00 +0200')
  })
})
