import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** The person or script that called the program. */
export interface Terminal {
  /** A line of what was asked for. */
  out(line: string): void
  /** A line about what is wrong. */
  err(line: string): void
  /** Whether there is somebody to ask. */
  interactive: boolean
  /** One line of an answer; null when there will be none. Hidden answers are not shown while typed. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string | null>
  /** Bytes as they are, to standard output or standard error; resolves when there is room for more. */
  pass(to: 'out' | 'err', bytes: Buffer): Promise<void>
  /** All of standard input. */
  input(): Promise<string>
  /** The lines of standard input as they come, as many at a time as there are; a longer one comes in pieces. */
  lines(): AsyncIterable<string[]>
}

/** Longer than anything that is given on standard input. */
const MOST_INPUT_BYTES = 65_536

/** Longer than any line that is meant for us. */
const MOST_LINE_CHARACTERS = 1_000_000

/** How long a reader that stalls can hold up the end of the program. */
const FLUSH_MS = 1000

export function processTerminal(): Terminal & { flush(): Promise<void> } {
  const { stdin, stdout, stderr } = process
  // Somebody who reads only the beginning of our text, as `head` does, is no reason to fail.
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    interactive: stdin.isTTY && stderr.isTTY,
    ask,
    pass: (to, bytes) =>
      // Whoever reads us may be gone: then what comes is dropped, and the job goes on.
      new Promise((resolve) => (to === 'out' ? stdout : stderr).write(bytes, () => resolve())),
    async input() {
      let text = ''
      for await (const part of stdin.setEncoding('utf8')) {
        text += String(part)
        if (text.length > MOST_INPUT_BYTES) break
      }
      return text
    },
    lines,
    async flush() {
      await Promise.all([stdout, stderr].map(written))
    },
  }
}

async function* lines(): AsyncGenerator<string[]> {
  let rest = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    const whole = `${rest}${String(part)}`.split('\n')
    rest = whole.pop() ?? ''
    if (rest.length > MOST_LINE_CHARACTERS) {
      whole.push(rest)
      rest = ''
    }
    if (whole.length > 0) yield whole
  }
  if (rest !== '') yield [rest]
}

function ask(question: string, { hidden = false } = {}): Promise<string | null> {
  const { stdin, stderr } = process
  stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true })
  return new Promise((resolve) => {
    lines.once('SIGINT', () => lines.close())
    lines.once('line', (line) => {
      resolve(line)
      lines.close()
    })
    lines.once('close', () => {
      if (hidden) stderr.write('\n')
      resolve(null)
    })
  })
}

function written(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writable || stream.writableLength === 0) return Promise.resolve()
  return new Promise((resolve) => {
    setTimeout(resolve, FLUSH_MS)
    stream.write('', () => resolve())
  })
}
