import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Delivery } from '../core/delivery'
import type { Dialogue } from '../world/mail-dialogue'
import type { Random } from '../world/random'
import { sealFor } from '../world/sealing'
import type { Actor, AuditTrail } from './audit'

/** New values by the names of settings, as one would write them in the environment. Null: no longer saved. */
export type SettingChanges = Readonly<Record<string, string | null>>

/** One setting as it holds now. */
export interface ShownSetting {
  name: string
  /** Three stars for a secret that is set. */
  value: string
  /** 'default', 'environment', or where else it comes from. */
  source: string
}

/** The settings of the running server, of which some may be saved. `C`: all of them, typed. */
export interface SettingsDesk<C> {
  savable: readonly string[]
  values(): readonly ShownSetting[]
  /** What is odd about them, in sentences. */
  warnings(): readonly string[]
  isSecret(name: string): boolean
  /** Whether whoever started the server decided about it, so that it cannot be changed here. */
  isFixed(name: string): boolean
  /** The last characters of a saved secret that is long enough; else null. */
  secretHint(name: string): string | null
  /** All settings as they would be, by the rules of the start. */
  weigh(
    changes: SettingChanges,
  ): { ok: true; config: C; warnings: readonly string[] } | { ok: false; problems: string[] }
  /** Saves; all of it holds at once. */
  keep(changes: SettingChanges): Promise<void>
}

/** Settings that are saved from the pages: spec/web-ui.md A01, X08; spec/operations.md [O4], [O12]. */
export interface SiteSettingActions {
  /** What is odd about the settings now that these are among them. */
  save(by: Actor, changes: SettingChanges): Promise<Result<readonly string[]>>
  /** Sends a mail at once as if these were saved, and tells all that was said with the relay. */
  testMail(by: Actor, to: string, changes?: SettingChanges): Promise<Result<Dialogue>>
  /** Makes a secret that was typed into a form unreadable, so that the form can bring it along once more. */
  wrap(name: string, secret: string): string
  unwrap(name: string, wrapped: string): string | null
}

export interface SiteSettingDeps<C> {
  desk: SettingsDesk<C>
  /** Sends a mail to see whether that works. */
  talk: (config: C, to: string) => Promise<Dialogue>
  /** Told how a test of the mail server that is in use went. */
  onMailed: (delivery: Delivery) => void
  secretKey: string
  random: Pick<Random, 'bytes'>
  trail: AuditTrail
}

const MOST_CHARACTERS = 2000

export function siteSettingActions<C>(deps: SiteSettingDeps<C>): SiteSettingActions {
  const { desk, talk, trail } = deps
  const sealOf = (name: string) => sealFor(deps.secretKey, `form ${name}`)

  /** Without what stays as it is. What is fixed elsewhere, or not for pages at all, is refused. */
  function cleaned(given: SettingChanges): Result<Record<string, string | null>> {
    const fields: Record<string, string> = {}
    const changes: Record<string, string | null> = {}
    for (const [name, value] of Object.entries(given)) {
      const now = desk.values().find((each) => each.name === name)
      if (!desk.savable.includes(name)) fields[name] = `${name} can only be set in the environment.`
      else if (now !== undefined && desk.isFixed(name)) fields[name] = fixedBy(now)
      else if (value !== null && value.length > MOST_CHARACTERS)
        fields[name] = `At most ${MOST_CHARACTERS} characters.`
      else if (value !== null && /\p{Cc}/u.test(value)) fields[name] = 'Remove the control characters.'
      else changes[name] = value === '' ? null : value
    }
    return Object.keys(fields).length > 0 ? invalid(fields) : ok(changes)
  }

  function weighed(given: SettingChanges): Result<{ changes: SettingChanges; config: C }> {
    const changes = cleaned(given)
    if (!changes.ok) return changes
    const result = desk.weigh(changes.value)
    if (result.ok) return ok({ changes: changes.value, config: result.config })
    const fields: Record<string, string> = {}
    for (const problem of result.problems) {
      // Every sentence of theirs names the setting that it is about, the one to blame first.
      const name = Object.keys(changes.value).find((each) => problem.includes(each)) ?? ''
      fields[name] = fields[name] === undefined ? problem : `${fields[name]} ${problem}`
    }
    return invalid(fields)
  }

  return {
    async save(by, given) {
      const fit = weighed(given)
      if (!fit.ok) return fit
      const before = new Map(desk.values().map((each) => [each.name, each.value]))
      await desk.keep(fit.value.changes)
      for (const { name, value } of desk.values()) {
        if (!(name in fit.value.changes)) continue
        const was = before.get(name) ?? ''
        if (desk.isSecret(name)) await trail(by, 'setting-changed', name, value === '' ? 'removed' : 'set')
        else if (was !== value) await trail(by, 'setting-changed', name, `from '${was}' to '${value}'`)
      }
      return ok(desk.warnings())
    },

    async testMail(by, to, changes = {}) {
      const fit = weighed(changes)
      if (!fit.ok) return fit
      const dialogue = await talk(fit.value.config, to)
      if (Object.keys(changes).length === 0) deps.onMailed(dialogue.delivery)
      await trail(by, 'test-mail', to, dialogue.delivery.ok ? 'sent' : dialogue.delivery.reason)
      return ok(dialogue)
    },

    wrap: (name, secret) => sealOf(name).close(secret, deps.random),
    unwrap: (name, wrapped) => sealOf(name).open(wrapped),
  }
}

/** The reason why a value cannot be changed here. */
export function fixedBy({ name, source }: Pick<ShownSetting, 'name' | 'source'>): string {
  return `Set by ${source === 'environment' ? 'the environment' : source}: ${name} is changed there.`
}

function invalid(fields: Record<string, string>): { ok: false; problem: ReturnType<typeof fail>['problem'] } {
  return fail('invalid', Object.values(fields).join(' '), { fields })
}
