import { z } from 'zod'
import { flipMail } from '../email/flip'
import { checkbox, emailAddress } from '../forms'
import { integration } from '../integration'
import { repetitionKey } from '../messages'
import { failed } from '../verdict'

const MAX_ADDRESS_LENGTH = 100

const stored = z.object({
  value: z.string(),
  down: z.boolean().default(true),
  up: z.boolean().default(true),
})

const posted = z
  .object({ value: emailAddress(MAX_ADDRESS_LENGTH), down: checkbox(), up: checkbox() })
  .refine(({ down, up }) => down || up, { path: ['down'], message: 'Tick at least one.' })

/** spec/integrations.md §6 */
export const email = integration<z.infer<typeof stored>>({
  kind: 'email',
  label: 'Email',
  blurb: 'Sends a mail with what happened and the output of the last ping.',
  fields: [
    {
      name: 'value',
      label: 'Email address',
      widget: 'email',
      initial: '',
      required: true,
      maxLength: MAX_ADDRESS_LENGTH,
      help: 'Unless it is your own, we first send a mail with a link that confirms it.',
    },
    {
      name: 'down',
      label: 'Tell when a check goes down',
      widget: 'checkbox',
      initial: 'true',
      required: false,
    },
    {
      name: 'up',
      label: 'Tell when a check comes back up',
      widget: 'checkbox',
      initial: 'true',
      required: false,
      help: 'A ticketing system may open a second ticket for it: then leave it out.',
    },
  ],
  settings: stored,
  legacy: (value) => (value.includes('@') ? { value, down: true, up: true } : null),
  form: posted,
  toForm: ({ value, down, up }) => ({ value, down: down ? 'true' : '', up: up ? 'true' : '' }),
  describe: ({ value }) => value,
  wants: ({ down, up }) => ({ down, up }),

  async send(channel, notice, { value }, { config, mailer, signer, templates }) {
    if (!channel.verified) return failed('Email not verified')
    const unsubscribeUrl = `${config.siteRoot}/integrations/${channel.code}/unsub/${signer.stamp('alerts', channel.code, notice.nowAt)}/`
    const { subject, text, html, attachments } = flipMail(notice, { ...config, unsubscribeUrl }, templates)
    const delivery = await mailer.send({
      to: value,
      subject,
      text,
      html,
      attachments,
      id: repetitionKey(notice),
      bounceId: signer.bounceId('n', notice.notificationCode, notice.nowAt),
      headers: {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
      },
    })
    return { delivery, again: !delivery.ok && delivery.kind === 'temporary', retryAfterMs: null }
  },
})

/** The address that a channel of this kind writes to, or null when its value is unreadable. */
export function emailAddressOf(value: string): string | null {
  const address = email.toForm(value)['value'] ?? ''
  return address === '' ? null : address
}
