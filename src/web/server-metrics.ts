import type { Family } from '../core/exposition'
import { SECOND } from '../core/time'
import type { Instant } from '../core/time'
import type { Figures, Queue } from '../store/figures'

/** What the database tells of the instance, as Prometheus reads it: spec/operations.md [O26]. */
export function figureFamilies({ checks, ...figures }: Figures, nowAt: Instant): Family[] {
  const oldest = ({ oldestAt }: Queue) => (oldestAt === null ? 0 : Math.max(0, nowAt - oldestAt) / SECOND)
  return [
    {
      name: 'rollcall_checks',
      help: 'Checks by the status that is kept.',
      type: 'gauge',
      samples: Object.entries(checks).map(([status, value]) => ({ labels: { status }, value })),
    },
    one(
      'rollcall_flips_unprocessed',
      'Flips and alarms that nobody has begun to deal with.',
      figures.flipsUnprocessed,
    ),
    one('rollcall_outbox_notifications', 'Notifications that wait to be told.', figures.outbox.waiting),
    one('rollcall_outbox_oldest_seconds', 'Since when the oldest of them waits.', oldest(figures.outbox)),
    one('rollcall_email_queue', 'Mails, other than alerts, that wait to be sent.', figures.mails.waiting),
    one('rollcall_email_oldest_seconds', 'Since when the oldest of them waits.', oldest(figures.mails)),
    one('rollcall_s3_spool_objects', 'Ping bodies that wait for object storage.', figures.bodies.waiting),
    one('rollcall_s3_spool_bytes', 'The size of these bodies.', figures.bodies.bytes),
    one('rollcall_s3_spool_oldest_seconds', 'Since when the oldest of them waits.', oldest(figures.bodies)),
  ]
}

/** Whether somebody holds alerts back: spec/web-ui.md X05. */
export function pausedFamily(isPaused: boolean): Family {
  return one(
    'rollcall_sending_paused',
    'Whether an administrator holds back all alerts (1 for yes).',
    isPaused ? 1 : 0,
  )
}

/** What runs here. */
export function buildFamily(labels: Record<string, string>): Family {
  const help = 'What runs here.'
  return { name: 'rollcall_build_info', help, type: 'gauge', samples: [{ labels, value: 1 }] }
}

function one(name: string, help: string, value: number): Family {
  return { name, help, type: 'gauge', samples: [{ value }] }
}
