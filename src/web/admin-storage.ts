import type { Job } from '../actions/jobs'
import type { Largest } from '../actions/largest'
import type { Step } from '../actions/try-objects'
import type { VacuumPlan } from '../actions/upkeep'
import { SECOND } from '../core/time'
import { count } from '../core/words'
import type { Figures } from '../store/figures'
import type { WaitingPurge } from '../store/purges'
import { MOST_COUNTED } from '../store/upkeep'
import type { Rows, Sizes } from '../store/upkeep'
import type { DiskSpace } from '../world/disk'
import type { AdminFact, AdminPage, AdminSection } from './admin-models'
import { adminForm, adminPage, adminSection, cell, fact } from './admin-page'
import { field } from './fields'
import type { Paths } from './paths'
import { inZone, lasting, size, took } from './show'

export interface StorageSource {
  isFile: boolean
  sizes: Sizes
  rows: Rows
  disk: DiskSpace | null
  plan: VacuumPlan | null
  jobs: { vacuum: Job | null; check: Job | null; prune: Job | null; sweep: Job | null }
  largest: Largest
  /** Null: there is no object storage. */
  objects: {
    bodies: Figures['bodies']
    trouble: { kind: string; resumeAt: number } | null
    purges: { count: number; failing: number; first: WaitingPurge[] }
    /** What a test came to, just now. */
    steps: Step[]
  } | null
  tz: string
  nowAt: number
  paths: Paths
}

/** The database and object storage, and what keeps them well: X06 of web-ui.md. */
export function storagePage(source: StorageSource): AdminPage {
  return adminPage('storage', source.paths, {
    heading: 'Storage',
    sections: [
      database(source),
      ...(source.plan === null ? [] : [vacuum(source, source.plan), integrity(source)]),
      pruning(source),
      largest(source),
      ...(source.objects === null
        ? [
            adminSection({
              id: 'objects',
              heading: 'Object storage',
              facts: [fact('Object storage', 'off', { note: 'Ping bodies stay in the database.' })],
            }),
          ]
        : [objects(source, source.objects), purges(source, source.objects), orphans(source)]),
    ],
  })
}

function database({ isFile, sizes, rows, disk, paths }: StorageSource): AdminSection {
  const atMost = (n: number) => (n >= MOST_COUNTED ? `more than ${grouped(MOST_COUNTED - 1)}` : grouped(n))
  return adminSection({
    id: 'database',
    heading: 'Database',
    facts: [
      fact('Kind', isFile ? 'SQLite' : 'PostgreSQL', {
        note: isFile ? '' : 'It moves its log and gives room back by itself.',
      }),
      fact('Size on disk', size(sizes.bytes)),
      ...(sizes.freeBytes === null
        ? []
        : [fact('Free inside', size(sizes.freeBytes), { note: 'It is used first for what comes.' })]),
      ...(sizes.logBytes === null
        ? []
        : [
            fact('Write-ahead log', size(sizes.logBytes), {
              note: 'It is moved into the file by itself, some 16 MB at a time.',
            }),
          ]),
      ...(disk === null
        ? []
        : [fact('Free on the disk', `${size(disk.freeBytes)} of ${size(disk.totalBytes)}`)]),
      fact('Checks', grouped(rows.checks)),
      fact('Pings kept', `about ${grouped(rows.pings)}`),
      fact('Status changes', atMost(rows.flips)),
      fact('Alerts, told or not', atMost(rows.notifications)),
    ],
    forms: [
      adminForm({ action: paths.adminStorage('analyze'), submit: 'Update statistics', hook: 'analyze' }),
      ...(isFile
        ? [
            adminForm({
              action: paths.adminStorage('checkpoint'),
              submit: 'Move the log into the file',
              hook: 'checkpoint',
            }),
          ]
        : []),
    ],
  })
}

