import type { OwnPasswordActions } from '../actions/own-password'
import type { User } from '../core/user'
import { askPassword } from './ask-administrator'
import { command, EXIT, settingsFor } from './command'
import { PASSWORD_HELP, PASSWORD_OPTIONS, passwordIn } from './given-password'
import { withOwnAppliance } from './own-appliance'
import type { Terminal } from './terminal'

/** For whoever cannot sign in any more, and has nobody to ask. */
export const changePassword = command({
  name: 'changepassword',
  help: `Usage: rollcall changepassword EMAIL [options]

Sets the password of an account, and ends its sessions and access tokens.

${PASSWORD_HELP}
  --reset-2fa        also removes its passkeys, authenticator app and recovery codes`,
  options: { ...PASSWORD_OPTIONS, 'reset-2fa': { type: 'boolean' } },
  takesArguments: true,
  async run(options, call) {
    const [email, ...more] = call.args
    if (email === undefined || more.length > 0) {
      call.terminal.err('Name one account by its address. See: rollcall changepassword --help')
      return EXIT.usage
    }
    const read = settingsFor(call)
    if (read === null) return EXIT.configuration
    const given = await passwordIn(options, call)
    if (!given.ok) {
      call.terminal.err(given.problem)
      return EXIT.failed
    }
    const wish = { email, password: given.password, resetsSecondSteps: options['reset-2fa'] ?? false }
    return withOwnAppliance(read, call, ({ app: { store, actions } }) =>
      changeFor(wish, call.terminal, {
        find: store.users.findByEmail,
        set: actions.ownPassword.setForSomebody,
      }),
    )
  },
})

/** What is done with accounts. */
interface Accounts {
  /** Lower case. */
  find(email: string): Promise<User | null>
  set: OwnPasswordActions['setForSomebody']
}

/** The exit code. */
export async function changeFor(
  wish: { email: string; password: string | null; resetsSecondSteps: boolean },
  terminal: Terminal,
  accounts: Accounts,
): Promise<number> {
  const user = await accounts.find(wish.email.trim().toLowerCase())
  if (user === null) {
    terminal.err(`There is no account with the address ${wish.email}.`)
    return EXIT.failed
  }
  if (wish.password === null && !terminal.interactive) {
    terminal.err('There is nobody to ask for the password: use --password-stdin or --password-file.')
    return EXIT.usage
  }
  const password = wish.password ?? (await askPassword(terminal))
  if (password === null) return EXIT.failed
  const { resetsSecondSteps } = wish
  const done = await accounts.set(user, password, { resetsSecondSteps })
  if (!done.ok) {
    terminal.err(`Error: ${done.problem.message}`)
    return EXIT.failed
  }
  terminal.out(`Password changed for ${user.email}.`)
  if (resetsSecondSteps) terminal.out('Its second steps were removed.')
  return EXIT.done
}
