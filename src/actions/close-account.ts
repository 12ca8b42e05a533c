import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { Project } from '../core/project'
import type { User } from '../core/user'
import { count } from '../core/words'
import type { ClosingStore } from '../store/closings'
import type { Contents, ProjectStore } from '../store/projects'
import type { Clock } from '../world/clock'
import type { Random } from '../world/random'
import { letter } from './letters'
import type { Visitor } from './sessions'

/** Closing an account: spec/web-ui.md A25. */
export interface CloseAccountActions {
  /** The projects that go with it, by id, and what is in them. */
  owned(of: Pick<Visitor, 'user'>): Promise<Owned[]>
  /** `decided`: codes of projects that go although others work in them. `typed`: the address, to confirm. */
  close(
    of: Pick<Visitor, 'user'>,
    input: { typed: string; decided: ReadonlySet<string> },
  ): Promise<Result<null>>
  /** The same without questions: all of it goes. */
  end(user: User): Promise<Result<null>>
}

export interface Owned {
  project: Project
  contents: Contents
}

export interface CloseAccountDeps {
  projects: Pick<ProjectStore, 'ofUser' | 'contents'>
  closings: Pick<ClosingStore, 'begin' | 'goOn'>
  random: Pick<Random, 'uuid'>
  clock: Clock
  settings: { siteName: string; mail: object | null }
}

/** Checks removed in one transaction, and how many of those somebody waits for; the task does the rest. */
const CHECKS_AT_ONCE = 50
const STEPS_WAITED_FOR = 40

export function closeAccountActions(deps: CloseAccountDeps): CloseAccountActions {
  const { projects, closings, random, clock, settings } = deps

  const actions: CloseAccountActions = {
    async owned({ user }) {
      const own = (await projects.ofUser(user.id)).filter(({ ownerId }) => ownerId === user.id)
      return Promise.all(
        own.map(async (project) => ({ project, contents: await projects.contents(project.id) })),
      )
    },

    async close({ user }, { typed, decided }) {
      const owned = await actions.owned({ user })
      const fields: Record<string, string> = {}
      for (const { project, contents } of owned) {
        if (contents.members === 0 || decided.has(project.code)) continue
        fields[`delete-${project.code}`] = `Decide what happens to ${project.name || 'unnamed'}.`
      }
      if (typed.trim().toLowerCase() !== user.email) fields['typed'] = `Type ${user.email} to confirm.`
      if (Object.keys(fields).length > 0) return fail('invalid', Object.values(fields).join(' '), { fields })
      return await actions.end(user)
    },

    async end(user) {
      const owned = await actions.owned({ user })
      const nowAt = clock()
      const mail = settings.mail === null ? null : farewell(user.email, owned, settings.siteName, nowAt)
      const begun = await closings.begin(user.id, { code: random.uuid(), mail, nowAt })
      if (begun === 'last administrator') {
        return fail('conflict', 'You are the only administrator. Make someone else administrator first.')
      }
      for (let step = 0; step < STEPS_WAITED_FOR; step++) {
        if (await closings.goOn(user.id, CHECKS_AT_ONCE)) break
        await new Promise((resolve) => setImmediate(resolve))
      }
      return ok(null)
    },
  }
  return actions
}

/** Sent when nothing is left. */
function farewell(to: string, owned: readonly Owned[], siteName: string, nowAt: number) {
  const sum = (of: (contents: Contents) => number): number =>
    owned.reduce((total, { contents }) => total + of(contents), 0)
  const { recipient, template, model } = letter(
    {
      to,
      subject: 'Your account is closed',
      heading: 'Your account is closed',
      text: [
        `It is gone with everything in it: ${count(owned.length, 'project')}, ${count(
          sum(({ checks }) => checks),
          'check',
        )}, ${count(
          sum(({ pings }) => pings),
          'ping',
        )} and {objects} bodies in object storage.`,
      ],
      link: null,
      code: '',
      foot: ['Backups of the site keep it until they are replaced.', 'This is the last mail to you.'],
    },
    { siteName, nowAt },
  )
  return { recipient, template, model }
}
