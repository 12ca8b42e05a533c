import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { Problem } from '../core/problem'
import { newPasswordFields } from './password-fields'
import type { SetupPage } from './view-models'
import { zones } from './zones'

/** The set-up form: web-ui.md A01. Passwords are never shown again. */
export function setupPage(about: {
  action: string
  siteName: string
  /** What was entered before: code, email, tz. */
  form: Form
  problem: Problem | null
}): SetupPage {
  const { action, siteName, form, problem } = about
  const wrong = (name: string): string => problem?.fields?.[name] ?? ''
  const tz = form['tz'] ?? 'UTC'
  return {
    action,
    siteName,
    fields: [
      field({
        name: 'code',
        label: 'Set-up code',
        value: form['code'] ?? '',
        help: 'Four groups of four characters, in the log of the server.',
        error: wrong('code'),
        required: true,
        maxLength: 40,
        isCode: true,
        isFirst: problem === null,
      }),
      field({
        name: 'email',
        label: 'E-mail',
        type: 'email',
        value: form['email'] ?? '',
        error: wrong('email'),
        required: true,
        maxLength: 254,
        autocomplete: 'username',
      }),
      ...newPasswordFields(problem, { label: 'Password' }),
    ],
    tz,
    zones: zones(),
    tzWrong: { name: 'tz', text: wrong('tz') },
    problems: summaryOf(problem),
  }
}
