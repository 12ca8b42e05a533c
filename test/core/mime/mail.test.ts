import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { readMail } from '../../../src/core/mime/mail'

const raw = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

describe('a mail taken apart', () => {
  const nested = raw(
    'From: "Doe, John" <john@example.org>',
    'To: =?iso-8859-1?Q?J=FCrgen?= <j@example.org>,',
    ' team@example.org',
    'Subject: =?utf-8?B?8J+Y?= =?utf-8?B?gCBkb25l?=,',
    ' then folded',
    'Date: Thu, 15 Jan 2026 12:00:00 +0000',
    'Message-ID: <1@example.org>',
    'Content-Type: multipart/mixed; boundary="outer"',
    '',
    'This is for programs that know no MIME.',
    '--outer',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain; charset="koi8-r"',
    'Content-Transfer-Encoding: base64',
    '',
    '8NLJ18XU',
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<p class=3D"x">Gr=C3=BC=',
    '=C3=9Fe</p>',
    '--inner--',
    '--outer',
    "Content-Type: application/pdf; name*0*=utf-8''na%C3%AF; name*1=ve.pdf",
    'Content-Disposition: attachment',
    '',
    'PDF',
    '--outer--',
    'after the end',
  )

  it('is read', () => {
    expect(readMail(nested)).toEqual({
      from: [{ name: 'Doe, John', address: 'john@example.org' }],
      to: [
        { name: 'Jürgen', address: 'j@example.org' },
        { name: '', address: 'team@example.org' },
      ],
      subject: '😀 done, then folded',
      date: 'Thu, 15 Jan 2026 12:00:00 +0000',
      messageId: '<1@example.org>',
      text: 'Привет',
      html: '<p class="x">Grüße</p>',
      others: [{ name: 'naïve.pdf', type: 'application/pdf', bytes: 3 }],
    })
  })

  it('is read as another reader reads it', async () => {
    const other = await PostalMime.parse(nested)
    const ours = readMail(nested)
    expect([ours?.subject, ours?.text?.trim(), ours?.html?.trim()]).toEqual([
      other.subject,
      other.text?.trim(),
      other.html?.trim(),
    ])
  })

  it.each<[string, Buffer, object | null]>([
    ['nothing', Buffer.alloc(0), null],
    ['no header', raw('hello there', 'Subject: x'), null],
    ['only headers', raw('Subject: x'), { subject: 'x', text: '' }],
    ['line ends of one kind', Buffer.from('Subject: x\n\na\nb'), { subject: 'x', text: 'a\nb' }],
    ['an unknown charset', raw('Content-Type: text/plain; charset=klingon', '', 'ä'), { text: 'ä' }],
    ['half a letter', Buffer.concat([raw('Subject: x', '', ''), Buffer.from([0xc3])]), { text: '\ufffd' }],
    ['an unknown encoding', raw('Content-Transfer-Encoding: x-odd', '', 'a=41'), { text: 'a=41' }],
    [
      'broken quoted-printable',
      raw('Content-Transfer-Encoding: quoted-printable', '', 'a=4', 'b=ZZ='),
      { text: 'a=4\r\nb=ZZ=' },
    ],
    ['broken base64', raw('Content-Transfer-Encoding: base64', '', 'YWJj*ZGV'), { text: 'abcde' }],
    [
      'a broken encoded word',
      raw('Subject: =?utf-8?Q?x and =?x?z?y?=', ''),
      { subject: '=?utf-8?Q?x and =?x?z?y?=' },
    ],
    ['a second subject', raw('Subject: one', 'Subject: two', ''), { subject: 'one' }],
    [
      'a container in itself',
      raw(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'x',
      ),
      { html: null },
    ],
    [
      'a boundary that only begins alike',
      raw('Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'x', '--bc', 'y', '--b--'),
      { text: 'x\r\n--bc\r\ny' },
    ],
  ])('makes the best of %s', (_, given, expected) => {
    if (expected === null) expect(readMail(given)).toBeNull()
    else expect(readMail(given)).toMatchObject(expected)
  })

  it('takes no longer for one that is made to take long', () => {
    const mixed = 'Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n'
    const hostile = [
      `${mixed}\r\n${'--b\r\n'.repeat(400_000)}`,
      `${mixed}\r\n${'--b'.repeat(700_000)}`,
      `${mixed}\r\n${'--b\r\na:'.repeat(250_000)}`,
      `Subject: ${' =?a?b?'.repeat(300_000)}\r\n\r\n`,
      `Subject: ${'=?utf-8?q?=41?= '.repeat(100_000)}\r\n\r\n`,
      `${'a:b\r\n'.repeat(400_000)}\r\n`,
      `Content-Type: text/plain${';a*1*="'.repeat(250_000)}\r\n\r\n`,
      `From: ${'"\\"<,'.repeat(300_000)}\r\n\r\n`,
      `Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=   '.repeat(500_000)}`,
    ]
    const begun = performance.now()
    for (const mail of hostile) readMail(Buffer.from(mail))
    // A second or so for all; what grows with the square would take minutes.
    expect(performance.now() - begun).toBeLessThan(15_000)
  })
})
