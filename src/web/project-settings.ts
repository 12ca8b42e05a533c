import type { Problem } from '../core/problem'
import type { AddressStyle, Project } from '../core/project'
import type { Role } from '../core/role'
import type { Contents } from '../store/projects'
import { field, summaryOf } from './fields'
import type { Form } from './fields'
import type { Paths } from './paths'
import { projectTabs } from './project-tabs'
import type { ProjectSettingsPage } from './team-models'

export interface SettingsSource {
  project: Project
  role: Role
  ownerEmail: string
  /** The visitor was asked to own it. */
  isAsked: boolean
  /** As it is in force. */
  logLimit: number
  setsLogLimit: boolean
  edits: boolean
  leaves: boolean
  contents: Contents
  form: Form
  problem: Problem | null
  logProblem: Problem | null
  paths: Paths
}

const STYLES: Record<AddressStyle, string> = {
  uuid: 'With the UUID of the check',
  slug: 'With the ping key and the slug of the check',
}

/** A ping in the log without its body, roughly: for what a log of some length takes. */
const PING_BYTES = 250

/** P04 of web-ui.md. */
export function settingsPage(source: SettingsSource): ProjectSettingsPage {
  const { project, role, ownerEmail, isAsked, logLimit, paths } = source
  return {
    tabs: projectTabs(project, role, 'general', paths),
    facts: source.edits
      ? []
      : [
          { label: 'Name', value: project.name },
          { label: 'Ping addresses', value: STYLES[project.addressStyle] },
          { label: 'Pings kept per check', value: String(logLimit) },
        ],
    general: source.edits ? general(source) : null,
    log: source.setsLogLimit ? log(source) : null,
    ownership: {
      text: role === 'owner' ? 'You own this project.' : `${ownerEmail} owns this project.`,
      url: role === 'owner' || isAsked ? paths.project(project.code, 'transfer') : null,
      label: isAsked ? 'Answer the transfer request' : 'Transfer the ownership',
    },
    removeUrl: role === 'owner' ? paths.project(project.code, 'remove') : null,
    leaveUrl: source.leaves ? paths.project(project.code, 'leave') : null,
  }
}

function general({ project, form, problem, paths }: SettingsSource): ProjectSettingsPage['general'] {
  const style = form['address_style'] ?? project.addressStyle
  return {
    action: paths.project(project.code, 'settings'),
    errors: summaryOf(problem),
    fields: [
      field({
        name: 'name',
        label: 'Name',
        value: form['name'] ?? project.name,
        error: problem?.fields?.['name'] ?? '',
        required: true,
        maxLength: 60,
      }),
      field({
        name: 'address_style',
        label: 'Ping addresses',
        type: 'select',
        help: 'Which of the two forms lists and check pages show. Both work.',
        options: Object.entries(STYLES).map(([value, label]) => ({ value, label, chosen: value === style })),
      }),
    ],
  }
}

function log(source: SettingsSource): ProjectSettingsPage['log'] {
  const { project, logLimit, contents, form, logProblem, paths } = source
  const megabytes = Math.max(1, Math.round((contents.checks * logLimit * PING_BYTES) / 1_000_000))
  return {
    action: paths.logSize(project.code),
    errors: summaryOf(logProblem),
    field: field({
      name: 'limit',
      label: 'Pings kept per check',
      type: 'number',
      value: form['limit'] ?? String(logLimit),
      help: `100 to 100,000. At ${logLimit.toLocaleString('en')} the log of this project takes up to about ${megabytes.toLocaleString('en')} MB, without bodies.`,
      error: logProblem?.fields?.['limit'] ?? '',
      required: true,
    }),
    note: 'When you lower it, older pings and their bodies are deleted for good within a few minutes.',
  }
}
