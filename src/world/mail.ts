import { format } from 'node:util'
import { createTransport } from 'nodemailer'
import type { Transporter } from 'nodemailer'
import type { Config, MailConfig } from '../config'
import type { Delivery } from '../core/delivery'
import { whileSame } from '../core/while-same'

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  attachments?: readonly { filename: string; contentType: string; content: Buffer }[]
  /** Of letters, digits, dots and dashes: the same for every attempt to send this mail, and no other. */
  id: string
  headers?: Readonly<Record<string, string>>
  /** What the envelope's sender carries, if the operator gave a template for it. */
  bounceId?: string
}

/** The way out for mails. One call is one attempt; it never rejects. */
export interface Mailer {
  send(mail: Mail): Promise<Delivery>
}

/** A relay that answers, but never gets anywhere, is left after so many of its time limits. */
const PATIENCE = 5

type MailerConfig = Pick<Config, 'mail' | 'mailFrom' | 'mailFromTemplate'>

/**
 * Sends by the relay that `config` names at that moment. `hear` is told every line that is said with it, but for
 * passwords.
 */
export function smtpMailer(config: MailerConfig, { hear }: { hear?: (line: string) => void } = {}): Mailer {
  const relayNow = whileSame(
    () => config.mail,
    (relay) => relay && { transport: connectionTo(relay, hear), patienceMs: PATIENCE * relay.timeoutMs },
  )
  return {
    async send(mail) {
      const relay = relayNow()
      if (relay === null) return temporary('SMTP is not configured')
      const sender = addressOf(config.mailFrom)
      try {
        const message = {
          from: config.mailFrom,
          to: mail.to,
          envelope: { from: envelopeSender(sender, config.mailFromTemplate, mail.bounceId), to: [mail.to] },
          subject: mail.subject.replace(/[\r\n]+/g, ' '),
          text: mail.text,
          html: mail.html,
          attachments: [...(mail.attachments ?? [])],
          messageId: `<${mail.id}@${sender.slice(sender.lastIndexOf('@') + 1)}>`,
          headers: Object.fromEntries(
            // Prepared: addresses in headers must stay in one piece for programs to read them.
            Object.entries(mail.headers ?? {}).map(([name, value]) => [name, { prepared: true, value }]),
          ),
          disableFileAccess: true,
          disableUrlAccess: true,
          signal: AbortSignal.timeout(relay.patienceMs),
        }
        await relay.transport.sendMail(message)
        return { ok: true }
      } catch (error) {
        return verdict(error as SmtpError)
      }
    },
  }
}

function connectionTo(
  { host, port, tls, user, password, timeoutMs }: MailConfig,
  hear: ((line: string) => void) | undefined,
): Transporter {
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    // Never in the clear when the operator asked for TLS, whatever the relay says it can do.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    ...(hear === undefined ? {} : { debug: true, logger: listener(hear) }),
  })
}

/** A log of nodemailer's that keeps what the two sides say, each line with its side. */
function listener(hear: (line: string) => void) {
  const log = (entry: { tnx?: string }, text: string, ...values: unknown[]): void => {
    const side = SIDES[entry.tnx ?? '']
    if (side === undefined) return
    for (const line of format(text, ...values)
      .trimEnd()
      .split(/\r?\n/))
      hear(`${side} ${line}`)
  }
  return { level() {}, trace: log, debug: log, info: log, warn: log, error: log, fatal: log }
}

const SIDES: Record<string, string> = { server: 'S:', client: 'C:', network: '--', smtp: '--' }

/** The bare address of `"Name" <a@b>`. */
function addressOf(from: string): string {
  return (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from).trim()
}

function envelopeSender(sender: string, template: string | null, bounceId: string | undefined): string {
  return template === null || bounceId === undefined ? sender : template.replace('%s', () => bounceId)
}

/** The parts of nodemailer's errors that tell what happened. */
interface SmtpError extends Error {
  code?: string
  command?: string
  /** What the relay said, and the number at its beginning. */
  response?: string
  responseCode?: number
}

/** What a failure means: spec/integrations.md §6.6, spec/operations.md §10.2. */
function verdict(error: SmtpError): Delivery {
  const { code = '', command = '', response = '', responseCode = 0 } = error
  if (code === 'EAUTH' || code === 'ENOAUTH') return temporary('SMTP login failed')
  if (code === 'ETLS' && command === 'STARTTLS' && responseCode >= 400) {
    return temporary('the relay does not offer STARTTLS (EMAIL_USE_TLS)')
  }
  if (responseCode >= 400) return refused(response, command)
  if (code === 'ETIMEDOUT' || code === 'EABORT') return temporary('Connection timed out')
  if (code === 'EDNS') return temporary('Could not resolve host')
  if (code === 'ETLS' || /certificate|altnames|ssl|tls/i.test(error.message)) {
    return temporary(`TLS handshake failed (${error.message})`)
  }
  // The address or the message is wrong by itself; no relay has been asked.
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return final(`Delivery failed (${error.message})`)
  return temporary('Connection failed')
}

function refused(response: string, command: string): Delivery {
  const reason = `Delivery failed (${response})`
  if (response.startsWith('4')) return temporary(reason)
  const nobodyThere = command === 'RCPT TO' && /^550[ -]5\.1\.\d/.test(response)
  return nobodyThere ? { ok: false, kind: 'permanent', reason } : final(reason)
}

function temporary(reason: string): Delivery {
  return { ok: false, kind: 'temporary', reason }
}

function final(reason: string): Delivery {
  return { ok: false, kind: 'final', reason }
}
