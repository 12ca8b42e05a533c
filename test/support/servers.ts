import { ring } from '../../src/core/check'
import type { Instant } from '../../src/core/time'
import { SECOND } from '../../src/core/time'
import { teller } from '../../src/integrations/teller'
import type { Store } from '../../src/store'
import { deliver } from '../../src/tasks/deliver'
import type { DeliverTask } from '../../src/tasks/deliver'
import type { HttpAnswer } from '../../src/world/http'
import { systemRandom } from '../../src/world/random'
import { signer } from '../../src/world/signer'
import { aNewChannel, NOON } from './build'
import type { TestDatabase } from './databases'
import { recorder } from './local-site'
import type { LocalSite } from './local-site'
import { configOf } from './settings'
import { opener } from './stores'

/** A request of some server that waits for its answer. */
export interface Asked {
  server: string
  /** What the address says it tells. */
  status: string
  /** The same for every attempt to tell the same. */
  key: string
  answer(status: number): void
}

export interface Server {
  store: Store
  /** A look at what is to be told, as often as there is more. */
  deliver(): Promise<void>
  /** A look at the alarms. */
  watch(): Promise<{ flips: number }>
  /** Until nothing is on its way from here. */
  settled(): Promise<void>
  task: DeliverTask
}

/** Several instances on one database, which share the time and the world but not their memory. */
export async function servers(database: TestDatabase) {
  const stores = await opener(database)
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

    /** Goes by everywhere; `elapsedMs` differs where machines sleep. */
    pass(ms: number, elapsedMs = ms): Instant {
      time.elapsedMs += elapsedMs
      return (time.at += ms)
    },

    /** `answer`: what its requests get, at once; without it they wait for the test. */
    async start(name: string, { answer, clock = () => time.at }: Options = {}): Promise<Server> {
      const store = await stores.open()
      const wait = (): Promise<void> =>
        answer ? Promise.resolve() : new Promise((end) => pauses.push({ server: name, end }))
      const task = deliver({
        notifications: store.notifications,
        teller: teller({
          config,
          http: {
            send: ({ url, headers = {} }) => {
              const told = { server: name, status: new URL(url).pathname.slice(1), key: keyIn(headers) }
              return new Promise<HttpAnswer>((resolve) => {
                const one = { ...told, answer: (status: number) => resolve(answered(status)) }
                asked.push(one)
                if (answer) one.answer(answer(one))
              })
            },
            close: () => Promise.resolve(),
          },
          mailer: { send: () => Promise.resolve({ ok: true }) },
          signer: signer('a key for tests'),
          templates: { fill: () => '' },
          random: systemRandom,
          wait,
          log: recorder(logged),
        }),
        withBody: (_, notice) => Promise.resolve(notice),
        workers: 8,
        deferredRetries: true,
        acknowledgeUrl: () => '',
        onFree: () => undefined,
        clock,
        elapsed: () => time.elapsedMs,
        log: recorder(logged),
      })
      tasks.push(task)
      return {
        store,
        task,
        async deliver() {
          while (await task.run());
        },
        watch: () => store.checks.changeDue(clock(), 100, (check) => ring(check, clock())),
        async settled() {
          await task.settled()
        },
      }
    },

    /** One that is called at `/down` and `/up`. */
    addHook(store: Store, projectId: number, name = 'Ops') {
      const url = `http://127.0.0.1:1/$STATUS`
      return store.channels.add(
        aNewChannel(projectId, { name, value: JSON.stringify({ url_down: url, url_up: url }) }),
      )
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
  answer?: (asked: Asked) => number
  clock?: () => Instant
}

const keyIn = (headers: Record<string, string>): string => headers['Idempotency-Key'] ?? ''

function answered(status: number): HttpAnswer {
  return { ok: true, status, headers: {}, body: Buffer.alloc(0) }
}
