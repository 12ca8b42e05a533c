import type { AddressInfo } from 'node:net'
import type { Check, Filters } from '../../src/core/check'
import type { Ping } from '../../src/core/ping'
import { mailDoor } from '../../src/pings/email'
import type { EmailOptions, MailDoor } from '../../src/pings/email'
import { PingIntake } from '../../src/pings/intake'
import type { Store } from '../../src/store'
import type { NewCheck } from '../../src/store/checks'
import { aBeginning, aNewCheck, NOON } from './build'
import type { TestDatabase } from './databases'
import { recorder } from './local-site'
import { opener } from './stores'

export const NO_FILTERS: Filters = {
  subject: false,
  body: false,
  httpBody: false,
  startWords: '',
  successWords: '',
  failWords: '',
  otherwiseFail: false,
}

/** A door for mails on a database of its own, with a clock that stands at noon. */
export interface MailSite {
  store: Store
  port: number
  door: MailDoor
  logged: Parameters<typeof recorder>[0]
  /** One more door, with something else about it; its port. */
  listening(options: Partial<EmailOptions>): Promise<number>
  add(facts?: Partial<NewCheck>): Promise<Check>
  /** Its address. */
  at(check: Check): string
  now(check: Check): Promise<Check>
  lastOf(check: Check): Promise<Ping | undefined>
  close(): Promise<void>
}

export async function mailSite(database: TestDatabase): Promise<MailSite> {
  const opened = await opener(database)
  const store = await opened.open()
  const logged: MailSite['logged'] = []
  const doors: MailDoor[] = []
  const { project } = (await store.users.addFirst(aBeginning()))!

  async function listening(options: Partial<EmailOptions>): Promise<number> {
    const door = mailDoor({
      domain: 'ping.example.org',
      maxBytes: 200_000,
      bodyLimitBytes: 1000,
      intake: new PingIntake({ ...store, onFlips: () => undefined }),
      ...store,
      clock: () => NOON,
      log: recorder(logged),
      ...options,
    })
    doors.push(door)
    await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve))
    return (door.server.address() as AddressInfo).port
  }

  const port = await listening({})
  return {
    store,
    port,
    door: doors[0]!,
    logged,
    listening,
    add: (facts = {}) => store.checks.add(aNewCheck(project.id, facts)),
    at: ({ code }) => `${code}@ping.example.org`,
    now: async ({ code }) => (await store.checks.findByCode(code))!,
    lastOf: async ({ id }) => (await store.pings.latest(id, { afterN: 0, limit: 1 }))[0],
    async close() {
      for (const door of doors) await door.close(1)
      await opened.close()
    },
  }
}
