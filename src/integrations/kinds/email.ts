import { z } from 'zod'
import type { Channel } from '../../core/channel'
import type { Instant } from '../../core/time'
import { flipMail } from '../email/flip'
import type { FlipContext } from '../email/flip'
import { summaryMail } from '../email/summary'
import { checkbox, emailAddress } from '../forms'
import { integration } from '../integration'
import type { Tools } from '../integration'
import { repetitionKey, summaryKey } from '../messages'
import { failed } from '../verdict'
import type { Attempt } from '../verdict'

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

  send: (channel, notice, { value }, tools) =>
    sendMail(channel, value, tools, {
      ...notice,
      id: repetitionKey(notice),
      written: (context) => flipMail(notice, context, tools.templates),
    }),

  summary: {
    send: (channel, summary, { value }, tools) =>
      sendMail(channel, value, tools, {
        ...summary,
        id: summaryKey(summary),
        written: (context) => ({ ...summaryMail(summary, context, tools.templates), attachments: [] }),
      }),
  },
})

interface Letter {
  nowAt: Instant
  notificationCode: string
  id: string
  written(context: FlipContext): ReturnType<typeof flipMail>
}

async function sendMail(
  channel: Channel,
  to: string,
  { config, mailer, signer }: Tools,
  { nowAt, notificationCode, id, written }: Letter,
): Promise<Attempt> {
  if (!channel.verified) return failed('Email not verified')
  const unsubscribeUrl = `${config.siteRoot}/integrations/${channel.code}/unsub/${signer.stamp('alerts', channel.code, nowAt)}/`
  const delivery = await mailer.send({
    to,
    ...written({ ...config, unsubscribeUrl }),
    id,
    bounceId: signer.bounceId('n', notificationCode, nowAt),
    headers: {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  })
  return { delivery, again: !delivery.ok && delivery.kind === 'temporary', retryAfterMs: null }
}

/** The address that a channel of this kind writes to, or null when its value is unreadable. */
export function emailAddressOf(value: string): string | null {
  const address = email.toForm(value)['value'] ?? ''
  return address === '' ? null : address
}
