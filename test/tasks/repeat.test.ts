import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

describe('a channel that repeats until somebody acknowledges', () => {
  let site: LocalSite
  let ada: Person
  let code: string
  let channel: string

  beforeEach(async () => {
    site = await localSite()
    ada = await anAdministrator(site)
    const { store } = site.appliance.app
    code = (await store.checks.ofProject(1))[0]!.code
    channel = (await store.channels.ofProject(1))[0]!.code
  })
  afterEach(() => site.close())

  const ping = (rest = '') => fetch(`${site.url}/ping/${code}${rest}`)
  const pass = async (ms: number) => {
    site.pass(ms)
    await site.appliance.turn()
  }
  const edit = (fields: Record<string, string>) =>
    ada.submit(`/integrations/${channel}/edit/`, { value: ADA.email, down: 'true', up: 'true', ...fields })
  const subjects = () => site.mails.map(({ subject }) => subject)
  const ackLink = () => /\/acknowledge\/[^\s"<>]+/.exec(site.mails.at(-1)!.text)?.[0] ?? ''

  it('tells every half hour by mail, and stops at the press of a button in the message', async () => {
    expect((await edit({ repeat: 'minutes', repeat_minutes: '30' })).status).toBe(303)
    await ping('/fail')
    await pass(0)
    await pass(29 * MINUTE)
    expect(subjects()).toEqual(['DOWN | My first check'])
    await pass(MINUTE + SECOND)
    await pass(30 * MINUTE + SECOND)
    expect(subjects().slice(1)).toEqual(['Still DOWN | My first check', 'Still DOWN | My first check'])
    expect(site.mails.at(-1)?.text).toContain('My first check is still DOWN (the job reported a failure).')
    expect(site.mails.at(-1)?.text).toContain('It has been down for 1 hour, 0 minutes.')
    expect(site.mails.at(-1)?.html).toContain('/acknowledge/')
    expect(new Set(site.mails.map(({ id }) => id)).size).toBe(3)
    for (const { bounceId } of site.mails) expect(bounceId?.length).toBeLessThanOrEqual(64)

    const stranger = aPerson(site.url)
    const link = ackLink()
    expect((await stranger.get(link)).text).toContain('Acknowledge that My first check is down?')
    await pass(30 * MINUTE + SECOND)
    expect(subjects()).toHaveLength(4)
    expect((await stranger.submit(link, {})).text).toContain('Acknowledged')
    expect((await stranger.get(link)).text).toContain('Acknowledged')
    await pass(5 * HOUR)
    expect(subjects()).toHaveLength(4)

    await ping()
    await pass(MINUTE)
    expect(subjects().at(-1)).toBe('UP | My first check')
    expect(site.mails.at(-1)?.text).not.toContain('/acknowledge/')
    expect((await stranger.get(link)).text).toContain('It is over')
  })

  it('gives its link to webhooks, where a program may post it', async () => {
    const heard: { key: string; body: string }[] = []
    const hook = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        heard.push({ key: String(request.headers['idempotency-key']), body })
        response.end()
      })
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const { port } = hook.address() as AddressInfo
    const list = (await ada.get('/')).location
    const added = await ada.submit(list.replace('/checks/', '/add_webhook/'), {
      method_down: 'POST',
      url_down: `http://127.0.0.1:${port}/`,
      body_down: '$STATUS $ACK_URL',
      method_up: 'GET',
      repeat: 'hour',
    })
    expect(added.status).toBe(303)
    await ping('/fail')
    await pass(0)
    await pass(HOUR + SECOND)
    expect(heard).toHaveLength(2)
    expect(heard[0]?.key).not.toBe(heard[1]?.key)
    const link = new URL(heard[1]!.body.replace('down ', '')).pathname
    expect((await fetch(site.url + link, { method: 'POST' })).status).toBe(200)
    await pass(3 * HOUR)
    expect(heard).toHaveLength(2)
    await new Promise((resolve) => hook.close(resolve))
  })

  it('has no link, and says it once, unless it is asked to repeat', async () => {
    await ping('/fail')
    await pass(0)
    await pass(HOUR)
    expect(subjects()).toEqual(['DOWN | My first check'])
    expect(site.mails[0]?.text).not.toContain('/acknowledge/')
  })

  it('keeps what was chosen when something else is edited, and shows it', async () => {
    await edit({ repeat: 'minutes', repeat_minutes: '45' })
    await edit({ name: 'Mine' })
    const page = (await ada.get(`/integrations/${channel}/edit/`)).text
    expect(page).toContain('value="minutes" selected')
    expect(page).toContain('value="45"')
    await edit({ repeat: 'day' })
    expect((await ada.get(`/integrations/${channel}/edit/`)).text).toContain('value="day" selected')
    await edit({ repeat: '' })
    expect(await site.appliance.app.store.channels.find(channel)).toMatchObject({ repeatMs: null })
  })

  it.each([
    [{ repeat: 'minutes', repeat_minutes: '4' }, 'A whole number from 5 to 1440.'],
    [{ repeat: 'minutes', repeat_minutes: '1441' }, 'A whole number from 5 to 1440.'],
    [{ repeat: 'minutes', repeat_minutes: 'x' }, 'A whole number from 5 to 1440.'],
    [{ repeat: 'yearly' }, 'Choose one of the options.'],
  ])('refuses %o', async (fields, why) => {
    const refused = await edit(fields)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(why)
  })

  it('does nothing for a link that is not ours', async () => {
    await edit({ repeat: 'hour' })
    await ping('/fail')
    await pass(0)
    const [, , notification] = ackLink().split('/')
    const stranger = aPerson(site.url)
    for (const path of [`/acknowledge/${notification}/${'0'.repeat(64)}/`, '/acknowledge/%00/%00/']) {
      expect((await stranger.get(path)).status).toBe(404)
      expect((await stranger.post(path, {})).status).toBe(404)
    }
    await pass(HOUR + SECOND)
    expect(subjects()).toHaveLength(2)
  })
})
