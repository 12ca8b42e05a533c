import type { Appliance } from '../compose'
import { SECOND } from '../core/time'
import type { Log } from '../world/log'
import type { ServiceManager } from '../world/service-manager'

/** How soon a change of our state is told, where no watchdog asks for more. */
const LOOK_MS = 30 * SECOND

export interface Supervision {
  /** How often `look` is to be called. */
  everyMs: number
  ready(): Promise<void>
  /** Tells that we live, as long as we do more than that, and what there is to know about it. */
  look(): Promise<void>
  stopping(): Promise<void>
}

/** What the service manager is told of the server, from its start to its end. */
export function supervision({
  manager,
  health,
  siteRoot,
  log,
}: {
  manager: ServiceManager
  health: Pick<Appliance['app']['health'], 'alarmsHang' | 'alarmsStalledSince' | 'diskFull'>
  siteRoot: string
  log: Log
}): Supervision {
  let said = ''
  let withheld = false

  function status(): string {
    const since = health.alarmsStalledSince()
    if (since !== null)
      return `Alerts may be delayed: the scheduler has not run since ${new Date(since).toISOString()}`
    return health.diskFull() ? 'The disk is full: pings are turned away' : `Serving ${siteRoot}`
  }

  /** The status, if it is another than before. */
  function news(): string[] {
    const now = status()
    if (now === said) return []
    said = now
    return [`STATUS=${now}`]
  }

  /** The event loop turns, or we would not be here; whether the loops on it do is for `health` to say. */
  function alive(): string[] {
    if (manager.watchdogMs === null) return []
    const hangs = health.alarmsHang()
    if (hangs && !withheld)
      log.error('alerts hang: the service manager is not told that we are well, so that it starts us anew')
    withheld = hangs
    return hangs ? [] : ['WATCHDOG=1']
  }

  return {
    // Half of its patience, as its manual asks for.
    everyMs: Math.min(LOOK_MS, (manager.watchdogMs ?? Infinity) / 2),
    ready: () => manager.tell('READY=1', ...news()),
    async look() {
      const told = [...alive(), ...news()]
      if (told.length > 0) await manager.tell(...told)
    },
    stopping: () => manager.tell('STOPPING=1', 'STATUS=Stopping'),
  }
}
