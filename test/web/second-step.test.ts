import decode from 'qr/decode.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { totpSeal } from '../../src/actions/authenticator'
import { MINUTE, SECOND } from '../../src/core/time'
import { addTotp, codeOf, codesIn, confirm, isIn, LOGIN, REAUTH, signIn } from '../support/account'
import { systemRandom } from '../../src/world/random'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator, aPerson } from '../support/person'
import type { Person } from '../support/person'

const TOTP = '/accounts/login/two_factor/totp/'
const RECOVERY = '/accounts/login/two_factor/recovery/'
const LATE = `${LOGIN}?notice=late`

let site: LocalSite
let ada: Person

beforeEach(async () => {
  site = await localSite()
  ada = await anAdministrator(site)
})

afterEach(() => site.close())

/** Somebody who has given the right password, at another browser, a minute later. */
async function halfIn(more: Record<string, string> = {}): Promise<Person> {
  site.pass(MINUTE)
  const person = aPerson(site.url)
  expect(await signIn(person, more)).toMatchObject({ status: 303, location: TOTP })
  return person
}

describe('an authenticator app', () => {
  it('is set up with a picture that says what the key says', async () => {
    const url = '/accounts/two_factor/totp/'
    await confirm(ada, url)
    const { text, headers } = await ada.get(url)
    expect(headers.get('cache-control')).toBe('no-store')
    const secret = (/data-t="totp-secret">([^<]*)</.exec(text)?.[1] ?? '').replaceAll(' ', '')
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(readPicture(text)).toBe(
      `otpauth://totp/Rollcall:ada%40example.org?secret=${secret}&issuer=Rollcall`,
    )
    const wrong = await ada.submit(url, { code: '000000' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('That code is not right.')
    expect(wrong.text).toContain(secret.slice(0, 4))
    expect((await ada.submit(url, { code: codeOf(site, secret) })).status).toBe(200)
    expect(await ada.get(url)).toMatchObject({ status: 303, location: '/accounts/profile/security/' })
    expect((await ada.get('/accounts/profile/security/')).text).toContain('set up already')
  })

  it('is asked for after the password, and a code is good once', async () => {
    const { secret } = await addTotp(site, ada)
    const person = await halfIn({ next: '/accounts/profile/' })
    expect(await isIn(person)).toBe(false)
    const wrong = await person.submit(TOTP, { code: '123456' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('That code is not right.')
    const code = codeOf(site, secret)
    const done = await person.submit(TOTP, { code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(done).toMatchObject({ status: 303, location: '/accounts/profile/' })
    expect(await isIn(person)).toBe(true)

    const other = aPerson(site.url)
    await signIn(other)
    expect((await other.submit(TOTP, { code })).status).toBe(422)
    // Nor the one before it.
    expect((await other.submit(TOTP, { code: codeOf(site, secret, -1) })).status).toBe(422)
    site.pass(30 * SECOND)
    expect((await other.submit(TOTP, { code: codeOf(site, secret) })).status).toBe(303)
  })

  it('knows the code that set it up as used', async () => {
    const { secret } = await addTotp(site, ada)
    const person = aPerson(site.url)
    await signIn(person)
    expect((await person.submit(TOTP, { code: codeOf(site, secret) })).status).toBe(422)
  })

  describe('has a secret', () => {
    const kept = async () => {
      const { users, secondSteps } = site.appliance.app.store
      const userId = (await users.findByEmail(ADA.email))?.id ?? 0
      return { userId, secret: (await secondSteps.of(userId)).totp?.secret ?? '', secondSteps }
    }

    it('that the database alone does not tell', async () => {
      const url = '/accounts/two_factor/totp/'
      await confirm(ada, url)
      await ada.get(url)
      const [draft] = await site.appliance.app.store.signIns.ofUser((await kept()).userId, 0)
      expect(draft?.totpDraft).toMatch(/^sealed\./)
      await addTotp(site, ada)
      expect((await kept()).secret).toMatch(/^sealed\./)
    })

    it('that is sealed at its next use, when it is from before that was done', async () => {
      const { userId, secondSteps } = await kept()
      const plain = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
      await secondSteps.setTotp(userId, plain, 0, 0)
      const person = await halfIn()
      expect((await person.submit(TOTP, { code: '000000' })).status).toBe(422)
      expect((await kept()).secret).toBe(plain)
      expect((await person.submit(TOTP, { code: codeOf(site, plain) })).status).toBe(303)
      expect((await kept()).secret).toMatch(/^sealed\./)
      site.pass(MINUTE)
      expect((await (await halfIn()).submit(TOTP, { code: codeOf(site, plain) })).status).toBe(303)
    })

    it('that lets nobody in when it was sealed by a server with another key, which is logged', async () => {
      const { userId, secondSteps } = await kept()
      const plain = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
      await secondSteps.setTotp(userId, totpSeal('another key', userId).close(plain, systemRandom), 0, 0)
      const person = await halfIn()
      expect((await person.submit(TOTP, { code: codeOf(site, plain) })).status).toBe(422)
      expect(await isIn(person)).toBe(false)
      expect(site.logged.map(({ message }) => message)).toContainEqual(
        expect.stringContaining('under another SECRET_KEY'),
      )
    })
  })

  it('comes after a link by mail, too, and keeps where the person wanted to go', async () => {
    const { secret } = await addTotp(site, ada)
    site.pass(MINUTE)
    const person = aPerson(site.url)
    await person.submit(LOGIN, { action: 'link', identity: ADA.email, next: '/docs/' })
    await site.appliance.turn()
    const link = /http:\S+\/accounts\/check_token\/\S+/.exec(site.mails.at(-1)?.text ?? '')?.[0] ?? ''
    expect((await person.get(new URL(link).pathname)).location).toBe(TOTP)
    expect((await person.submit(TOTP, { code: codeOf(site, secret) })).location).toBe('/docs/')
  })

  it('confirms who it is, before something dangerous', async () => {
    const { secret } = await addTotp(site, ada)
    site.pass(31 * MINUTE)
    const page = await ada.get(REAUTH)
    expect(page.text.indexOf('confirm-totp')).toBeLessThan(page.text.indexOf('confirm-password'))
    const about = { way: 'totp', totp: codeOf(site, secret), next: '/accounts/set_password/' }
    expect((await ada.submit(REAUTH, about)).location).toBe('/accounts/set_password/')
  })

  it('is removed with a warning when it was the last, and ends the other sessions', async () => {
    const { secret } = await addTotp(site, ada)
    const other = await halfIn()
    await other.submit(TOTP, { code: codeOf(site, secret) })
    const url = '/accounts/two_factor/totp/remove/'
    expect((await ada.get(url)).text).toContain('After this, two-step sign-in will be off.')
    expect((await ada.submit(url, {})).status).toBe(303)
    expect(await isIn(other)).toBe(false)
    expect((await signIn(aPerson(site.url))).location).toBe('/')
  })
})

describe('the second step', () => {
  it('lives for five minutes', async () => {
    const { secret } = await addTotp(site, ada)
    const person = await halfIn()
    site.pass(5 * MINUTE + SECOND)
    const late = await person.submit(LOGIN, { code: codeOf(site, secret) }, TOTP)
    expect(late.location).toBe(LATE)
    expect((await person.get(LATE)).text).toContain('That took too long. Sign in again.')
    expect(await isIn(person)).toBe(false)
  })

  it('is not reached without the first', async () => {
    const person = aPerson(site.url)
    await person.get(LOGIN)
    for (const url of [TOTP, RECOVERY]) expect((await person.get(url)).location).toBe(LATE)
  })

  it('belongs to one browser', async () => {
    const { secret } = await addTotp(site, ada)
    await halfIn()
    const thief = aPerson(site.url)
    await thief.get(LOGIN)
    expect((await thief.submit(LOGIN, { code: codeOf(site, secret) }, TOTP)).location).toBe(LATE)
  })

  it('allows five tries in five minutes; then the first step is forgotten, too', async () => {
    const { secret } = await addTotp(site, ada)
    const person = await halfIn()
    for (let guess = 0; guess < 5; guess++) await person.submit(TOTP, { code: `00000${guess}` })
    const sixth = await person.submit(TOTP, { code: codeOf(site, secret) })
    expect(sixth.status).toBe(429)
    expect((await person.get(TOTP)).location).toBe(LATE)
    const again = await halfIn()
    expect((await again.submit(TOTP, { code: codeOf(site, secret) })).status).toBe(303)
  })

  it('begins again when the address was changed meanwhile', async () => {
    const { secret } = await addTotp(site, ada)
    const person = await halfIn()
    const { users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    await users.setEmail(user?.id ?? 0, 'lovelace@example.org')
    expect((await person.submit(LOGIN, { code: codeOf(site, secret) }, TOTP)).location).toBe(LATE)
  })

  it('makes a new secret for the browser: the one from before is not signed in', async () => {
    const { secret } = await addTotp(site, ada)
    const person = await halfIn()
    const before = person.cookies.get('pre')
    await person.submit(TOTP, { code: codeOf(site, secret) })
    expect(person.cookies.get('sid')).toBeDefined()
    expect(before).toContain('.')
    const thief = aPerson(site.url)
    thief.cookies.set('pre', before ?? '')
    expect((await thief.get(TOTP)).location).toBe(LATE)
  })
})

describe('recovery codes', () => {
  it('are shown after the first second step, once, and sign in when the app is lost', async () => {
    const { codes, answer } = await addTotp(site, ada)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/)
    expect((await ada.get('/accounts/profile/security/')).text).not.toContain(codes[0])

    const person = await halfIn()
    expect((await person.get(TOTP)).text).toContain('data-t="use-recovery"')
    const typed = codes[0]?.toUpperCase().replaceAll('-', ' ') ?? ''
    expect((await person.submit(RECOVERY, { code: typed })).location).toBe('/')
    expect((await person.get('/docs/')).text).toContain('Recovery code used. 9 codes left.')

    const again = await halfIn()
    expect((await again.submit(RECOVERY, { code: codes[0] ?? '' })).status).toBe(422)
    expect((await again.submit(RECOVERY, { code: 'aaaa-bbbb-cccc' })).status).toBe(422)
    expect((await again.submit(RECOVERY, { code: codes[1] ?? '' })).location).toBe('/')
  })

  it('are offered anew when few are left', async () => {
    const { codes } = await addTotp(site, ada)
    const use = async (code: string): Promise<string> => {
      const person = await halfIn()
      const { location } = await person.submit(RECOVERY, { code })
      const page = await person.get(location)
      return page.status === 303 ? (await person.get(page.location)).text : page.text
    }
    for (const code of codes.slice(0, 6)) await use(code)
    expect(await use(codes[6] ?? '')).not.toContain('Create new codes')
    const page = await use(codes[7] ?? '')
    expect(page).toContain('Recovery code used. 2 codes left.')
    expect(page).toContain('href="/accounts/two_factor/recovery/">Create new codes</a>')
  })

  it('are void when there are new ones', async () => {
    const { codes } = await addTotp(site, ada)
    const made = codesIn(await ada.submit('/accounts/two_factor/recovery/', {}))
    expect(made).toHaveLength(10)
    const person = await halfIn()
    expect((await person.submit(RECOVERY, { code: codes[0] ?? '' })).status).toBe(422)
    expect((await person.submit(RECOVERY, { code: made[9] ?? '' })).status).toBe(303)
  })

  it('are kept only as digests', async () => {
    const { codes } = await addTotp(site, ada)
    const bare = codes[0]?.replaceAll('-', '') ?? ''
    const { secondSteps, users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    expect(await secondSteps.useRecoveryCode(user?.id ?? 0, bare)).toBeNull()
    expect((await secondSteps.of(user?.id ?? 0)).recovery.left).toBe(10)
  })
})

/** What a camera sees in the picture of a page. */
function readPicture(html: string): string {
  const size = Number(/class="qr" viewBox="0 0 (\d+)/.exec(html)?.[1])
  const path = /<path d="([^"]+)" fill="#000"/.exec(html)?.[1] ?? ''
  const scale = 4
  const width = size * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = 0; row < scale; row++) {
      const from = ((Number(y) * scale + row) * width + Number(x) * scale) * 4
      for (let i = 0; i < Number(run) * scale; i++) data.fill(0, from + i * 4, from + i * 4 + 3)
    }
  }
  return decode({ width, height: width, data })
}