function vacuum({ jobs, tz, paths }: StorageSource, plan: VacuumPlan): AdminSection {
  const time = plan.estimateMs < SECOND ? 'less than a second' : `about ${lasting(plan.estimateMs)}`
  const basis = plan.isMeasured ? 'by the last time' : 'a guess for a slow disk'
  const text = [
    'Writes the file anew without what is free inside. It is worth it only after a lot was removed that will not come again.',
    plan.refusesPings
      ? `It takes ${time} (${basis}). Meanwhile nothing can be saved: pages can be looked at, but pings that wait for more than 5 seconds are answered “try again later”, and alerts wait. Nothing goes down because of it.`
      : `It takes ${time} (${basis}). Meanwhile pings and alerts wait, and none is lost.`,
  ]
  return adminSection({
    id: 'vacuum',
    heading: 'Give room back',
    text,
    facts: [
      fact('Given back', size(plan.freeBytes)),
      ...(plan.hasRoom
        ? []
        : [
            fact('Needed on the disk meanwhile', size(plan.needsBytes), {
              state: 'problem',
              note: 'There is not so much.',
            }),
          ]),
      ...jobFacts('The last time', jobs.vacuum, tz),
    ],
    forms: plan.hasRoom
      ? [
          adminForm({
            action: paths.adminStorage('vacuum'),
            fields: plan.refusesPings
              ? [
                  field({
                    name: 'sure',
                    label: `Pings may be refused for ${time}`,
                    type: 'tick',
                    required: true,
                  }),
                ]
              : [],
            submit: 'Give room back',
            hook: 'vacuum',
          }),
        ]
      : [],
  })
}

function integrity({ jobs, tz, paths }: StorageSource): AdminSection {
  return adminSection({
    id: 'integrity',
    heading: 'Integrity',
    text: [
      'Reads the whole file and looks whether it is sound, beside the pings and without holding them up.',
    ],
    facts: jobs.check === null ? [fact('Last check', 'never')] : jobFacts('Last check', jobs.check, tz),
    forms: [adminForm({ action: paths.adminStorage('check'), submit: 'Check the file', hook: 'check' })],
  })
}

function pruning({ jobs, tz, paths }: StorageSource): AdminSection {
  return adminSection({
    id: 'prune',
    heading: 'What has expired',
    text: ['Old sessions, links, audit entries, and pings beyond the limits go every night, in small steps.'],
    facts: jobFacts('Last asked for', jobs.prune, tz),
    forms: [adminForm({ action: paths.adminStorage('prune'), submit: 'Prune now', hook: 'prune' })],
  })
}

function largest({ largest: { checks, measuredAt, progress }, objects: storage, tz, paths }: StorageSource) {
  const asOf = measuredAt === null ? [] : [`Measured at ${inZone(measuredAt, tz)}; times are in ${tz}.`]
  const goesOn =
    progress === null
      ? []
      : [
          `It is being measured: ${grouped(progress.done)} of ${grouped(progress.of)} checks. Reload to see more.`,
        ]
  return adminSection({
    id: 'largest',
    heading: 'Largest checks',
    text: [...asOf, ...goesOn],
    table: {
      caption: 'Checks by the size of their ping bodies, the largest first',
      columns: ['Check', 'Pings kept', 'Bodies', ...(storage === null ? [] : ['Of these in the database'])],
      rows: checks.map(({ code, name, project, pings, bytes, bytesHere }) => ({
        hook: `large-${code}`,
        cells: [
          cell(name || code, paths.check(code), project),
          cell(grouped(pings)),
          cell(size(bytes)),
          ...(storage === null ? [] : [cell(size(bytesHere))]),
        ],
        forms: [],
      })),
      empty: progress === null ? 'No check has a ping.' : 'None is measured yet.',
    },
  })
}

type Storage = NonNullable<StorageSource['objects']>

const STEPS: Record<Step['name'], string> = {
  bucket: 'Find the bucket',
  put: 'Store an object',
  get: 'Read it',
  list: 'List it',
  delete: 'Delete it',
}

