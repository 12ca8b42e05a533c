import { z } from 'zod'

// What the endpoints for accounts take and answer with: they validate with these, and the description of the
// API is made from them.

export const projectToBe = z.strictObject({
  name: z.string().describe('1 to 60 characters.'),
  owner: z
    .string()
    .optional()
    .describe('Whose project it becomes, by e-mail address. Somebody else only by administrators.'),
})

export const projectChange = z.strictObject({ name: z.string().describe('1 to 60 characters.') })

export const pingKeyChange = z.strictObject({
  ping_key: z.string().optional().describe('22 characters a to z and 0 to 9. Without it, one is made.'),
})

const settings = z
  .record(z.string(), z.unknown())
  .describe(
    'As the form of the kind asks. What belongs to one event stands together, as in {"down": {"url": …}}; headers are an object.',
  )

const repeat = z
  .int()
  .nullable()
  .describe('Seconds after which a down is told again until it is over or acknowledged; null: once only.')

export const channelToBe = z.strictObject({
  kind: z.string().describe('email, webhook, …'),
  name: z.string().default(''),
  settings: settings.default({}),
  repeat: repeat.default(null),
})

export const channelChange = z.strictObject({
  name: z.string().optional(),
  settings: settings.optional(),
  repeat: repeat.optional(),
})

const access = z.enum(['read-write', 'read-only'])

export const keyToBe = z.strictObject({
  name: z.string(),
  access,
  expires_in_days: z.int().nullable().default(null).describe('1 to 3650; null: never.'),
  secret: z.string().optional().describe('A key of your own, 32 characters. Without it, one is made.'),
})

const memberRole = z.enum(['read-only', 'member', 'manager'])

export const memberToBe = z.strictObject({ email: z.string(), role: memberRole })

export const memberChange = z.strictObject({ role: memberRole })

const time = z.iso.datetime({ offset: true })

export const project = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  owner: z.string().describe('E-mail address.'),
  role: z.enum(['read-only', 'member', 'manager', 'owner']).describe('What you may do in it.'),
  ping_key: z
    .string()
    .nullable()
    .optional()
    .describe('Only for members and above, and not by a read-only token.'),
  created: time,
})

export const channel = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  kind: z.string(),
  settings,
  hidden: z
    .array(z.string())
    .describe('Settings that are not shown to you, because they often hold secrets: ["down.url"].'),
  repeat,
  verified: z.boolean().describe('E-mail only: the address was confirmed.'),
  disabled: z.boolean().describe('Nothing is sent, after a permanent failure or an unsubscribe.'),
  disabled_by: z
    .enum(['failure', 'unsubscribe'])
    .nullable()
    .describe('A failure ends with a successful test, an unsubscribe only when the channel is saved anew.'),
  disabled_reason: z.string().describe('In the words of the other side; empty when nobody said.'),
  last_error: z.string(),
  created: time,
})

export const tested = z.strictObject({
  delivered: z.boolean(),
  reason: z.string().describe('Why it was not; empty when it was.'),
})

export const key = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  access,
  hint: z.string().describe('The first eight characters.'),
  created_by: z.string(),
  created: time,
  last_used: time.nullable(),
  expires: time.nullable(),
})

export const newKey = key.extend({ secret: z.string().describe('The key, which nobody is shown again.') })

export const member = z.strictObject({
  email: z.string(),
  role: memberRole,
  since: time.nullable().describe('null: invited, and not here yet.'),
})

export const newMember = member.extend({
  link: z.string().optional().describe('To be passed on by hand, where the site sends no mails.'),
})

export const projects = z.strictObject({ projects: z.array(project) })
export const channels = z.strictObject({ channels: z.array(channel) })
export const keys = z.strictObject({ keys: z.array(key) })
export const members = z.strictObject({ members: z.array(member) })

/** As the description of the API calls them. */
export const NAMED: Readonly<Record<string, z.ZodType>> = {
  ProjectToBe: projectToBe,
  ProjectChange: projectChange,
  PingKeyChange: pingKeyChange,
  ChannelToBe: channelToBe,
  ChannelChange: channelChange,
  KeyToBe: keyToBe,
  MemberToBe: memberToBe,
  MemberChange: memberChange,
  Project: project,
  Projects: projects,
  Channel: channel,
  Channels: channels,
  ChannelTest: tested,
  Key: key,
  NewKey: newKey,
  Keys: keys,
  Member: member,
  NewMember: newMember,
  Members: members,
}
