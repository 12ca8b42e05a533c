import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR } from '../../src/core/time'
import { aPing, NOON } from '../support/build'
import { join, somebody } from '../support/cast'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person
let list: string
let code: string
let details: string

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
  list = (await ada.get('/')).location
  code = /data-check="([^"]+)"/.exec((await ada.get(list)).text)?.[1] ?? ''
  details = `/checks/${code}/details/`
})
afterEach(() => site.close())

const switches = async (person = ada): Promise<string[][]> =>
  [...(await person.get(details)).text.matchAll(/formaction="([^"]+)" name="state" value="(\w+)"/g)].map(
    ([, url = '', to = '']) => [url, to],
  )

describe('who is told, on the page of a check', () => {
  it('is switched off and on there', async () => {
    const [[url = '', to] = []] = await switches()
    expect(to).toBe('off')
    const done = await ada.submit(details, { state: 'off' }, url)
    expect(done.location).toBe(details)
    expect(await switches()).toEqual([[url, 'on']])
    expect((await ada.get(details)).text).toContain('No integration is on for this check')
  })

  it('says how telling went last', async () => {
    const { checks, notifications } = site.appliance.app.store
    await checks.recordPings([{ code, ping: aPing({ signal: 'fail' }) }])
    const [claim] = await notifications.claim(NOON + HOUR, NOON + 2 * HOUR, { quick: 9, slow: 9 })
    const delivery = { ok: false, kind: 'final', reason: 'Refused' } as const
    await notifications.finish(claim!, { delivery, at: NOON + HOUR, tookMs: 1, nextAt: null })
    expect((await ada.get(details)).text).toContain('Not told of down: Refused')
  })

  it('only shows the state to those who may not change it', async () => {
    const wes = await somebody(site, 'wes@example.org')
    await join(site, list.split('/')[2] ?? '', wes, 'read-only')
    expect(await switches(wes)).toEqual([])
    expect((await wes.get(details)).text).toMatch(/<span class="small muted">on<\/span>/)
  })
})
