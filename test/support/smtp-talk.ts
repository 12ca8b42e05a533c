import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** Somebody who speaks SMTP by hand. */
export interface SmtpTalk {
  socket: Socket
  /** Says it with a line end, and gives the reply. */
  say(line: string): Promise<string>
  /** The next reply: all its lines. */
  reply(): Promise<string>
  close(): void
}

export async function smtpTalk(port: number): Promise<SmtpTalk> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  let wake = (): void => undefined
  let isOver = false
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    heard += text
    wake()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isOver = true
    wake()
  })
  const talk: SmtpTalk = {
    socket,
    async say(line) {
      socket.write(`${line}\r\n`)
      return talk.reply()
    },
    async reply() {
      for (;;) {
        const whole = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/.exec(heard)
        if (whole) {
          heard = heard.slice(whole[0].length)
          return whole[0].trimEnd()
        }
        if (isOver) return 'closed'
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    close: () => void socket.destroy(),
  }
  await talk.reply()
  return talk
}

/** A whole mail from the greeting to the end; the last reply. `raw` is dot-stuffed here. */
export async function mailTo(
  port: number,
  to: string | string[],
  raw: string | Buffer,
  from = 'cron@example.org',
) {
  const talk = await smtpTalk(port)
  const said = [await talk.say('EHLO client'), await talk.say(`MAIL FROM:<${from}>`)]
  for (const address of [to].flat()) said.push(await talk.say(`RCPT TO:<${address}>`))
  said.push(await talk.say('DATA'))
  const text = Buffer.isBuffer(raw) ? raw.toString('latin1') : Buffer.from(raw).toString('latin1')
  talk.socket.write(Buffer.from(`${text.replace(/^\./gm, '..')}\r\n.\r\n`, 'latin1'))
  said.push(await talk.reply())
  talk.close()
  return said.at(-1) ?? ''
}
