import { createFor, type CreateAdministrator } from './ask-administrator'
import { command, EXIT, settingsFor, type ReadSettings } from './command'
import { faultOf } from './faults'
import { PASSWORD_HELP, PASSWORD_OPTIONS, passwordIn } from './given-password'
import { ownAppliance } from './own-appliance'
import { openOwnData } from './own-data'
import type { Terminal } from './terminal'

export const createSuperuser = command({
  name: 'createsuperuser',
  help: `Usage: rollcall createsuperuser [options]

Makes an account that may administer the site, and asks for what is missing.

  --email ADDRESS    who it is for
${PASSWORD_HELP}
  --password TEXT    the password itself; others can see it in the list of processes`,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    pass: { type: 'string' },
    ...PASSWORD_OPTIONS,
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
      return await createFor(
        wish,
        call.terminal,
        administratorIn({ config: own.config, again: read.again }, call.terminal),
      )
    } catch (cause) {
      const { code, sentence } = faultOf(cause, read.config)
      if (sentence === null) throw cause
      call.terminal.err(sentence)
      return code
    }
  },
})

/** Works beside a running server: what is written is one transaction. */
function administratorIn(
  read: Pick<ReadSettings, 'config' | 'again'>,
  terminal: Terminal,
): CreateAdministrator {
  return async (who) => {
    const { app, stop } = await ownAppliance(read, terminal)
    try {
      return await app.actions.setup.createAdministrator(who)
    } finally {
      await stop()
    }
  }
}
