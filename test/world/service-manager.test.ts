import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { serviceManager } from '../../src/world/service-manager'
import { freshFolder } from '../support/databases'
import { recorder } from '../support/local-site'

/** Takes datagrams as systemd does, and prints each on a line: Node has no such sockets. */
const RECEIVER = `
import socket, sys
name = sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + name[1:] if name[0] == '@' else name)
print('listening', flush=True)
while True: print(s.recv(4096).decode().replace('\\n', '|'), flush=True)
`

function has(...command: [string, string]): boolean {
  try {
    execFileSync(command[0], [command[1]])
    return true
  } catch {
    return false
  }
}
const isThere = has('systemd-notify', '--version') && has('python3', '--version')

describe.skipIf(!isThere)('a message to the service manager', () => {
  it.each([
    ['a path', () => join(freshFolder(), 'notify')],
    ['an abstract name', () => `@rollcall-${randomUUID()}`],
  ])('arrives at %s', async (_, place) => {
    const socket = place()
    const receiver = spawn('python3', ['-c', RECEIVER, socket])
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]()
    const logged: Parameters<typeof recorder>[0] = []
    try {
      expect((await lines.next()).value).toBe('listening')
      const env = { NOTIFY_SOCKET: socket, PATH: process.env['PATH'] }
      const manager = serviceManager({ env, pid: process.pid, log: recorder(logged) })
      await manager?.tell('READY=1', 'STATUS=Serving http://localhost:8000')
      expect((await lines.next()).value).toBe('READY=1|STATUS=Serving http://localhost:8000')
      expect(logged).toEqual([])
    } finally {
      receiver.kill('SIGKILL')
      await once(receiver, 'close')
    }
  })

  it('that nobody receives is complained of, and that is all', async () => {
    const logged: Parameters<typeof recorder>[0] = []
    const env = { NOTIFY_SOCKET: join(freshFolder(), 'nobody'), PATH: process.env['PATH'] }
    const manager = serviceManager({ env, pid: process.pid, log: recorder(logged) })
    await manager?.tell('READY=1')
    await manager?.tell('WATCHDOG=1')
    expect(logged.map(({ level }) => level)).toEqual(['warn'])
  })
})
