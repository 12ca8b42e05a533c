import type { AddressInfo } from 'node:net'
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { whileAnswering } from '../../src/compose/opening'
import { waitingRoom } from '../../src/web/waiting-room'
import { templates } from '../../src/world/templates'
import { recorder } from '../support/local-site'
import { configOf } from '../support/settings'

const config = configOf({ SITE_ROOT: 'https://rollcall.example.org/hc', SITE_NAME: 'Night <watch>' })

describe('a site whose database is not open yet', () => {
  async function aRoom(): Promise<string> {
    const room = waitingRoom({ config, templates: templates() })
    await new Promise<void>((resolve) => room.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void room.close())
    return `http://127.0.0.1:${(room.address() as AddressInfo).port}`
  }

  it('says so to people, and lets their browsers ask again', async () => {
    const url = await aRoom()
    const page = await fetch(`${url}/hc/projects/`, { headers: { accept: 'text/html,*/*' } })
    expect([page.status, page.headers.get('refresh'), page.headers.get('retry-after')]).toEqual([
      503,
      '5',
      '5',
    ])
    const html = await page.text()
    expect(html).toContain('Night &lt;watch&gt; is starting')
    const style = /href="(\/hc\/static\/[^"]+\.css)"/.exec(html)?.[1] ?? ''
    expect((await fetch(url + style)).headers.get('content-type')).toContain('text/css')
  })

  it.each(['/hc/ping/a6b3c0de-1111-4222-8333-444455556666', '/hc/api/v3/status/', '/hc/accounts/login/'])(
    'refuses %s, to be tried again',
    async (path) => {
      const answer = await fetch((await aRoom()) + path, { method: 'POST', body: 'x'.repeat(10_000) })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await answer.text()).toBe('try again later')
    },
  )

  it('leaves its place to the site when it is', async () => {
    const log = recorder([])
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const at = { host: '127.0.0.1', port }
    const room = waitingRoom({ config, templates: templates() })
    const listening = new Promise((resolve) => room.once('listening', resolve))
    let answered = 0
    const store = await whileAnswering(
      async () => {
        await listening
        answered = (await fetch(`http://127.0.0.1:${port}/`)).status
        return 'the store'
      },
      { room: () => room, at, log, patienceMs: 0 },
    )
    expect([store, answered, room.listening]).toEqual(['the store', 503, false])
  })

  it('does not even begin to answer when that takes no time, and fails as the opening does', async () => {
    let rooms = 0
    const room = () => {
      rooms++
      return waitingRoom({ config, templates: templates() })
    }
    const about = { room, at: { host: '127.0.0.1', port: 0 }, log: recorder([]) }
    await expect(whileAnswering(() => Promise.reject(new Error('no')), about)).rejects.toThrow('no')
    expect(rooms).toBe(0)
  })
})
