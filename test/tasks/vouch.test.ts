import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vouch } from '../../src/tasks/vouch'
import { outgoingHttp } from '../../src/world/http'
import { recorder } from '../support/local-site'
import { configOf } from '../support/settings'

describe('an instance that vouches for itself with another', () => {
  const asked: string[] = []
  const logged: Parameters<typeof recorder>[0] = []
  let answer: number | 'silence' = 200
  let url: string
  let isWell = true
  let isStopping = false
  const other = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (answer !== 'silence') response.writeHead(answer).end('OK')
  })
  // The address policy is for channels: the operator may well watch from the next machine.
  const http = outgoingHttp(configOf({ INTEGRATIONS_ALLOW_PRIVATE_IPS: 'False' }), { version: '1' })

  beforeEach(async () => {
    asked.length = logged.length = 0
    answer = 200
    isWell = true
    isStopping = false
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/ping/secret`
  })
  afterEach(async () => {
    other.closeAllConnections()
    await new Promise((resolve) => other.close(resolve))
  })

  const aTask = () =>
    vouch({ url, http, isWell: () => isWell, stopping: () => isStopping, log: recorder(logged) })
  const turn = async (task: ReturnType<typeof vouch>) => {
    await task.run()
    await task.settled()
  }
  const said = () => logged.map(({ level, message }) => `${level}: ${message}`)

  it('pings it once a turn', async () => {
    const task = aTask()
    await turn(task)
    await turn(task)
    expect(asked).toEqual(['GET /ping/secret', 'GET /ping/secret'])
    expect(said()).toEqual([])
    expect(task.everyMs).toBe(60_000)
  })

  it('keeps silent while alerts do not work here, and says so once', async () => {
    const task = aTask()
    isWell = false
    await turn(task)
    await turn(task)
    expect(asked).toEqual([])
    isWell = true
    await turn(task)
    expect(asked).toHaveLength(1)
    expect(said()).toEqual([
      'warn: alerts do not work here: WATCHDOG_PING_URL is not pinged until they do',
      'info: the other instance is pinged again',
    ])
  })

  it('says once that the other refuses, without the address, which is a secret', async () => {
    const task = aTask()
    answer = 404
    await turn(task)
    await turn(task)
    answer = 200
    await turn(task)
    expect(said()).toEqual([
      'warn: WATCHDOG_PING_URL could not be pinged: status 404',
      'info: the other instance is pinged again',
    ])
  })

  it('waits for nobody, and has one ping on its way at most', async () => {
    const task = aTask()
    answer = 'silence'
    await task.run()
    await expect.poll(() => asked.length).toBe(1)
    await task.run()
    await task.run()
    isStopping = true
    other.closeAllConnections()
    await task.settled()
    expect(asked).toHaveLength(1)
    expect(said()).toEqual([])
  })
})
