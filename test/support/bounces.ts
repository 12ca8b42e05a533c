/** A report as relays send it, about a mail that could not be delivered. */
export function aReport(fields: string[], { to = 'n.x@bounces.example.org' } = {}): Buffer {
  return Buffer.from(
    [
      'From: MAILER-DAEMON@relay.example.org',
      `To: <${to}>`,
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'I am sorry.',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; relay.example.org',
      '',
      'Final-Recipient: rfc822; ada@example.org',
      ...fields,
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: Nightly backup is DOWN',
      '',
      'text',
      '--b--',
      '',
    ].join('\r\n'),
  )
}
