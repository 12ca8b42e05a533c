import { describe, expect, it } from 'vitest'
import { supervision } from '../../src/commands/supervision'
import { serviceManager } from '../../src/world/service-manager'
import { NOON } from '../support/build'
import { recorder } from '../support/local-site'

/** A server under a manager that keeps what it is told. */
function supervised(env: Record<string, string> = {}) {
  const told: string[][] = []
  const logged: Parameters<typeof recorder>[0] = []
  const health = {
    alarmsHang: () => false,
    alarmsStalledSince: (): number | null => null,
    diskFull: () => false,
  }
  let reaches = true
  const manager = serviceManager({
    env: { NOTIFY_SOCKET: '/run/systemd/notify', ...env },
    pid: 7,
    log: recorder(logged),
    async carry(assignments) {
      if (!reaches) throw new Error('spawn systemd-notify ENOENT')
      told.push([...assignments])
    },
  })!
  const watched = supervision({ manager, health, siteRoot: 'https://hc.example.org', log: recorder(logged) })
  return { ...watched, told, logged, health, cut: () => (reaches = false) }
}

describe('a server under a service manager', () => {
  it('tells when it serves and when it stops', async () => {
    const { ready, look, stopping, told } = supervised()
    await ready()
    await look()
    await stopping()
    expect(told).toEqual([
      ['READY=1', 'STATUS=Serving https://hc.example.org'],
      ['STOPPING=1', 'STATUS=Stopping'],
    ])
  })

  it('tells that it lives at half of the time it has for that', async () => {
    const { everyMs, ready, look, told } = supervised({ WATCHDOG_USEC: '20000000', WATCHDOG_PID: '7' })
    expect(everyMs).toBe(10_000)
    await ready()
    await look()
    await look()
    expect(told.slice(1)).toEqual([['WATCHDOG=1'], ['WATCHDOG=1']])
  })

  it('does not say so while alerts hang, whatever else turns', async () => {
    const { ready, look, told, logged, health } = supervised({ WATCHDOG_USEC: '60000000' })
    await ready()
    health.alarmsHang = () => true
    health.alarmsStalledSince = () => NOON
    await look()
    await look()
    expect(told.slice(1)).toEqual([
      ['STATUS=Alerts may be delayed: the scheduler has not run since 2026-01-15T12:00:00.000Z'],
    ])
    expect(logged.map(({ level }) => level)).toEqual(['error'])
    health.alarmsHang = () => false
    await look()
    expect(told.at(-1)).toEqual(['WATCHDOG=1'])
  })

  it('lives on while the database is away, and shows it', async () => {
    const { ready, look, told, health } = supervised({ WATCHDOG_USEC: '60000000' })
    await ready()
    health.alarmsStalledSince = () => NOON
    await look()
    health.alarmsStalledSince = () => null
    health.diskFull = () => true
    await look()
    expect(told.slice(1)).toEqual([
      [
        'WATCHDOG=1',
        'STATUS=Alerts may be delayed: the scheduler has not run since 2026-01-15T12:00:00.000Z',
      ],
      ['WATCHDOG=1', 'STATUS=The disk is full: pings are turned away'],
    ])
  })

  it.each([{ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8' }, { WATCHDOG_USEC: 'soon' }, {}])(
    'is not watched by %o',
    async (env: Record<string, string>) => {
      const { everyMs, look, ready, told } = supervised(env)
      await ready()
      await look()
      expect(everyMs).toBe(30_000)
      expect(told).toHaveLength(1)
    },
  )

  it('says once what is missing when it cannot be heard', async () => {
    const { ready, look, logged, cut } = supervised({ WATCHDOG_USEC: '60000000' })
    cut()
    await ready()
    await look()
    expect(logged).toHaveLength(1)
    expect(logged[0]?.message).toContain('systemd-notify')
    expect(logged[0]?.message).toContain('NotifyAccess=all')
  })
})

describe('a server that was started by hand', () => {
  it('has no manager to tell', () => {
    expect(serviceManager({ env: {}, pid: 7, log: recorder([]) })).toBeNull()
    expect(serviceManager({ env: { NOTIFY_SOCKET: '' }, pid: 7, log: recorder([]) })).toBeNull()
  })
})
