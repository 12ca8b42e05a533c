import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'
import type { Person } from '../support/person'

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})
afterEach(() => site.close())

describe('a page that changes, without scripts', () => {
  it('says when it was made, and is loaded anew every minute only if asked', async () => {
    const list = (await ada.get('/')).location
    const code = /data-check="([^"]+)"/.exec((await ada.get(list)).text)?.[1] ?? ''
    for (const url of [list, `/checks/${code}/details/`, `/checks/${code}/log/`]) {
      const quiet = await ada.get(`${url}?text=a&kept=1`)
      expect(quiet.headers.get('refresh')).toBeNull()
      expect(quiet.text).toMatch(/<noscript><p[^>]*>As of <time/)
      expect(quiet.text).toContain('<a href="?text=a&amp;kept=1&amp;refresh=60">on</a>')
      const busy = await ada.get(`${url}?refresh=60`)
      expect(busy.headers.get('refresh')).toBe('60')
      expect(busy.text).toContain('<a href="?">off</a>')
      expect((await ada.get(`${url}?refresh=1`)).headers.get('refresh')).toBeNull()
    }
  })

  it('leaves other pages alone', async () => {
    const answer = await ada.get('/accounts/profile/?refresh=60')
    expect(answer.headers.get('refresh')).toBeNull()
    expect(answer.text).not.toContain('As of')
  })
})
