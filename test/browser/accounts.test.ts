import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time'
import { codeOf, linkIn, mailed } from '../support/account'
import { openBrowser } from '../support/browser'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { ADA, anAdministrator } from '../support/person'

let browser: Browser
let site: LocalSite
/** Browsers take passkeys for this name without https. */
let url: string

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  site = await localSite({ RP_ID: 'localhost', REGISTRATION_OPEN: 'True' })
  url = `http://localhost:${site.appliance.port()}`
  await anAdministrator(site)
})

afterEach(() => site.close())

async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  page.setDefaultTimeout(10_000)
  return page
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${url}/accounts/login/`)
  await page.locator('[name=email]').fill(ADA.email)
  await page.locator('[name=password]').fill(ADA.password)
  await page.locator('[data-t=submit]').click()
}

async function confirm(page: Page): Promise<void> {
  await page.locator('[name=password]').fill(ADA.password)
  await page.locator('[data-t=confirm-password]').click()
}

/** A key that looks at its owner, without a hand that has to touch it. */
async function plugIn(context: BrowserContext, page: Page): Promise<{ cdp: CDPSession; id: string }> {
  // This one answers whatever it is asked, also what only waits behind the address field.
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, id: authenticatorId }
}

describe('a passkey', () => {
  it('is added, signs in without anything typed, confirms, and is removed with a warning', async () => {
    const page = await open()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    await plugIn(page.context(), page)
    await signIn(page)
    await page.goto(`${url}/accounts/profile/security/`)
    await page.locator('[data-t=add-passkey]').click()
    await confirm(page)
    await page.locator('[name=name]').fill('Blue key')
    await page.locator('[data-t=passkey]').click()
    await page.locator('[data-t=recovery-code]').first().waitFor()
    expect(await page.locator('[data-t=recovery-code]').count()).toBe(10)
    await page.locator('[data-t=stored]').check()
    await page.locator('[data-t=continue]').click()
    expect(await page.locator('#content').textContent()).toContain('can replace the password')

    await page.goto(`${url}/docs/`)
    await page.locator('[data-t=account] summary').click()
    await page.locator('[data-t=sign-out]').click()
    await page.goto(`${url}/accounts/login/?next=/accounts/profile/security/`)
    await page.locator('[data-t=passkey]').click()
    await page.waitForURL('**/accounts/profile/security/')
    expect(await page.locator('[data-t=account-events]').textContent()).toContain('Signed in (passkey)')

    await page.locator('[data-t^=remove-passkey-]').click()
    await page.locator('[data-t=confirm-passkey]').click()
    // The key answers in its own time.
    await page.locator('#content', { hasText: 'two-step sign-in will be off' }).waitFor()
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('Removed Blue key.')
    expect(said.filter((each) => !each.includes('Clear-Site-Data'))).toEqual([])
    await page.context().close()
  })

  it('is the second step after a password, for which it is asked at once', async () => {
    const page = await open()
    await plugIn(page.context(), page)
    await signIn(page)
    await page.goto(`${url}/accounts/two_factor/webauthn/`)
    await confirm(page)
    await page.locator('[name=name]').fill('Key')
    await page.locator('[data-t=passkey]').click()
    await page.locator('[data-t=recovery-code]').first().waitFor()
    await page.context().clearCookies()
    await signIn(page)
    await page.waitForURL('**/checks/')
    await page.context().close()
  })

  it('that was copied is refused: its count goes backwards', async () => {
    const page = await open()
    const { cdp, id } = await plugIn(page.context(), page)
    await signIn(page)
    await page.goto(`${url}/accounts/two_factor/webauthn/`)
    await confirm(page)
    await page.locator('[name=name]').fill('Key')
    await page.locator('[data-t=passkey]').click()
    await page.locator('[data-t=recovery-code]').first().waitFor()
    const { passkeys, users } = site.appliance.app.store
    const user = await users.findByEmail(ADA.email)
    const [key] = await passkeys.ofUser(user?.id ?? 0)
    await passkeys.touch(key?.code ?? '', 1_000_000, 0)
    expect((await cdp.send('WebAuthn.getCredentials', { authenticatorId: id })).credentials).toHaveLength(1)
    await page.context().clearCookies()
    await page.goto(`${url}/accounts/login/`)
    await page.locator('[data-t=passkey]').click()
    expect(await page.locator('[data-t=error-summary]').textContent()).toContain('Nothing was received')
    await page.context().close()
  })
})

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('a person %s', (_how, javaScriptEnabled) => {
  it('sets an authenticator app up, and signs in with it', async () => {
    const page = await open({ javaScriptEnabled })
    await signIn(page)
    await page.goto(`${url}/accounts/profile/security/`)
    await page.locator('[data-t=add-totp]').click()
    await confirm(page)
    expect(await page.locator('[data-t=qr]').isVisible()).toBe(true)
    const secret = (await page.locator('[data-t=totp-secret]').textContent()) ?? ''
    await page.locator('[name=code]').fill(codeOf(site, secret))
    if (!javaScriptEnabled) await page.locator('[data-t=submit]').click()
    const code = (await page.locator('[data-t=recovery-code]').first().textContent()) ?? ''
    if (javaScriptEnabled) {
      const file = page.waitForEvent('download')
      await page.locator('[data-t=download-codes]').click()
      expect((await file).suggestedFilename()).toBe('rollcall-recovery-codes.txt')
    }

    site.pass(MINUTE)
    await page.context().clearCookies()
    await signIn(page)
    await page.locator('[name=code]').fill('000000')
    if (!javaScriptEnabled) await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=error-summary]').textContent()).toContain('That code is not right.')
    await page.locator('[name=code]').fill(codeOf(site, secret))
    if (!javaScriptEnabled) await page.locator('[data-t=submit]').click()
    await page.waitForURL('**/checks/')

    await page.context().clearCookies()
    await signIn(page)
    await page.locator('[data-t=use-recovery]').click()
    await page.locator('[name=code]').fill(code)
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('[data-t=flash]').textContent()).toContain('9 codes left.')
    await page.context().close()
  })

  it('registers, comes in by the link, and chooses how pages look', async () => {
    const page = await open({ javaScriptEnabled, timezoneId: 'Asia/Tokyo' })
    await page.goto(`${url}/accounts/login/`)
    await page.locator('[data-t=sign-up]').click()
    await page.locator('[name=identity]').fill('bob@example.org')
    site.pass(3000)
    await page.locator('[data-t=submit]').click()
    expect(await page.locator('h1').textContent()).toBe('Check your e-mail')
    const [mail] = await mailed(site)
    await page.goto(url + linkIn(mail ?? { text: '' }, site))
    await page.waitForURL('**/checks/')

    await page.goto(`${url}/accounts/profile/`)
    expect(await page.locator('[name=tz]').inputValue()).toBe(javaScriptEnabled ? 'Asia/Tokyo' : 'UTC')
    await page.goto(`${url}/accounts/profile/appearance/`)
    await page.locator('[data-t=theme-dark]').check()
    await page.locator('[data-t=density-compact]').check()
    if (javaScriptEnabled) await page.locator('[data-saved]', { hasText: 'Saved' }).waitFor()
    else await page.locator('[data-t=submit]').click()
    await page.goto(`${url}/docs/`)
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(await page.locator('html').getAttribute('data-density')).toBe('compact')
    await page.context().close()
  })
})
