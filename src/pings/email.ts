import type { Server } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { textsOfHtml } from '../core/html'
import { readMail } from '../core/mime/mail'
import type { MailText } from '../core/ping'
import { MINUTE, SECOND } from '../core/time'
import type { AddressStore } from '../store/addresses'
import type { Arrival, CheckStore } from '../store/checks'
import { StoreUnavailable } from '../store/problems'
import type { Clock } from '../world/clock'
import type { Countries } from '../world/countries'
import type { Log } from '../world/log'
import type { Bounces } from './bounces'
import type { PingCounts } from './counts'
import type { PingIntake } from './intake'
import { discreetAddress, recipientOf } from './recipient'
import type { Recipient } from './recipient'

/** spec/ping-api.md [P50], spec/operations.md §10.3 */
const MOST_RECIPIENTS = 100
const MOST_SESSIONS = 50
const IDLE_MS = 60 * SECOND

/** A session that never falls idle ends all the same: a sender that trickles must not hold its place. */
const LONGEST_SESSION_MS = 15 * MINUTE

/** Most bytes of mails in memory over all sessions, unless a single mail may be larger; then that one. */
const MOST_BYTES = 134_217_728

/** Longer ones are cut: spec/ping-api.md §8. */
const USER_AGENT_CHARACTERS = 200

const TOO_MANY = refusal(452, '4.3.1 Too many mails at once, try again later')

/** Pieces of HTML that are read before others get a turn. */
const PIECES_A_TURN = 5000

export interface EmailOptions {
  /** In lower case. */
  domain: string
  /** Of a whole mail. */
  maxBytes: number
  /** Of what is kept of it; read at use, since it may change. */
  bodyLimitBytes: number
  intake: Pick<PingIntake, 'submitTogether'>
  checks: Pick<CheckStore, 'findByCode'>
  addresses: Pick<AddressStore, 'checksAt'>
  /** Whose mails are refused by where they come from; null or absent: nobody's. */
  countries?: Pick<Countries, 'isBlocked'> | null
  counts?: Pick<PingCounts, 'rejected'>
  /** Mails of ours that come back; null or absent: they go elsewhere. */
  bounces?: Bounces | null
  clock: Clock
  log: Log
}

/** The door for pings by mail. */
export interface MailDoor {
  /** Not listening yet. */
  server: Server
  /** Takes no new sessions, and ends those that are still there when patience ends. */
  close(patienceMs: number): Promise<void>
}

