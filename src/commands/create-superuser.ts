import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compose } from '../compose'
import type { Config } from '../config'
import { systemClock } from '../world/clock'
import { openLog } from '../world/log'
import { systemRandom } from '../world/random'
import { createFor, type CreateAdministrator } from './ask-administrator'
import { command, EXIT, settingsFor, type Call } from './command'
import { faultOf } from './faults'
import { openOwnData } from './own-data'
import type { Terminal } from './terminal'

export const createSuperuser = command({
  name: 'createsuperuser',
  help: `Usage: rollcall createsuperuser [options]

Makes an account that may administer the site, and asks for what is missing.

  --email ADDRESS    who it is for
  --password-file F  the password is what this file holds
  --password-stdin   the password is what comes on standard input
  --password TEXT    the password itself; others can see it in the list of processes`,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    pass: { type: 'string' },
    'password-file': { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  async run(options, call) {
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    const given = await passwordIn(options, call)
    if (!given.ok) {
      call.terminal.err(given.problem)
      return EXIT.failed
    }
    const own = openOwnData(read.config, { alone: false })
    if (!own.ok) {
      call.terminal.err(own.sentence)
      return own.code
    }
    try {
      const wish = { email: options.email ?? null, password: given.password }
      return await createFor(wish, call.terminal, administratorIn(own.config, call.terminal))
    } catch (cause) {
      const { code, sentence } = faultOf(cause, read.config)
      if (sentence === null) throw cause
      call.terminal.err(sentence)
      return code
    }
  },
})

/** Works beside a running server: what is written is one transaction. */
function administratorIn(config: Config, terminal: Terminal): CreateAdministrator {
  const write = (line: string): boolean => {
    terminal.err(line.trimEnd())
    return true
  }
  const log = openLog({ level: 'warn', format: 'text', clock: systemClock, write })
  return async (who) => {
    const { app, stop } = await compose(config, { clock: systemClock, log, random: systemRandom })
    try {
      return await app.actions.setup.createAdministrator(who)
    } finally {
      await stop()
    }
  }
}

interface PasswordOptions {
  password?: string | undefined
  pass?: string | undefined
  'password-file'?: string | undefined
  'password-stdin'?: boolean | undefined
}

async function passwordIn(
  options: PasswordOptions,
  { cwd, terminal }: Call,
): Promise<{ ok: true; password: string | null } | { ok: false; problem: string }> {
  const path = options['password-file']
  if (path !== undefined) {
    try {
      return { ok: true, password: withoutLineEnd(readFileSync(resolve(cwd, path), 'utf8')) }
    } catch (cause) {
      return {
        ok: false,
        problem: `Error reading ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      }
    }
  }
  if (options['password-stdin']) return { ok: true, password: withoutLineEnd(await terminal.input()) }
  return { ok: true, password: options.password ?? options.pass ?? null }
}

/** A file ends its line, which is no part of the password. */
function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '')
}
