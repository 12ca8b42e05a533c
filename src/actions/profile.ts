import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Appearance, Theme } from '../core/user'
import type { UserStore } from '../store/users'
import { isZone } from './beginning'
import type { Visitor } from './sessions'

/** What people set for themselves: spec/web-ui.md A12, A23. */
export interface ProfileActions {
  setZone(visitor: Visitor, tz: string): Promise<Result<null>>
  /** A field that is missing stays as it was. */
  setAppearance(visitor: Visitor, form: Readonly<Record<string, string | undefined>>): Promise<Result<null>>
}

export interface ProfileDeps {
  users: Pick<UserStore, 'setTz' | 'setAppearance'>
}

const WRONG_OPTION = 'Choose one of the options.'

/** What each field may say, the first being the usual. */
export const APPEARANCES = {
  theme: ['system', 'light', 'dark'],
  density: ['comfortable', 'compact'],
  times: ['relative', 'absolute'],
  clock: ['iso', 'local24', 'local12'],
  shortcuts: ['on', 'off'],
  motion: ['system', 'reduced'],
  letters: ['off', 'on'],
  downFirst: ['on', 'off'],
} as const

export type AppearanceField = keyof typeof APPEARANCES

export function profileActions({ users }: ProfileDeps): ProfileActions {
  return {
    async setZone({ user }, tz) {
      if (!isZone(tz)) {
        const message = 'Choose a time zone from the list.'
        return fail('invalid', message, { fields: { tz: message } })
      }
      await users.setTz(user.id, tz)
      return ok(null)
    },

    async setAppearance({ user }, form) {
      const before = appearanceForm(user)
      const after = { ...before, ...form }
      const wrong = (Object.keys(APPEARANCES) as AppearanceField[]).filter(
        (name) => !(APPEARANCES[name] as readonly string[]).includes(after[name] ?? ''),
      )
      if (wrong.length > 0) {
        const fields = Object.fromEntries(wrong.map((name) => [name, WRONG_OPTION]))
        return fail('invalid', WRONG_OPTION, { fields })
      }
      await users.setAppearance(user.id, after.theme as Theme, {
        density: after.density as Appearance['density'],
        times: after.times as Appearance['times'],
        clock: after.clock as Appearance['clock'],
        shortcuts: after.shortcuts === 'on',
        motion: after.motion as Appearance['motion'],
        letters: after.letters === 'on',
        downFirst: after.downFirst === 'on',
      })
      return ok(null)
    },
  }
}

/** What the form is filled with. */
export function appearanceForm(user: {
  theme: Theme
  appearance: Appearance
}): Record<AppearanceField, string> {
  const { shortcuts, letters, downFirst, ...rest } = user.appearance
  const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off')
  return {
    theme: user.theme,
    density: rest.density,
    times: rest.times,
    clock: rest.clock,
    motion: rest.motion,
    shortcuts: onOff(shortcuts),
    letters: onOff(letters),
    downFirst: onOff(downFirst),
  }
}
