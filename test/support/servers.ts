import { ring } from '../../src/core/check'
import type { Instant } from '../../src/core/time'
import { SECOND } from '../../src/core/time'
import { teller } from '../../src/integrations/teller'
import type { Store } from '../../src/store'
import type { AlarmsRung } from '../../src/store/checks'
import { deliver } from '../../src/tasks/deliver'
import type { DeliverTask } from '../../src/tasks/deliver'
import { heartbeat, holdAtStart, keepHold } from '../../src/tasks/heartbeat'
import { ownOutages } from '../../src/tasks/outages'
import { watch } from '../../src/tasks/watch'
import type { HttpAnswer } from '../../src/world/http'
import type { Mailer } from '../../src/world/mail'
import { systemRandom } from '../../src/world/random'
import { signer } from '../../src/world/signer'
import { aNewChannel, NOON } from './build'
import type { TestDatabase } from './databases'
import { recorder } from './local-site'
import type { LocalSite } from './local-site'
import { configOf } from './settings'
import { opener } from './stores'

/** For what takes as long as databases do, on a machine that may be busy with other things. */
export const PATIENT = { timeout: 20_000 }

/** A request of some server that waits for its answer. */
export interface Asked {
  server: string
  /** Whose address it is, by name. */
  channel: string
  /** What the address says it tells. */
  status: string
  /** The same for every attempt to tell the same. */
  key: string
  answer(status: number): void
  /** The integration itself goes wrong. */
  break(): void
}

export interface Server {
  store: Store
  /** A look at what is to be told, as often as there is more. */
  deliver(): Promise<void>
  /** A look at the alarms by the store alone: at once, and whatever happened before. */
  watch(): Promise<AlarmsRung>
  /** A look at them as the task has it, which may hold back. */
  look(): Promise<void>
  /** Says that it takes pings. */
  beat(): Promise<unknown>
  /** Until nothing is on its way from here. */
  settled(): Promise<void>
  task: DeliverTask
}

/** Several instances on one database, which share the time and the world but not their memory. */
export async function servers(database: TestDatabase) {
  const used = await database.fresh()
  const stores = await opener({ ...database, fresh: () => Promise.resolve(used) })
  const time = { at: NOON, elapsedMs: 0 }
  const asked: Asked[] = []
  /** Of each server, pauses that wait for their end. */
  const pauses: { server: string; end(): void }[] = []
  const tasks: DeliverTask[] = []
  const logged: LocalSite['logged'] = []
  const config = configOf({ SECRET_KEY: 'a key for tests '.repeat(4) })

  return {
    time,
    asked,
    pauses,
    logged,
    used,

    /** Goes by everywhere; `elapsedMs` differs where machines sleep. */
    pass(ms: number, elapsedMs = ms): Instant {
      time.elapsedMs += elapsedMs
      return (time.at += ms)
    },

    /** `answer`: what its requests get, at once; where it says nothing, they wait for the test. */
    async start(
      name: string,
      { answer, mailer = GONE, clock = () => time.at, startupDelayMs }: Options = {},
    ): Promise<Server> {
      const store = await stores.open()
      const log = recorder(logged)
      const elapsed = () => time.elapsedMs
      const outages = ownOutages({ ...store, settings: config, clock, log })
      const noted: Promise<unknown>[] = []
      const watching = watch({
        checks: store.checks,
        holdUntilAt:
          startupDelayMs === undefined ? 0 : await holdAtStart({ ...store, clock }, startupDelayMs),
        onHold: (untilAt, awayMs) =>
          noted.push(keepHold(store.facts, untilAt), outages.noticed(awayMs, untilAt)),
        onJudged: outages.judged,
        onFlips: () => undefined,
        clock,
        elapsed,
        log,
      })
      const wait = (): Promise<void> =>
        answer ? Promise.resolve() : new Promise((end) => pauses.push({ server: name, end }))
      const task = deliver({
        notifications: store.notifications,
        teller: teller({
          config,
          http: {
            send: ({ url, headers = {} }) => {
              const [, channel = '', status = ''] = new URL(url).pathname.split('/')
              return new Promise<HttpAnswer>((resolve, reject) => {
                const one: Asked = {
                  server: name,
                  channel: decodeURIComponent(channel),
                  status,
                  key: keyIn(headers),
                  answer: (code) => resolve(answered(code)),
                  break: () => reject(new Error('the integration is broken')),
                }
                asked.push(one)
                const code = answer?.(one) ?? null
                if (code !== null) one.answer(code)
              })
            },
            close: () => Promise.resolve(),
          },
          mailer,
          signer: signer('a key for tests'),
          templates: { fill: () => '' },
          random: systemRandom,
          wait,
          log,
        }),
        withBody: (_, notice) => Promise.resolve(notice),
        workers: 8,
        deferredRetries: true,
        acknowledgeUrl: () => '',
        onFree: () => undefined,
        clock,
        elapsed,
        log,
      })
      tasks.push(task)
      return {
        store,
        task,
        async deliver() {
          while (await task.run());
        },
        watch: () => store.checks.changeDue(clock(), 100, (check) => ring(check, clock())),
        async look() {
          while (await watching.run());
          await Promise.all(noted)
        },
        beat: () => heartbeat({ facts: store.facts, clock }).run(),
        async settled() {
          await task.settled()
        },
      }
    },

    /** One that is called at `/<name>/down` and `/<name>/up`. */
    addHook(store: Store, projectId: number, name = 'Ops') {
      const url = `http://127.0.0.1:1/${name}/$STATUS`
      return store.channels.add(
        aNewChannel(projectId, { name, value: JSON.stringify({ url_down: url, url_up: url }) }),
      )
    },

    addMail(store: Store, projectId: number) {
      const value = JSON.stringify({ value: 'ops@example.org', up: true, down: true })
      return store.channels.add(aNewChannel(projectId, { kind: 'email', value }))
    },

    async close() {
      for (const one of asked) one.answer(200)
      for (const { end } of pauses) end()
      await Promise.all(tasks.map((task) => task.finishUp(SECOND)))
      await stores.close()
    },
  }
}

export type Servers = Awaited<ReturnType<typeof servers>>

interface Options {
  answer?: (asked: Asked) => number | null
  mailer?: Mailer
  clock?: () => Instant
  /** As after a start that holds back. */
  startupDelayMs?: number
}

const GONE: Mailer = { send: () => Promise.reject(new Error('There is no mail here')) }

const keyIn = (headers: Record<string, string>): string => headers['Idempotency-Key'] ?? ''

function answered(status: number): HttpAnswer {
  return { ok: true, status, headers: {}, body: Buffer.alloc(0) }
}
