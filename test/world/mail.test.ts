import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { SMTPServerOptions } from 'smtp-server'
import type { MailConfig } from '../../src/config'
import type { Delivery } from '../../src/core/delivery'
import { smtpMailer } from '../../src/world/mail'
import type { Mail } from '../../src/world/mail'
import { smtpError, smtpRelay } from './smtp-relay'
import type { Relay } from './smtp-relay'

const relays: Relay[] = []
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()))
})

async function aRelay(options: SMTPServerOptions = {}): Promise<Relay> {
  const relay = await smtpRelay(options)
  relays.push(relay)
  return relay
}

const aMail: Mail = {
  to: 'alice@example.org',
  subject: 'DOWN | Nächtlich\r\nBcc: everybody@example.org',
  text: 'It is down.\n',
  html: '<p>It is down.</p>',
  id: 'n-1',
  bounceId: 'n.1',
  headers: {
    'List-Unsubscribe': `<https://hc.example.org/${'x'.repeat(120)}/>`,
    'Auto-Submitted': 'auto-generated',
  },
}

function send(
  port: number,
  mail: Partial<MailConfig> = {},
  template: string | null = null,
): Promise<Delivery> {
  return smtpMailer({
    mail: { host: '127.0.0.1', port, tls: 'none', user: '', password: '', timeoutMs: 2000, ...mail },
    mailFrom: '"Roll, call" <alerts@example.org>',
    mailFromTemplate: template,
  }).send(aMail)
}

describe('a mail', () => {
  it('arrives with its headers, and an id that is the same in every attempt', async () => {
    const relay = await aRelay()
    expect(await send(relay.port)).toEqual({ ok: true })
    const [got] = relay.received
    expect(got).toMatchObject({ from: 'alerts@example.org', to: ['alice@example.org'] })
    expect(got?.mail).toMatchObject({
      subject: 'DOWN | Nächtlich Bcc: everybody@example.org',
      from: { address: 'alerts@example.org', name: 'Roll, call' },
      messageId: '<n-1@example.org>',
    })
    expect(got?.mail.text?.trimEnd()).toBe('It is down.')
    expect(got?.raw).toContain(`List-Unsubscribe: ${aMail.headers?.['List-Unsubscribe']}\r\n`)
  })

  it('bears the bounce id in the sender of its envelope, and nowhere else', async () => {
    const relay = await aRelay()
    await send(relay.port, {}, '%s@bounces.example.org')
    expect(relay.received[0]?.from).toBe('n.1@bounces.example.org')
    expect(relay.received[0]?.raw).not.toContain('n.1@')
  })
})

describe('a relay', () => {
  it('that knows nobody by this address disables it', async () => {
    const relay = await aRelay({
      onRcptTo: (_, _session, done) => done(smtpError(550, '5.1.1 No such user')),
    })
    expect(await send(relay.port)).toEqual({
      ok: false,
      kind: 'permanent',
      reason: 'Delivery failed (550 5.1.1 No such user)',
    })
  })

  it('that refuses for another reason is not asked again', async () => {
    const relay = await aRelay({ onRcptTo: (_, _session, done) => done(smtpError(550, '5.7.1 Not for you')) })
    expect(await send(relay.port)).toMatchObject({
      kind: 'final',
      reason: 'Delivery failed (550 5.7.1 Not for you)',
    })
  })

  it('that cannot now is asked later', async () => {
    const relay = await aRelay({
      onRcptTo: (_, _session, done) => done(smtpError(451, '4.3.0 Later, please')),
    })
    expect(await send(relay.port)).toMatchObject({
      kind: 'temporary',
      reason: 'Delivery failed (451 4.3.0 Later, please)',
    })
  })

  it('that does not offer STARTTLS gets no mail when it is asked for', async () => {
    const relay = await aRelay()
    expect(await send(relay.port, { tls: 'starttls' })).toEqual({
      ok: false,
      kind: 'temporary',
      reason: 'the relay does not offer STARTTLS (EMAIL_USE_TLS)',
    })
    expect(relay.received).toEqual([])
  })

  it('whose certificate nobody vouches for gets no mail', async () => {
    const relay = await aRelay({ disabledCommands: [] })
    const delivery = await send(relay.port, { tls: 'starttls' })
    expect(delivery).toMatchObject({ kind: 'temporary' })
    expect(!delivery.ok && delivery.reason).toMatch(/^TLS handshake failed \(.+\)$/)
    expect(relay.received).toEqual([])
  })

  it('that does not take the password is named as that', async () => {
    const relay = await aRelay({
      authMethods: ['PLAIN'],
      allowInsecureAuth: true,
      onAuth: (_, _session, done) => done(smtpError(535, '5.7.8 No')),
    })
    expect(await send(relay.port, { user: 'rollcall', password: 'wrong' })).toMatchObject({
      kind: 'temporary',
      reason: 'SMTP login failed',
    })
  })

  it('that is not there, or hangs up, is tried later', async () => {
    const rude = createServer((socket) => socket.resume().end('220 hello\r\n'))
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    const { port } = rude.address() as AddressInfo
    expect(await send(port)).toMatchObject({ kind: 'temporary', reason: 'Connection failed' })
    await new Promise((resolve) => rude.close(resolve))
    expect(await send(port)).toMatchObject({ kind: 'temporary', reason: 'Connection failed' })
  })

  it('that says nothing is given up after the time limit', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    expect(await send(port, { timeoutMs: 60 })).toMatchObject({
      kind: 'temporary',
      reason: 'Connection timed out',
    })
    silent.close()
  })

  it('that talks without an end is given up too', async () => {
    const chatty = createServer((socket) => {
      const talking = setInterval(() => socket.write('250-and another thing\r\n'), 10)
      socket.on('error', () => {}).on('close', () => clearInterval(talking))
      socket.resume().write('220 hello\r\n')
    })
    await new Promise<void>((resolve) => chatty.listen(0, '127.0.0.1', resolve))
    const { port } = chatty.address() as AddressInfo
    expect(await send(port, { timeoutMs: 40 })).toMatchObject({
      kind: 'temporary',
      reason: 'Connection timed out',
    })
    await new Promise((resolve) => chatty.close(resolve))
  })

  it('that nobody configured cannot be asked', async () => {
    const mailer = smtpMailer({ mail: null, mailFrom: 'a@example.org', mailFromTemplate: null })
    expect(await mailer.send(aMail)).toMatchObject({ ok: false, reason: 'SMTP is not configured' })
  })
})
