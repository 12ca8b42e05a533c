import type { Arrival, CheckStore, Receipt } from '../store/checks'
import type { Store } from '../store'
import type { Clock } from '../world/clock'
import type { Log } from '../world/log'
import { countedObjects } from '../world/counted-objects'
import type { Metrics } from '../world/metrics'
import { openObjects } from '../world/objects'
import type { Objects } from '../world/objects'
import type { Random } from '../world/random'
import { moveBodies } from './move-bodies'
import type { MoveTask } from './move-bodies'
import { removeBodies } from './remove-bodies'
import type { RemoveTask } from './remove-bodies'
import { openSpool } from './spool'
import type { Spool } from './spool'

type Settings = Parameters<typeof openObjects>[0]

/** A bucket for large ping bodies, and all that is done with it besides reading. */
export interface BodyStorage {
  objects: Objects
  moving: MoveTask
  removing: RemoveTask
  spool: Spool
  /** Records pings, and with them which bodies are to be moved. */
  recordPings: CheckStore['recordPings']
  /** Where bodies are to be stored before the answer, does that once the pings are kept. */
  before: <One, All>(intake: Intake<One, All>) => Intake<One, All>
  /** Says in the log whether the bucket can be used; nothing waits for it. */
  probe(): Promise<void>
}

/** Takes pings, and says what became of each: receipts of those that are kept, among others. */
interface Intake<One, All> {
  submit(arrival: Arrival): Promise<One>
  submitTogether(arrivals: readonly Arrival[]): Promise<All>
}

export interface BodyStorageDeps {
  settings: Settings
  store: Pick<Store, 'bodies' | 'pings' | 'checks'>
  metrics?: Metrics
  /** Told of each request that went wrong, where there are metrics. */
  onFailure?: () => void
  random: Pick<Random, 'bytes'>
  clock: Clock
  log: Log
}

export async function openBodyStorage(deps: BodyStorageDeps): Promise<BodyStorage> {
  const { settings, store, random, clock } = deps
  const log = deps.log.named('bodies')
  const opened = await openObjects(settings)
  const objects = deps.metrics === undefined ? opened : countedObjects(opened, deps.metrics, deps.onFailure)
  const spool = openSpool({ ...store, limitBytes: settings.spoolLimitBytes, clock, log })
  const moving = moveBodies({ ...store, objects, settings, spool, random, clock, log })
  return {
    objects,
    moving,
    removing: removeBodies({ objects, clock, log }),
    spool,
    recordPings: (arrivals) => store.checks.recordPings(arrivals, { bodiesDueAt: moving.dueAt() }),
    before: (intake) => (settings.upload === 'sync' ? movedFirst(intake, moving) : intake),

    async probe() {
      const answer = await objects.probe()
      if (answer.ok && answer.value === 'made') log.info(`made the bucket ${settings.bucket}`)
      if (answer.ok || answer.failure.kind === 'closed') return
      const fields = { bucket: settings.bucket, reason: answer.failure.reason }
      log.warn(
        'object storage cannot be used; bodies wait in the database. Check the settings that begin with S3_',
        fields,
      )
    },
  }
}

function movedFirst<One, All>(intake: Intake<One, All>, { moveNow }: MoveTask): Intake<One, All> {
  async function move({ ping }: Arrival, said: unknown): Promise<void> {
    if (ping.body === null || !isReceipt(said)) return
    await moveNow({ id: said.checkId, code: said.code }, said.n, ping.body)
  }
  return {
    async submit(arrival) {
      const said = await intake.submit(arrival)
      await move(arrival, said)
      return said
    },
    async submitTogether(arrivals) {
      const all = await intake.submitTogether(arrivals)
      const each: unknown[] = Array.isArray(all) ? all : []
      await Promise.all(arrivals.map((arrival, i) => move(arrival, each[i])))
      return all
    },
  }
}

function isReceipt(said: unknown): said is Receipt {
  return typeof said === 'object' && said !== null && 'checkId' in said
}
