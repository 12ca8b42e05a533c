import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import type { Notice } from '../core/notice'
import type { Project } from '../core/project'
import { DAY, HOUR } from '../core/time'
import type { Instant } from '../core/time'
import type { Random } from '../world/random'

/** Something made up to tell a channel, so that its owner sees that it works: integrations.md §2.7. */
export function testNotice(
  channel: Channel,
  project: Project,
  others: readonly Check[],
  { at, tz, random }: { at: Instant; tz: string; random: Pick<Random, 'uuid'> },
): Notice {
  // A channel that only wants to hear of ups is told of one.
  const status = channel.tellsDown || !channel.tellsUp ? 'down' : 'up'
  return {
    check: {
      ...MADE_UP,
      projectId: project.id,
      code: random.uuid(),
      status,
      lastPingAt: at - DAY,
      createdAt: at,
    },
    project: { code: project.code, name: project.name },
    status,
    reason: status === 'down' ? 'timeout' : '',
    at,
    nowAt: at,
    downForMs: null,
    lastPing: null,
    lastBody: null,
    others:
      others.length === 0 ? null : others.filter(({ status: each }) => each === 'down').map(seenFromAside),
    tz,
    accountProjects: null,
    notificationCode: random.uuid(),
    round: 0,
    acknowledgeUrl: null,
    missed: null,
    isTest: true,
  }
}

function seenFromAside({ name, code, status, lastPingAt }: Check) {
  return { name, code, status, lastPingAt }
}

const MADE_UP = {
  id: 0,
  name: 'TEST',
  slug: 'test',
  tags: '',
  description: '',
  schedule: { kind: 'period', periodMs: DAY },
  spare: { periodMs: DAY, tz: 'UTC' },
  graceMs: HOUR,
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
  openRun: null,
  lastDurationMs: null,
  alertAfterAt: null,
  pingCount: 42,
  results: '',
  hasConfirmationLink: false,
  notableCount: 0,
  badgeKey: '00000000-0000-4000-8000-000000000000',
} satisfies Partial<Check>
