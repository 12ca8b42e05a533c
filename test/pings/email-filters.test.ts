import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Filters } from '../../src/core/check'
import { databases } from '../support/databases'
import { mailSite, NO_FILTERS } from '../support/mail-site'
import type { MailSite } from '../support/mail-site'
import { mailTo } from '../support/smtp-talk'

const WORDS = { startWords: 'BEGIN', successWords: 'SUCCESS', failWords: 'FAILURE, ERROR' }

describe.each(databases)('filters on pings by mail on $name', (database) => {
  let site: MailSite
  beforeEach(async () => {
    site = await mailSite(database)
  })
  afterEach(() => site.close())

  const multipart = (...parts: string[]) =>
    `Subject: report\r\nContent-Type: multipart/alternative; boundary="=b"\r\n\r\n${parts
      .map((part) => `--=b\r\n${part}\r\n`)
      .join('')}--=b--\r\n`
  const html = (text: string) => `Content-Type: text/html; charset=utf-8\r\n\r\n${text}`

  it.each<[string, Partial<Filters>, string | Buffer, string]>([
    ['a word in the subject', { subject: true }, 'Subject: backup SUCCESS\r\n\r\n', 'success'],
    ['a failure before all else', { subject: true }, 'Subject: BEGIN SUCCESS ERROR\r\n\r\n', 'fail'],
    ['a start', { subject: true }, 'Subject: BEGIN\r\n\r\n', 'start'],
    ['no word', { subject: true }, 'Subject: nothing\r\n\r\nSUCCESS', 'ign'],
    ['no word, taken for a failure', { subject: true, otherwiseFail: true }, 'Subject: hm\r\n\r\n', 'fail'],
    ['no subject', { subject: true }, 'From: a@b.org\r\n\r\nSUCCESS', 'ign'],
    ['a word in the body that nobody asked for', { subject: true }, 'Subject: x\r\n\r\nERROR', 'ign'],
    ['encoded words', { subject: true }, 'Subject: =?utf-8?B?U1VD?= =?utf-8?Q?C=45SS?=\r\n\r\n', 'success'],
    ['the plain text', { body: true }, 'Subject: x\r\n\r\nall SUCCESS', 'success'],
    ['another case', { body: true }, 'Subject: x\r\n\r\nall success', 'ign'],
    ['HTML between tags', { body: true }, multipart(html('<b>S</b>UCC<i class="a>b">ESS</i>')), 'success'],
    ['HTML references', { body: true }, multipart(html('SUCC&#69;SS &amp; more')), 'success'],
    [
      'a script',
      { body: true },
      multipart(html('<script>"ERROR"</script><style>ERROR{}</style>SUCCESS')),
      'success',
    ],
    ['both parts', { body: true }, multipart('\r\nSUCCESS', html('<p>ERROR</p>')), 'fail'],
    [
      'quoted-printable',
      { body: true },
      'Subject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSUC=\r\nC=45SS',
      'success',
    ],
    [
      'base64 in a charset',
      { body: true, successWords: 'größe' },
      `Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('größe', 'latin1').toString('base64')}`,
      'success',
    ],
    [
      'eight bits in a charset',
      { body: true, successWords: 'größe' },
      Buffer.from('Subject: x\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\ngröße', 'latin1'),
      'success',
    ],
    [
      'an attachment',
      { body: true },
      multipart('Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nERROR', '\r\nSUCCESS'),
      'success',
    ],
    ['MIME that never ends', { body: true }, multipart('\r\nSUCCESS').replace('--=b--', ''), 'success'],
    ['MIME without a boundary', { body: true }, 'Content-Type: multipart/mixed\r\n\r\nSUCCESS', 'success'],
    ['no mail at all', { body: true }, Buffer.from([0, 255, 254, 13, 10, 0]), 'ign'],
  ])('judges %s', async (_, filters, raw, kind) => {
    const check = await site.add({ filters: { ...NO_FILTERS, ...WORDS, ...filters } })
    expect(await mailTo(site.port, site.at(check), raw)).toBe('250 OK')
    expect((await site.lastOf(check))?.kind).toBe(kind)
  })

  it('ignores methods and the filter on HTTP bodies', async () => {
    const check = await site.add({ postOnly: true, filters: { ...NO_FILTERS, ...WORDS, httpBody: true } })
    await mailTo(site.port, site.at(check), 'Subject: ERROR\r\n\r\nERROR')
    expect((await site.lastOf(check))?.kind).toBe('success')
  })
})
