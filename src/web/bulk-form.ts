import type { BulkOrder, BulkResult } from '../actions/bulk'
import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { BulkJob } from '../store/bulk-jobs'
import type { Project } from '../core/project'
import { count } from '../core/words'
import type { BulkAction } from './bulk-actions'
import { titleOf } from './channel-names'
import { durationField, field } from './fields'
import type { Form } from './fields'
import type { BulkJobPage } from './list-models'
import { nameOf } from './show'
import type { FormPage } from './view-models'
import type { Field } from './view-parts'

/** Names that the page spells out. */
const MOST_NAMES = 50

/** What is asked about first; reading changes nothing of a check. */
type Asked = Exclude<BulkAction, 'read'>

export interface BulkSource {
  action: Asked
  checks: Check[]
  channels: Channel[]
  /** Where checks may go. */
  targets: Project[]
  form: Form
  /** By field. */
  wrong: Record<string, string>
  url: string
  back: string
  project: { name: string; url: string }
}

const HEADINGS: Record<Asked, string> = {
  pause: 'Pause',
  resume: 'Resume',
  add_tag: 'Add a tag to',
  remove_tag: 'Remove a tag from',
  channel: 'Switch an integration for',
  grace: 'Change the grace time of',
  transfer: 'Transfer',
  remove: 'Remove',
}

const CONSEQUENCES: Partial<Record<Asked, string>> = {
  pause: 'No alarm is raised while they are paused.',
  resume: 'Their status becomes New; the clock starts at the next ping.',
  grace: 'A check that is overdue by the new grace time goes down at once, and no alert is sent.',
  transfer:
    'Their integration switches are reset: every integration of the target project is switched on. Ping URLs stay; addresses by key and slug change.',
  remove: 'Their ping URLs stop working at once and cannot be brought back.',
}

/** What is about to happen to many checks: C03 of web-ui.md. */
export function bulkForm(source: BulkSource): FormPage {
  const { action, checks, url, back, wrong } = source
  const n = count(checks.length, 'check')
  return {
    trail: [{ text: source.project.name, url: source.project.url }],
    heading: `${HEADINGS[action]} ${n}`,
    intro: [namesText(checks), CONSEQUENCES[action] ?? '', skippedText(action, checks)]
      .filter((text) => text !== '')
      .join(' '),
    action: url,
    hidden: [
      { name: 'do', value: action },
      { name: 'ids', value: checks.map(({ code }) => code).join(',') },
      { name: 'back', value: back },
      { name: 'sure', value: 'yes' },
    ],
    groups: [{ legend: '', fields: fieldsOf(source) }],
    errors: Object.entries(wrong).map(([name, text]) => ({ field: name, text })),
    submit: `${HEADINGS[action].split(' ')[0] ?? ''} ${action === 'remove' ? n : ''}`.trim(),
    cancelUrl: back,
    notes: [],
    placeholders: [],
  }
}

function namesText(checks: Check[]): string {
  const names = checks.slice(0, MOST_NAMES).map(nameOf).join(', ')
  const rest = checks.length - MOST_NAMES
  return rest > 0 ? `${names} and ${rest} more.` : `${names}.`
}

function skippedText(action: Asked, checks: Check[]): string {
  const paused = checks.filter(({ status }) => status === 'paused').length
  if (action === 'pause' && paused > 0) return `${paused} ${paused === 1 ? 'is' : 'are'} already paused.`
  const running = checks.length - paused
  if (action === 'resume' && running > 0) return `${running} ${running === 1 ? 'is' : 'are'} not paused.`
  return ''
}

function fieldsOf({ action, checks, channels, targets, form, wrong }: BulkSource): Field[] {
  const about = (name: string): { name: string; value: string; error: string; required: boolean } => ({
    name,
    value: form[name] ?? '',
    error: wrong[name] ?? '',
    required: true,
  })
  const choose = (name: string, label: string, options: { value: string; label: string }[]): Field =>
    field({
      ...about(name),
      label,
      type: 'select',
      options: options.map((option) => ({ ...option, chosen: option.value === form[name] })),
    })
  switch (action) {
    case 'pause':
    case 'resume':
      return []
    case 'add_tag':
      return [field({ ...about('tag'), label: 'Tag', help: 'One word.', maxLength: 100, isFirst: true })]
    case 'remove_tag': {
      const tags = new Set(checks.flatMap((check) => check.tags.split(' ').filter((tag) => tag !== '')))
      return [
        choose(
          'tag',
          'Tag',
          [...tags].toSorted().map((tag) => ({ value: tag, label: tag })),
        ),
      ]
    }
    case 'channel':
      return [
        choose(
          'channel',
          'Integration',
          channels.map((channel) => ({ value: channel.code, label: titleOf(channel) })),
        ),
        choose('state', 'Switch it', [
          { value: 'on', label: 'on' },
          { value: 'off', label: 'off' },
        ]),
      ]
    case 'grace':
      return [
        durationField(
          {
            name: 'grace',
            label: 'Grace time',
            help: 'How late a ping may be.',
            error: wrong['grace'] ?? '',
          },
          { grace: '1', grace_unit: 'hours', ...form },
        ),
      ]
    case 'transfer':
      return [
        choose(
          'to',
          'To the project',
          targets.map(({ code, name }) => ({ value: code, label: name })),
        ),
      ]
    case 'remove':
      return [
        field({
          ...about('typed'),
          label: `Type ${checks.length}, the number of checks, to confirm`,
          maxLength: 6,
        }),
      ]
  }
}

const DOING: Record<BulkOrder['do'], string> = {
  pause: 'Pausing',
  resume: 'Resuming',
  add_tag: 'Tagging',
  remove_tag: 'Removing a tag from',
  channel: 'Switching an integration for',
  grace: 'Changing the grace time of',
  transfer: 'Moving',
  remove: 'Removing',
}

/** How far something is that is done with many checks. */
export function progressPage(job: BulkJob, action: BulkOrder['do']): BulkJobPage {
  const { position, total, back } = job
  return {
    heading: `${DOING[action]} ${count(total, 'check')}`,
    text: `${position} of ${total}`,
    percent: Math.floor((100 * position) / total),
    backUrl: back,
  }
}

const DONE: Record<BulkOrder['do'], string> = {
  pause: 'Paused',
  resume: 'Resumed',
  add_tag: 'Tagged',
  remove_tag: 'Removed the tag from',
  channel: 'Switched the integration for',
  grace: 'Changed the grace time of',
  transfer: 'Moved',
  remove: 'Removed',
}

const ALREADY: Record<BulkOrder['do'], string> = {
  pause: 'already paused',
  resume: 'not paused',
  add_tag: 'tagged so already',
  remove_tag: 'not tagged so',
  channel: 'switched so already',
  grace: 'set so already',
  transfer: 'there already',
  remove: 'gone already',
}

/** 'Paused 12 checks. 2 were already paused.' */
export function bulkText(action: BulkOrder['do'], { done, already, failed }: BulkResult): string {
  const were = (n: number, what: string): string =>
    n === 0 ? '' : ` ${n} ${n === 1 ? 'was' : 'were'} ${what}.`
  const why =
    action === 'transfer' ? 'passed over: gone, or no room' : 'passed over: gone, or no room for the tag'
  const passed = action === 'add_tag' || action === 'transfer' ? why : 'gone meanwhile'
  return `${DONE[action]} ${count(done, 'check')}.${were(already, ALREADY[action])}${were(failed, passed)}`
}