/** An SMTP server that takes mails to checks, mails of ours that come back, and nothing else (spec/ping-api.md §14; RFC 5321). */
export function mailDoor(options: EmailOptions): MailDoor {
  const { domain, maxBytes, countries, bounces, log } = options
  const mostBytes = Math.max(MOST_BYTES, maxBytes)
  let heldBytes = 0
  const underWay = new Set<string>()

  const door = new SMTPServer({
    banner: 'Rollcall takes pings',
    size: maxBytes,
    rejectOversized: true,
    maxRecipients: MOST_RECIPIENTS,
    maxClients: MOST_SESSIONS,
    socketTimeout: IDLE_MS,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,

    onRcptTo({ address }, { remoteAddress }, answer) {
      if (bounces?.idIn(address)) return answer()
      if (countries?.isBlocked(remoteAddress)) {
        options.counts?.rejected(403)
        return answer(refusal(550, '5.7.1 Forbidden'))
      }
      const recipient = recipientOf(address, domain)
      if (typeof recipient === 'string') answer(refusal(550, `5.1.1 ${recipient}`))
      else answer()
    },

    onData(stream, session, answer) {
      underWay.add(session.id)
      void gather(stream, session).then(async (raw) => {
        answer(raw === null ? TOO_MANY : await takeOrRefuse(raw, session), 'OK')
        underWay.delete(session.id)
      })
    },
  })

  /** The whole mail; null when there is no room for it. What is too large is dropped and refused by the server. */
  function gather(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Buffer | null> {
    const chunks: Buffer[] = []
    let bytes = 0
    let isRefused = false
    return new Promise((resolve) => {
      const drop = (): void => {
        heldBytes -= bytes
        bytes = 0
        chunks.length = 0
      }
      stream.on('data', (chunk: Buffer) => {
        if (isRefused) return
        isRefused = heldBytes + chunk.length > mostBytes || bytes + chunk.length > maxBytes
        if (isRefused) return drop()
        chunks.push(chunk)
        bytes += chunk.length
        heldBytes += chunk.length
      })
      stream.once('end', () => resolve(isRefused ? null : Buffer.concat(chunks, bytes)))
      // The sender went away in the middle: nothing is recorded.
      stream.once('close', () => {
        if (stream.readableEnded) return
        drop()
        underWay.delete(session.id)
      })
    })
  }

  /** What to tell the sender instead of OK, or null. */
  async function takeOrRefuse(raw: Buffer, session: SMTPServerSession): Promise<Error | null> {
    try {
      await take(raw, session)
      return null
    } catch (cause) {
      options.counts?.rejected(503)
      log.error('a mail could not be kept', { cause })
      return refusal(451, '4.3.0 Try again later')
    } finally {
      heldBytes -= raw.length
    }
  }

  /** Records the mail for all whom it is for, or throws and has recorded it for nobody. */
  async function take(raw: Buffer, { envelope, remoteAddress }: SMTPServerSession): Promise<void> {
    const codes: { code: string; address: string }[] = []
    for (const { address } of envelope.rcptTo) {
      const bounceId = bounces?.idIn(address) ?? null
      if (bounces && bounceId !== null) {
        await bounces.take(bounceId, raw)
        continue
      }
      const recipient = recipientOf(address, domain)
      if (typeof recipient === 'string') continue
      const found = await codesOf(recipient)
      if (found.length === 1) codes.push({ code: found[0]!, address })
      else if (found.length === 0) turnedAway(404, 'Check not found', address)
      else turnedAway(409, 'Ambiguous slug', address)
    }
    if (codes.length === 0) return
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address
    const ping: Arrival['ping'] = {
      at: options.clock(),
      signal: 'success',
      exitStatus: null,
      runId: null,
      scheme: 'email',
      method: '',
      userAgent: `Email from ${sender || '<>'}`.slice(0, USER_AGENT_CHARACTERS),
      remoteAddress: remoteAddress === '' ? null : remoteAddress,
      // A copy, because a part would hold on to the whole mail while it waits.
      body: options.bodyLimitBytes === 0 ? null : Buffer.from(raw.subarray(0, options.bodyLimitBytes)),
      mail: await searchable(raw),
    }
    // Once more, because reading a large mail takes its time.
    ping.at = options.clock()
    const receipts = await options.intake.submitTogether(codes.map(({ code }) => ({ code, ping })))
    if (receipts === 'overloaded') throw new StoreUnavailable('busy', null)
    for (const [i, receipt] of receipts.entries()) {
      if (receipt === null) turnedAway(404, 'Check not found', codes[i]?.address ?? '')
    }
  }

  async function codesOf(recipient: Recipient): Promise<string[]> {
    if ('slug' in recipient) return options.addresses.checksAt(recipient.pingKey, recipient.slug)
    const check = await options.checks.findByCode(recipient.code)
    return check === null ? [] : [check.code]
  }

  /** Counted like a ping over HTTP that would have been answered with this status. */
  function turnedAway(status: number, what: string, address: string): void {
    options.counts?.rejected(status)
    log.info(`${what}: ${discreetAddress(address)}`)
  }

  // Sessions that break off are their senders' affair; whoever starts the server hears of its own troubles.
  door.on('error', (cause: Error) => log.debug('a mail session broke off', { reason: cause.message }))
  door.on('connect', ({ id }) => {
    for (const connection of door.connections) if (connection.id === id) inTheWordsOfTheSpec(connection)
  })
  door.server.on('connection', (socket) => {
    const timer = setTimeout(() => socket.destroy(), LONGEST_SESSION_MS)
    socket.once('close', () => clearTimeout(timer))
  })

  return {
    server: door.server,
    close(patienceMs) {
      if (!door.server.listening) return Promise.resolve()
      door.options.closeTimeout = patienceMs
      const closed = new Promise<void>((resolve) => door.close(() => resolve()))
      // A sender that is not in the middle of a mail loses nothing and comes back.
      for (const connection of door.connections) {
        if (underWay.has(connection.id)) continue
        connection.send(421, 'Server shutting down')
        connection.close()
      }
      return closed
    },
  }
}

/** What filters may search, of the whole mail: spec/ping-api.md [P54]. Nothing when there is no sense in it. */
async function searchable(raw: Buffer): Promise<MailText> {
  const mail = readMail(raw)
  if (mail === null) return { subject: '', body: '' }
  const parts = [mail.text, mail.html === null ? null : await unhurried(textsOfHtml(mail.html))]
  return { subject: mail.subject, body: parts.filter((part) => part !== null).join('\n') }
}

/** Goes through the pieces without keeping pings waiting. */
async function unhurried(pieces: Iterable<string>): Promise<string> {
  const read: string[] = []
  let count = 0
  for (const piece of pieces) {
    if (piece !== '') read.push(piece)
    if (++count % PIECES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return read.join('')
}

/**
 * The library has words of its own for two answers: it says 'Accepted' where the spec says 'OK', and 501
 * to a recipient that is no address at all, where the spec knows 550 only ([P50]).
 */
function inTheWordsOfTheSpec(connection: {
  send(code: number, data: string | string[], context?: string): void
}): void {
  const send = connection.send.bind(connection)
  connection.send = (code, data, context) => {
    if (context === 'RCPT_TO_OK') send(code, 'OK', context)
    else if (context === 'MAILBOX_SYNTAX_ERROR') send(550, '5.1.1 Recipient rejected', context)
    else send(code, data, context)
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
