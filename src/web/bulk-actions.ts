import type { BulkChoice } from './list-models'

/** What can be done with many checks at once: web-ui.md §6.4. */
export const BULK_ACTIONS = [
  'pause',
  'resume',
  'add_tag',
  'remove_tag',
  'channel',
  'grace',
  'transfer',
  'read',
  'remove',
] as const

export type BulkAction = (typeof BULK_ACTIONS)[number]

const LABELS: Record<BulkAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  add_tag: 'Add tag',
  remove_tag: 'Remove tag',
  channel: 'Integrations',
  grace: 'Grace time',
  transfer: 'Transfer',
  read: 'Mark read',
  remove: 'Remove',
}

export const bulkChoices: BulkChoice[] = BULK_ACTIONS.map((value) => ({
  value,
  label: LABELS[value],
  isDanger: value === 'remove',
}))
