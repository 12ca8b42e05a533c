import type { z } from 'zod'
import type { Config } from '../config'
import type { Channel } from '../core/channel'
import type { Notice } from '../core/notice'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Summary } from '../core/summary'
import type { Instant } from '../core/time'
import type { HttpAnswer, OutgoingHttp, OutgoingRequest } from '../world/http'
import type { Log } from '../world/log'
import type { Mailer } from '../world/mail'
import type { Signer } from '../world/signer'
import type { Templates } from '../world/templates'
import { delivered, failed, judge } from './verdict'
import type { Attempt } from './verdict'

/** What a browser posted. A checkbox that is not ticked is absent. */
export type Form = Readonly<Record<string, string | undefined>>

/** One thing that the owner of a channel fills in. */
export interface Field {
  name: string
  label: string
  widget: 'text' | 'email' | 'url' | 'select' | 'checkbox' | 'headers' | 'area'
  /** In an empty form; 'true' is a ticked checkbox. */
  initial: string
  required: boolean
  maxLength?: number
  /** A sentence below the field. */
  help?: string
  /** Of a select. */
  options?: readonly string[]
  /** Often holds a token or a password: files refer to it instead of holding it. */
  secret?: boolean
  /** Fields about one event stand together. */
  group?: 'down' | 'up'
  /** It matters only while another field has one of these values. */
  onlyFor?: { field: string; values: readonly string[] }
}

export interface Placeholder {
  name: string
  meaning: string
}

/** What is special about one kind of channel: all that its file says. `S` is what its owner settled. */
export interface Definition<S> {
  kind: string
  label: string
  /** In addresses, when it is not the kind. */
  path?: string
  /** A sentence for those who choose a kind. */
  blurb: string
  /** Sentences for those who fill in the form. */
  notes?: readonly string[]
  placeholders?: readonly Placeholder[]
  fields: readonly Field[]
  /** What is stored, read with patience: what is missing has a default. */
  settings: z.ZodType<S>
  /** Values from the days before settings were JSON. Null when it is none. */
  legacy?(value: string): S | null
  /** From what was posted; issues are told at the field of their path. */
  form: z.ZodType<S>
  toForm(settings: S): Record<string, string>
  /** A few words for a list, without secrets. */
  describe(settings: S): string
  /** What the channel may be called if its owner gives no name. */
  suggestName?(settings: S): string
  /** Which flips it does something for; the others are not even queued. */
  wants?(settings: S): { down: boolean; up: boolean }
  /** Or why it is switched off. */
  enabled?(config: Config): true | string
  /** What tells a notice. Pure; sent one after another, and all have to succeed. */
  build?(notice: Notice, settings: S, config: Config): Call[]
  /** For the kinds that are more than requests. */
  send?(channel: Channel, notice: Notice, settings: S, tools: Tools): Promise<Attempt>
  /** What tells many checks that went down at once; without it each is told on its own. */
  summary?: SummaryDefinition<S>
  /** Null when the usual rules (`verdict.ts`) say it. */
  judge?(answer: HttpAnswer): Attempt | null
  /** Every failure is worth a quick try again, not only those that look passing. */
  insistent?: boolean
}

export interface SummaryDefinition<S> {
  /** Whether one message can tell many by these settings. */
  suits?(settings: S): boolean
  build?(summary: Summary, settings: S, config: Config): Call[]
  send?(channel: Channel, summary: Summary, settings: S, tools: Tools): Promise<Attempt>
}

export interface Call extends OutgoingRequest {
  /** Its failure does not stop the rest. */
  bestEffort?: boolean
}

/** What integrations may use of the world. */
export interface Tools {
  config: Config
  http: OutgoingHttp
  mailer: Mailer
  signer: Signer
  templates: Templates
  log: Log
}

/** A kind of channel, as everybody else sees it. No value makes any of these throw. */
export interface Integration {
  kind: string
  label: string
  /** Its name in addresses. */
  path: string
  blurb: string
  notes: readonly string[]
  placeholders: readonly Placeholder[]
  fields: readonly Field[]
  enabled(config: Config): true | string
  /** The value to store, and a name that would suit; or what is wrong, by field. */
  parse(form: Form): Result<{ value: string; name?: string }>
  /** An empty form when the value is unreadable. */
  toForm(value: string): Record<string, string>
  describe(value: string): string
  wants(value: string): { down: boolean; up: boolean }
  /** One try to tell this channel. */
  attempt(channel: Channel, notice: Notice, tools: Tools): Promise<Attempt>
  /** Whether one message can tell many checks; if not, `attemptSummary` is of no use. */
  summarises(value: string): boolean
  /** One try to tell them. */
  attemptSummary(channel: Channel, summary: Summary, tools: Tools): Promise<Attempt>
}

