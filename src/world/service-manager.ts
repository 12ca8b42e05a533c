import { execFile } from 'node:child_process'
import type { Log } from './log'

/** Who started us and wants to know how we are, such as systemd. */
export interface ServiceManager {
  /** It restarts us when it hears nothing for this long; null: it does not. */
  watchdogMs: number | null
  /**
   * Assignments such as `READY=1`: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
   * Never rejects; what does not arrive is logged once.
   */
  tell(...assignments: string[]): Promise<void>
}

/** Carries assignments to the socket that the environment names; rejects with what the system says. */
export type Carry = (assignments: readonly string[]) => Promise<void>

export interface ServiceManagerOptions {
  env: Record<string, string | undefined>
  pid: number
  log: Log
  carry?: Carry
}

/** Longest time that the messenger may take: it waits until the manager has read the message. */
const MESSENGER_MS = 5000

/** Null: nobody asked to be told. */
export function serviceManager({ env, pid, log, carry }: ServiceManagerOptions): ServiceManager | null {
  const socket = env['NOTIFY_SOCKET']
  if (!socket) return null
  const messenger = carry ?? commandFor({ NOTIFY_SOCKET: socket, PATH: env['PATH'] })
  let complained = false
  return {
    watchdogMs: watchdogOf(env, pid),
    async tell(...assignments) {
      try {
        await messenger(assignments)
      } catch (cause) {
        if (complained) return
        complained = true
        log.warn(
          'the service manager cannot be told how we are: that takes the command systemd-notify, and ' +
            'NotifyAccess=all in the unit. Without them use Type=exec and no WatchdogSec',
          { reason: String(cause) },
        )
      }
    },
  }
}

/** The variables are inherited: those that name another process are not for us. */
function watchdogOf(env: ServiceManagerOptions['env'], pid: number): number | null {
  const meant = env['WATCHDOG_PID']
  const microseconds = Number(env['WATCHDOG_USEC'])
  if (meant !== undefined && meant !== '' && meant !== String(pid)) return null
  return Number.isSafeInteger(microseconds) && microseconds > 0 ? microseconds / 1000 : null
}

/**
 * The socket takes datagrams, which Node cannot send to a path; the command for it is part of every systemd.
 * The manager accepts it from a child when the unit says NotifyAccess=all.
 */
function commandFor(env: Record<string, string | undefined>): Carry {
  return (assignments) =>
    new Promise((resolve, reject) => {
      execFile('systemd-notify', [...assignments], { env, timeout: MESSENGER_MS }, (error, _, stderr) => {
        if (error === null) resolve()
        else reject(new Error(stderr.trim() || error.message))
      })
    })
}
