import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { Problem } from '../core/problem'
import type { SetupPage } from './view-models'

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
      field({
        name: 'password',
        label: 'Password',
        type: 'password',
        help: 'At least 10 characters.',
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
    ],
    tz,
    zones: zones(),
    tzWrong: { name: 'tz', text: wrong('tz') },
    problems: summaryOf(problem),
  }
}

/** Every zone that this runtime knows, UTC first. */
export function zones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
}