export function integration<S>(definition: Definition<S>): Integration {
  const { kind, label, blurb, fields } = definition
  return {
    kind,
    label,
    path: definition.path ?? kind,
    blurb,
    notes: definition.notes ?? [],
    placeholders: definition.placeholders ?? [],
    fields,

    enabled: (config) => definition.enabled?.(config) ?? true,

    parse(form) {
      const read = definition.form.safeParse(form)
      if (!read.success) return invalid(read.error)
      const name = definition.suggestName?.(read.data) ?? ''
      return ok({ value: JSON.stringify(read.data), ...(name === '' ? {} : { name }) })
    },

    toForm(value) {
      const settings = readSettings(definition, value)
      return settings === null ? emptyForm(fields) : definition.toForm(settings)
    },

    describe(value) {
      const settings = readSettings(definition, value)
      return settings === null ? 'Broken configuration' : definition.describe(settings)
    },

    wants(value) {
      const settings = readSettings(definition, value)
      // A broken channel is tried, so that its failure is seen.
      return (settings === null ? null : definition.wants?.(settings)) ?? { down: true, up: true }
    },

    attempt: (channel, notice, tools) => attempt(definition, definition, channel, notice, tools),

    summarises(value) {
      const settings = readSettings(definition, value)
      return (
        settings !== null &&
        definition.summary !== undefined &&
        (definition.summary.suits?.(settings) ?? true)
      )
    },

    attemptSummary: (channel, summary, tools) =>
      attempt(definition, definition.summary ?? {}, channel, summary, tools),
  }
}

/** How one sort of message is told. */
interface Way<S, M> {
  build?(message: M, settings: S, config: Config): Call[]
  send?(channel: Channel, message: M, settings: S, tools: Tools): Promise<Attempt>
}

async function attempt<S, M extends { nowAt: Instant }>(
  definition: Definition<S>,
  way: Way<S, M>,
  channel: Channel,
  message: M,
  tools: Tools,
): Promise<Attempt> {
  const enabled = definition.enabled?.(tools.config) ?? true
  if (enabled !== true) return failed(enabled)
  const settings = readSettings(definition, channel.value)
  if (settings === null) return failed('Invalid configuration')
  if (way.send) return way.send(channel, message, settings, tools)
  return request(definition, way.build?.(message, settings, tools.config) ?? [], message.nowAt, tools)
}

async function request<S>(
  definition: Definition<S>,
  calls: Call[],
  nowAt: Instant,
  { http, log }: Tools,
): Promise<Attempt> {
  for (const { bestEffort, ...call } of calls) {
    const answer = await http.send(call)
    const attempt = definition.judge?.(answer) ?? judge(answer, nowAt)
    if (attempt.delivery.ok) continue
    if (bestEffort !== true) return definition.insistent ? insisting(attempt, answer) : attempt
    log.warn('A request beside a notification failed', {
      kind: definition.kind,
      reason: attempt.delivery.reason,
    })
  }
  return delivered()
}

/** What the address policy refuses, it refuses every time. */
function insisting(attempt: Attempt, answer: HttpAnswer): Attempt {
  return answer.ok || answer.why !== 'blocked' ? { ...attempt, again: true } : attempt
}

function readSettings<S>(definition: Definition<S>, value: string): S | null {
  const read = definition.settings.safeParse(parsed(value))
  return read.success ? read.data : (definition.legacy?.(value) ?? null)
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** What the fields of a new channel are filled with. */
export function emptyForm(fields: readonly Field[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, initial }) => [name, initial]))
}

/** The first problem of each field. */
function invalid(error: z.ZodError): ReturnType<typeof fail> {
  const fields: Record<string, string> = {}
  for (const { path, message } of error.issues) fields[String(path[0] ?? '')] ??= message
  return fail('invalid', 'Please correct what is marked below.', { fields })
}
