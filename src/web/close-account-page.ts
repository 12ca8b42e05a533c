import type { Owned } from '../actions/close-account'
import type { Problem } from '../core/problem'
import { compareNames, count } from '../core/words'
import type { CloseAccountPage } from './account-models'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import { size } from './show'

/** What goes with an account, and the questions before it does: A25 and X03 of web-ui.md. */
export function closeAccountPage(about: {
  email: string
  owned: readonly Owned[]
  /** Names of projects of others. */
  memberships: readonly string[]
  form: Form
  problem: Problem | null
  /** Where a project can be given to somebody else. */
  transferUrl: (project: string) => string
  page: Pick<
    CloseAccountPage,
    'trail' | 'heading' | 'intro' | 'whose' | 'leaves' | 'submit' | 'action' | 'cancelUrl'
  >
}): CloseAccountPage {
  const { email, owned, memberships, form, problem, transferUrl, page } = about
  return {
    ...page,
    errors: summaryOf(problem),
    projects: owned
      .toSorted((one, other) => compareNames(one.project.name, other.project.name))
      .map(({ project, contents }) => ({
        name: project.name || 'unnamed',
        contents: [
          count(contents.checks, 'check'),
          count(contents.pings, 'ping'),
          count(contents.channels, 'integration'),
          ...(contents.bodies > 0
            ? [
                `${contents.bodies === 1 ? '1 body' : `${contents.bodies} bodies`} in object storage (${size(contents.bodyBytes)})`,
              ]
            : []),
        ].join(', '),
        decide:
          contents.members === 0
            ? null
            : {
                name: `delete-${project.code}`,
                label: `Delete it, ${contents.members === 1 ? '1 person loses' : `${contents.members} people lose`} access`,
                chosen: form[`delete-${project.code}`] !== undefined,
                error: problem?.fields?.[`delete-${project.code}`] ?? '',
                transferUrl: transferUrl(project.code),
              },
      })),
    memberships: memberships.map((name) => name || 'unnamed').toSorted(compareNames),
    typed: field({
      name: 'typed',
      label: `Type ${email} to confirm`,
      type: 'email',
      value: form['typed'] ?? '',
      error: problem?.fields?.['typed'] ?? '',
      required: true,
      maxLength: 254,
    }),
  }
}

/** What was entered on the page. */
export function closeAccountInput(form: Form): { typed: string; decided: ReadonlySet<string> } {
  const decided = Object.keys(form)
    .filter((name) => name.startsWith('delete-'))
    .map((name) => name.slice('delete-'.length))
  return { typed: form['typed'] ?? '', decided: new Set(decided) }
}
