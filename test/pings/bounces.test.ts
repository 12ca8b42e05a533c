import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bounceIds } from '../../src/pings/bounces'
import { signer } from '../../src/world/signer'
import { aReport } from '../support/bounces'
import { NOON } from '../support/build'
import { databases } from '../support/databases'
import { mailSite } from '../support/mail-site'
import type { MailSite } from '../support/mail-site'
import { mailTo } from '../support/smtp-talk'

const ID = signer('secret').bounceId('n', '07c2f548-9850-4b27-af5d-6c9dc157ec02', NOON)

describe('an address that mails come back to', () => {
  const idIn = bounceIds('back+%s@Bounces.example.org')

  it('holds the id where the template has it, in any case of letters', () => {
    expect(idIn(`back+${ID}@bounces.example.org`)).toBe(ID)
    expect(idIn(`BACK+${ID.toUpperCase()}@bounces.EXAMPLE.org`)).toBe(ID)
  })

  it.each([
    `${ID}@bounces.example.org`,
    `back+${ID}@example.org`,
    'back+@bounces.example.org',
    'back+ada@bounces.example.org',
  ])('is not %s', (address) => expect(idIn(address)).toBeNull())
})

describe('the door for mails', () => {
  let site: MailSite
  beforeEach(async () => {
    site = await mailSite(databases[0]!)
  })
  afterEach(() => site.close())

  it('takes those that come back, whole, besides pings', async () => {
    const taken: [string, string][] = []
    const port = await site.listening({
      bounces: {
        idIn: bounceIds('%s@bounces.example.org'),
        take: async (id, raw) => void taken.push([id, raw.toString()]),
      },
    })
    const check = await site.add()
    const report = aReport(['Action: failed', 'Status: 5.0.0'])
    const reply = await mailTo(port, [`${ID}@bounces.example.org`, site.at(check)], report, '')
    expect(reply).toBe('250 OK')
    expect(taken).toEqual([[ID, expect.stringContaining('Status: 5.0.0')]])
    expect((await site.now(check)).pingCount).toBe(1)
  })

  it('has the relay come again when one cannot be kept', async () => {
    const port = await site.listening({
      bounces: {
        idIn: bounceIds('%s@bounces.example.org'),
        take: () => Promise.reject(new Error('the database is away')),
      },
    })
    expect(await mailTo(port, `${ID}@bounces.example.org`, aReport([]), '')).toMatch(/^451 /)
  })

  it('takes none where they go elsewhere', async () => {
    expect(await mailTo(site.port, `${ID}@bounces.example.org`, aReport([]))).toMatch(/^5/)
  })
})
