import type { Problem } from '../core/problem'
import { field } from './fields'
import type { Field } from './view-parts'

/** A new password, twice. What was typed is never shown again. */
export function newPasswordFields(problem: Problem | null, { label = 'New password' } = {}): Field[] {
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  return [
    field({
      name: 'password',
      label,
      type: 'password',
      help: 'At least 10 characters. Longer is better than odd.',
      error: wrong('password'),
      required: true,
      maxLength: 200,
      autocomplete: 'new-password',
    }),
    field({
      name: 'repeat',
      label: 'The same password again',
      type: 'password',
      error: wrong('repeat'),
      required: true,
      maxLength: 200,
      autocomplete: 'new-password',
    }),
  ]
}
