import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../src/compose'
import type { Appliance, World } from '../../src/compose'
import type { Config } from '../../src/config'
import type { Instant } from '../../src/core/time'
import type { Log, LogFields } from '../../src/world/log'
import type { Mail, Mailer } from '../../src/world/mail'
import { argon2Passwords } from '../../src/world/passwords'
import { systemRandom } from '../../src/world/random'
import { NOON } from './build'
import { configOf, readSettings } from './settings'

/** The appliance in a folder of its own, with a clock that stands until it is told to go on. */
export interface LocalSite {
  url: string
  appliance: Appliance
  logged: { level: string; message: string; fields: LogFields & { cause?: unknown } }[]
  mails: Mail[]
  /** Lets the clock go on. */
  pass(ms: number): void
  /** The one-time code of the log. */
  setupCode(): string
  close(): Promise<void>
}

export async function localSite(
  env: Record<string, string> = {},
  overrides: Partial<Pick<Config, 'database' | 'roles'>> = {},
  /** `realMail`: mails go out by the settings, instead of into `mails`. */
  {
    realMail = false,
    ...world
  }: Partial<Pick<World, 'http' | 'wait' | 'passwords' | 'care' | 'elapsed'>> & { realMail?: boolean } = {},
): Promise<LocalSite> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-web-'))
  let nowAt: Instant = NOON
  const logged: LocalSite['logged'] = []
  const mails: Mail[] = []
  const mailer: Mailer = {
    send(mail) {
      mails.push(mail)
      return Promise.resolve({ ok: true })
    },
  }
  const given: Record<string, string> = {
    LISTEN: '127.0.0.1:0',
    DATA_DIR: folder,
    SECRET_KEY: 'a key for tests '.repeat(4),
    EMAIL_HOST: 'localhost',
    ROLES: 'web',
    ...env,
  }
  const appliance = await compose(
    { ...configOf(given), roles: ['web'], ...overrides, listen: { host: '127.0.0.1', port: 0 } },
    {
      clock: () => nowAt,
      databaseNowAt: () => Promise.resolve(null),
      random: systemRandom,
      readSettings: (saved) => readSettings(given, { saved }),
      log: recorder(logged),
      ...(realMail ? {} : { mailer }),
      passwords: argon2Passwords({ random: systemRandom, cost: { memoryKib: 64, passes: 1 } }),
      ...world,
    },
  )
  await appliance.start()
  return {
    url: `http://127.0.0.1:${appliance.port()}`,
    appliance,
    logged,
    mails,
    pass(ms) {
      nowAt += ms
    },
    setupCode() {
      const line = logged.find(({ message }) => message.startsWith('first start'))?.message ?? ''
      return /code (\S+)/.exec(line)?.[1] ?? ''
    },
    async close() {
      await appliance.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function recorder(logged: LocalSite['logged']): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields & { cause?: unknown } = {}): void => {
      logged.push({ level, message, fields })
    }
  const log: Log = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    named: () => log,
  }
  return log
}
