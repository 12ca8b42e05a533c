import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { faultOf } from '../src/commands/faults'
import { compose } from '../src/compose'
import { systemRandom } from '../src/world/random'
import { aReport } from './support/bounces'
import { aBeginning, aPing, NOON } from './support/build'
import { freshFolder } from './support/databases'
import { recorder } from './support/local-site'
import { configOf } from './support/settings'
import { mailTo } from './support/smtp-talk'

const settings = (port: number, more: Record<string, string> = {}) => {
  const config = configOf({
    DATA_DIR: freshFolder(),
    SECRET_KEY: 'a key for tests '.repeat(4),
    SMTPD_PORT: String(port),
    SMTPD_HOST: '127.0.0.1',
    PING_EMAIL_DOMAIN: 'Ping.Example.org',
    ROLES: 'smtpd',
    ...more,
  })
  return config
}

const world = { clock: () => NOON, random: systemRandom, log: recorder([]) }

describe('the appliance, as a door for mails', () => {
  it('takes a ping by mail', async () => {
    const appliance = await compose(settings(0), world)
    onTestFinished(() => appliance.stop())
    await appliance.start()
    const begun = await appliance.app.store.users.addFirst(aBeginning())
    const port = appliance.mailPort() ?? 0
    expect(await mailTo(port, `${begun?.check.code}@PING.example.org`, 'Subject: done\r\n\r\n')).toBe(
      '250 OK',
    )
    expect(await appliance.app.store.checks.findByCode(begun?.check.code ?? '')).toMatchObject({
      status: 'up',
    })
  })

  it('notices that a mail of its own comes back', async () => {
    const appliance = await compose(settings(0, { EMAIL_MAIL_FROM_TMPL: '%s@bounces.example.org' }), world)
    onTestFinished(() => appliance.stop())
    await appliance.start()
    const { store, signer } = appliance.app
    const { check, channel } = (await store.users.addFirst(aBeginning()))!
    await store.checks.recordPings([{ code: check.code, ping: aPing({ signal: 'fail' }) }])
    const [told] = await store.notifications.ofCheck(check.id, 1)
    const id = signer.bounceId('n', told?.code ?? '', NOON)
    const report = aReport(['Action: failed', 'Status: 5.1.1'])
    expect(await mailTo(appliance.mailPort() ?? 0, `${id}@bounces.example.org`, report, '')).toBe('250 OK')
    expect(await store.channels.find(channel.code)).toMatchObject({ disabled: true })
  })

  it('opens none that nobody asked for', async () => {
    const appliance = await compose(settings(0, { SMTPD_PORT: '' }), world)
    onTestFinished(() => appliance.stop())
    await appliance.start()
    expect(appliance.mailPort()).toBeNull()
  })

  it('says so when its port is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const config = settings((other.address() as AddressInfo).port)
    const appliance = await compose(config, world)
    onTestFinished(() => appliance.stop())
    const cause: unknown = await appliance.start().then(
      () => null,
      (error: unknown) => error,
    )
    expect(faultOf(cause, config)).toMatchObject({ code: 69 })
    expect(faultOf(cause, config).sentence).toContain('(SMTPD_PORT, SMTPD_HOST)')
  })
})
