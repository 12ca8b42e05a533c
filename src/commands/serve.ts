import { compose, type Appliance } from '../compose'
import type { Config } from '../config'
import { version } from '../version'
import { systemClock } from '../world/clock'
import { openLog, type Log } from '../world/log'
import { systemRandom } from '../world/random'
import { serviceManager, type ServiceManager } from '../world/service-manager'
import { command, EXIT, settingsFor } from './command'
import { faultOf, nameOf } from './faults'
import { addressOf } from './health'
import { openOwnData } from './own-data'
import { runServer } from './run-server'
import { processSignals } from './signals'
import { supervision } from './supervision'

/** Runs until it is told to stop ([O10] of spec/operations.md gives the order of its steps). */
export const serve = command({
  name: 'serve',
  help: `Usage: rollcall serve [options]

Runs the server until it is stopped with SIGTERM or Ctrl-C.

  --roles LIST       the same as ROLES=LIST: web, smtpd, alerts, reports, maintenance
  --accept-new-secret
                     goes on with another SECRET_KEY than before: links, API keys and
                     sessions that were made with the old one end`,
  options: { roles: { type: 'string' }, 'accept-new-secret': { type: 'boolean' } },
  async run(options, call) {
    const read = settingsFor(call, { ROLES: options.roles })
    if (read === null) return EXIT.configuration
    const log = openLog({ ...read.config.log, clock: systemClock })

    // Several servers may share a PostgreSQL, and then a data directory with their secret key too.
    const own = openOwnData(read.config, { alone: read.config.database.kind === 'sqlite' })
    if (!own.ok) {
      call.terminal.err(own.sentence)
      return own.code
    }
    const { config, release } = own
    const acceptNewSecret = options['accept-new-secret'] ?? false
    endWithALine(log)
    const manager = serviceManager({ env: call.env, pid: process.pid, log: log.named('service') })
    let unsupervise = (): void => {}
    try {
      return await runServer({
        async open() {
          const appliance = await compose(config, {
            clock: systemClock,
            random: systemRandom,
            log,
            readSettings: read.again,
            acceptNewSecret,
            answersWhileOpening: true,
          })
          // Only now is it known what was saved on the pages.
          for (const warning of appliance.app.settings.warnings()) log.named('config').warn(warning)
          return appliance
        },
        ready(appliance) {
          log.info('ready', whatRuns(config, appliance))
          if (manager) unsupervise = supervised(manager, appliance, log.named('service'))
        },
        stopping: () => unsupervise(),
        signals: processSignals(),
        log,
      })
    } catch (cause) {
      const { code, sentence } = faultOf(cause, config)
      if (sentence === null) log.error('could not start', { cause })
      else call.terminal.err(sentence)
      return code
    } finally {
      release()
    }
  },
})

/** Keeps the service manager informed; returns what ends that, and says so. */
function supervised(manager: ServiceManager, { app }: Appliance, log: Log): () => void {
  const { everyMs, ready, look, stopping } = supervision({
    manager,
    ...app,
    siteRoot: app.config.siteRoot,
    log,
  })
  void ready()
  const timer = setInterval(() => void look(), everyMs)
  return () => {
    clearInterval(timer)
    void stopping()
  }
}

function whatRuns(config: Config, appliance: Appliance): Record<string, string> {
  const { listen } = config
  const doors: Record<string, string> = {}
  // A port that was left to the system is known only now.
  if (config.roles.includes('web'))
    doors['listen'] = addressOf('path' in listen ? listen : { ...listen, port: appliance.port() })
  const mailPort = appliance.mailPort()
  if (mailPort !== null) doors['smtpd'] = String(mailPort)
  return {
    version,
    ...doors,
    site: config.siteRoot,
    db: nameOf(config.database),
    roles: config.roles.join(','),
  }
}

/** What nobody foresaw ends the program, but not without its reason in the log. */
function endWithALine(log: Log): void {
  process.on('uncaughtException', (cause) => {
    log.error('stopped by a mistake in the program', { cause })
    process.exit(EXIT.failed)
  })
}
