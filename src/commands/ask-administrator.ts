import { EXIT } from './command'
import type { Terminal } from './terminal'

/** How often somebody is asked again. */
const MOST_TRIES = 5

const BLANK = "Error: Blank passwords aren't allowed."

export interface Wish {
  /** Null: to be asked for. */
  email: string | null
  password: string | null
}

/** Makes the account, or says why not; `taken` is when there is one with that address. */
export type CreateAdministrator = (who: {
  email: string
  password: string
}) => Promise<{ ok: true } | { ok: false; problem: { code: string; message: string } }>

/** The texts are those that scripts around Healthchecks know (spec/operations.md §4.3). */
export async function createFor(
  wish: Wish,
  terminal: Terminal,
  create: CreateAdministrator,
): Promise<number> {
  if (!terminal.interactive) {
    const missing = !wish.email?.includes('@')
      ? '--email'
      : !wish.password?.trim()
        ? '--password/--pass'
        : null
    if (missing !== null) {
      terminal.err(`Missing or invalid required argument: ${missing}`)
      return EXIT.usage
    }
  }

  let { email, password } = wish
  if (password?.trim() === '') {
    terminal.err(BLANK)
    password = null
  }
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    email ??= await terminal.ask('Email address: ')
    password ??= await askPassword(terminal)
    if (email === null || password === null) return EXIT.failed

    const created = await create({ email, password })
    if (created.ok) {
      terminal.out('Superuser created successfully.')
      return EXIT.done
    }
    const { code, message } = created.problem
    terminal.err(code === 'conflict' ? `Error: email ${email} is already taken` : `Error: ${message}`)
    if (!terminal.interactive) return EXIT.failed
    email = null
    if (code !== 'conflict') password = null
  }
  return EXIT.failed
}

/** Null when nobody answers. */
export async function askPassword(terminal: Terminal): Promise<string | null> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const password = await terminal.ask('Password: ', { hidden: true })
    if (password === null) return null
    const again = await terminal.ask('Password (again): ', { hidden: true })
    if (password !== again) terminal.err("Error: Your passwords didn't match.")
    else if (password.trim() === '') terminal.err(BLANK)
    else return password
  }
  return null
}