function objects({ nowAt, tz, paths }: StorageSource, { bodies, trouble, steps }: Storage): AdminSection {
  const ageMs = bodies.oldestAt === null ? 0 : Math.max(0, nowAt - bodies.oldestAt)
  const oldest = bodies.waiting === 0 ? '' : `, the oldest for ${lasting(ageMs)}`
  return adminSection({
    id: 'objects',
    heading: 'Object storage',
    text: ['The test stores a small object, reads, lists and deletes it.'],
    facts: [
      trouble === null
        ? fact('Uploads', 'as they come', { state: 'ready' })
        : fact('Uploads', `held back until ${inZone(trouble.resumeAt, tz)}`, {
            state: 'problem',
            note: `The storage is ${trouble.kind}; bodies wait in the database.`,
          }),
      fact('Bodies that wait to be moved', `${grouped(bodies.waiting)}${oldest}`, {
        note: bodies.waiting === 0 ? '' : size(bodies.bytes),
      }),
      ...steps.map(({ name, ok, text, tookMs }) =>
        fact(STEPS[name], ok === null ? 'not tried' : text, {
          state: ok === null ? null : ok ? 'ready' : 'problem',
          note: ok === null ? '' : `after ${took(tookMs)}`,
        }),
      ),
    ],
    forms: [
      adminForm({ action: paths.adminStorage('objects'), submit: 'Test the settings', hook: 'try-objects' }),
    ],
  })
}

function purges({ tz }: StorageSource, { purges: { count: all, failing, first } }: Storage): AdminSection {
  return adminSection({
    id: 'purges',
    heading: 'Bodies of removed checks',
    text:
      all === 0
        ? []
        : [
            `${count(all, 'removed check')} with bodies that are still to go${
              failing > 0 ? `; ${failing} failed and will be tried again` : ''
            }.`,
          ],
    table: {
      caption: 'Removed checks whose bodies are still to go',
      columns: ['Check', 'Removed so far', 'Next look', 'Trouble'],
      rows: first.map(({ id, checkCode, removed, dueAt, attempts, error }) => ({
        hook: `purge-${id}`,
        cells: [
          cell(checkCode.slice(0, 8)),
          cell(grouped(removed)),
          cell(dueAt === 0 ? 'now' : inZone(dueAt, tz)),
          cell(
            error || 'none',
            null,
            attempts > 0 ? `${attempts === 1 ? 'one try' : `${attempts} tries`} failed` : '',
          ),
        ],
        forms: [],
      })),
      empty: 'All are gone.',
    },
  })
}

function orphans({ jobs: { sweep }, tz, paths }: StorageSource): AdminSection {
  const isKnown = sweep !== null && sweep.ok === true && sweep.found > 0
  return adminSection({
    id: 'orphans',
    heading: 'Bodies of checks that do not exist',
    text: [
      'They are left by a database that was put back, or by somebody else in the bucket. What is younger than a day stays.',
    ],
    facts: jobFacts('Last scan', sweep, tz),
    forms: [
      adminForm({ action: paths.adminStorage('orphans'), submit: 'Look for them', hook: 'orphans' }),
      ...(isKnown
        ? [
            adminForm({
              action: paths.adminStorage('orphans'),
              hidden: [{ name: 'delete', value: 'yes' }],
              submit: `Delete the bodies of ${count(sweep.found, 'check')}`,
              isDanger: true,
              hook: 'delete-orphans',
            }),
          ]
        : []),
    ],
  })
}

/** How something that was asked for stands, or none if nobody ever did. */
export function jobFacts(label: string, job: Job | null, tz: string): AdminFact[] {
  if (job === null) return []
  const begun = `at ${inZone(job.startedAt, tz)} by ${job.by}`
  if (job.isCutOff) return [fact(label, 'cut off', { state: 'problem', note: `Begun ${begun}.` })]
  if (job.endedAt === null) {
    return [
      fact(label, 'under way', { state: 'waiting', note: `Begun ${begun}. ${job.text} Reload to see more.` }),
    ]
  }
  return [fact(label, job.text, { state: job.ok ? 'ready' : 'problem', note: `Asked for ${begun}.` })]
}

/** '12,345'. */
export function grouped(n: number): string {
  return n.toLocaleString('en')
}
