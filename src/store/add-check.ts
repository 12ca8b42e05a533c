import type { Check } from '../core/check'
import { DAY } from '../core/time'
import { checkValues, stateValues } from './check-rows'
import { insert, run } from './sql'
import type { Value, Work } from './sql'

/** A check to be: everything a person decides, and nothing that pings do. */
export type NewCheck = Pick<
  Check,
  'projectId' | 'name' | 'slug' | 'tags' | 'description' | 'schedule' | 'graceMs' | 'createdAt'
> &
  Partial<Pick<Check, 'code' | 'spare' | 'manualResume' | 'postOnly' | 'filters' | 'badgeKey'>>

/** The step of a larger transaction that adds a check. `channels`: who is told, all of its project unless said. */
export function* addCheck(
  check: NewCheck,
  newCode: () => string,
  { channels = null }: { channels?: readonly number[] | null } = {},
): Work<Check> {
  const whole = { ...BLANK, code: newCode(), badgeKey: newCode(), ...check, id: 0 }
  const { id: _, ...values }: Record<string, Value> = {
    ...checkValues(whole),
    ...stateValues(whole),
    project_id: whole.projectId,
    code: whole.code,
    badge_key: whole.badgeKey,
    created_at: whole.createdAt,
  }
  const [row] = yield* insert<{ id: number }>('checks', [values], 'RETURNING id')
  const id = row!.id
  if (channels === null) {
    yield* run(
      `INSERT INTO check_channels (check_id, channel_id)
       SELECT $1, id FROM channels WHERE project_id = $2`,
      [id, check.projectId],
    )
  } else {
    yield* insert(
      'check_channels',
      channels.map((channel_id) => ({ check_id: id, channel_id })),
    )
  }
  return { ...whole, id }
}

/** A check that nobody has said anything about. */
const BLANK = {
  spare: { periodMs: DAY, tz: 'UTC' },
  manualResume: false,
  postOnly: false,
  filters: {
    subject: false,
    body: false,
    httpBody: false,
    startWords: '',
    successWords: '',
    failWords: '',
    otherwiseFail: false,
  },
  status: 'new',
  lastPingAt: null,
  openRun: null,
  lastDurationMs: null,
  alertAfterAt: null,
  pingCount: 0,
  results: '',
  hasConfirmationLink: false,
  notableCount: 0,
} satisfies Partial<Check>
