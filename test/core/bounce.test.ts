import { describe, expect, it } from 'vitest'
import { readBounce } from '../../src/core/bounce'
import { aReport } from '../support/bounces'

describe('a mail that comes back', () => {
  it.each([
    [['Action: failed', 'Status: 5.0.0'], true, 'Delivery failed (SMTP status code: 5.0.0)'],
    [['Action: delayed', 'Status: 4.0.0'], false, 'Delivery failed (SMTP status code: 4.0.0)'],
    // Routing trouble may be ours.
    [['Action: failed', 'Status: 5.4.4'], false, 'Delivery failed (SMTP status code: 5.4.4)'],
    [
      ['Action: failed', 'Status: 5.1.1 (bad mailbox)', 'Diagnostic-Code: SMTP; 550 5.1.1 No such', ' user'],
      true,
      'Delivery failed (550 5.1.1 No such user)',
    ],
  ])('says why: %j', (fields, isPermanent, reason) => {
    expect(readBounce(aReport(fields))).toEqual({ isPermanent, reason })
  })

  it('is no failure when it reports success, or nothing at all', () => {
    expect(readBounce(aReport(['Action: delivered', 'Status: 2.0.0']))).toBeNull()
    expect(readBounce(aReport(['Status: 5.0.0']))).toBeNull()
    expect(
      readBounce(Buffer.from('Subject: I am on holiday\r\n\r\nAction: failed\r\nStatus: 5.0.0')),
    ).toBeNull()
    expect(readBounce(Buffer.alloc(0))).toBeNull()
  })

  it('may say it in its own headers', () => {
    const raw = Buffer.from('Action: failed\nStatus: 5.0.0\n\n')
    expect(readBounce(raw)).toMatchObject({ isPermanent: true })
  })

  it('is cut when it goes on and on', () => {
    const { reason = '' } =
      readBounce(
        aReport(['Action: failed', 'Status: 5.0.0', `Diagnostic-Code: smtp; ${'😀'.repeat(300)}`]),
      ) ?? {}
    expect(Array.from(reason)).toHaveLength(200)
  })
})
