import { APPEARANCES, appearanceForm } from '../actions/profile'
import type { AppearanceField } from '../actions/profile'
import type { User } from '../core/user'

/** How a person likes pages, as far as it is not as usual: attributes that styles and scripts look at. A23. */
export function looksOf(user: User): { name: string; value: string }[] {
  const { theme: _, ...looks } = appearanceForm(user)
  return Object.entries(looks)
    .filter(([name, value]) => value !== APPEARANCES[name as AppearanceField][0])
    .map(([name, value]) => ({ name: `data-${kebab(name)}`, value }))
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
