import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check'
import type { Project } from '../../src/core/project'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { snapshotOf } from '../../src/web/board'
import { checksPage } from '../../src/web/check-list'
import type { ListSource } from '../../src/web/list-source'
import { pageOf } from '../../src/web/list-filter'
import type { ListFilter } from '../../src/web/list-filter'
import type { ChecksPage } from '../../src/web/list-models'
import { pathsBelow } from '../../src/web/paths'
import { aCheck, NOON } from '../support/build'

const ALL: ListFilter = {
  search: '',
  statuses: [],
  tags: [],
  sort: 'name',
  isSortSaid: false,
  projects: [],
  page: 1,
  perPage: 200,
  urls: '',
}

const home: Project = {
  id: 1,
  code: 'p',
  name: 'Home',
  ownerId: 1,
  pingKey: null,
  badgeKey: '',
  addressStyle: 'uuid',
  pingLogLimit: null,
  createdAt: NOON,
}

function listed(
  checks: Check[],
  asked: Partial<ListFilter> = {},
  { downFirst = true, ...facts }: Partial<ListSource> & { downFirst?: boolean } = {},
): ChecksPage {
  const snapshot = snapshotOf(
    checks.map((check) => ({ ...check, projectId: 1 })),
    NOON,
  )
  const filter = { ...ALL, ...asked }
  return checksPage({
    project: home,
    listings: new Map([[1, { project: home, canEdit: true, channels: [] }]]),
    snapshot,
    filter,
    page: pageOf(snapshot, filter, { downFirst }),
    switches: new Map(),
    flippedAt: new Map(),
    limit: { used: 1, most: 100 },
    changeable: checks.length,
    bulkJob: null,
    fresh: '',
    poll: { version: '', order: '', can: '1' },
    tz: 'UTC',
    pingEndpoint: 'https://example.org/ping/',
    paths: pathsBelow('/prefix'),
    ...facts,
  })
}

const names = (page: ChecksPage): string[] => page.rows.map(({ name }) => name)

describe('the list of checks', () => {
  const checks = [
    aCheck({ name: 'Job 10', tags: 'db web' }),
    aCheck({ name: 'job 9', tags: 'db', openRun: { runId: null, startedAt: NOON - MINUTE } }),
    aCheck({ name: 'Zebra', status: 'down', tags: 'web' }),
    aCheck({ name: 'Mail', lastPingAt: NOON - DAY - MINUTE }),
  ]

  it('has those that are down first, then goes by name as people count', () => {
    expect(names(listed(checks))).toEqual(['Zebra', 'job 9', 'Job 10', 'Mail'])
  })

  it('finds every word anywhere, in any case', () => {
    expect(names(listed(checks, { search: 'JOB db' }))).toEqual(['job 9', 'Job 10'])
    expect(listed(checks, { search: 'zzz' })).toMatchObject({
      rows: [],
      total: 4,
      shownText: '0 of 4 checks',
    })
  })

  it('shows any of the chosen statuses and all of the chosen tags', () => {
    expect(names(listed(checks, { statuses: ['grace', 'started'] }))).toEqual(['job 9', 'Mail'])
    expect(names(listed(checks, { tags: ['db', 'web'] }))).toEqual(['Job 10'])
    expect(listed(checks).filter.tags).toEqual([
      { value: 'db', label: 'db', on: false, down: 0, total: 2, mark: '' },
      { value: 'web', label: 'web', on: false, down: 1, total: 2, mark: 'down' },
    ])
  })

  it('says when the next ping is due', () => {
    const [down, running, up, late] = listed(checks).rows
    expect(down?.due?.lead).toBe('')
    expect(running?.due).toMatchObject({ lead: 'running', span: '1 min', trail: 'of 1 hour' })
    expect(up?.due).toMatchObject({ lead: '', time: { text: '2026-01-16 12:00' } })
    expect(late?.due).toMatchObject({ lead: 'overdue', span: '1 min', tone: 'late' })
    expect(listed([aCheck({ status: 'paused' })]).rows[0]?.due).toBeNull()
  })

  it('says since when a check is as it is, also where time alone has changed it', () => {
    const down = aCheck({ name: 'A', status: 'down' })
    const late = aCheck({ name: 'B', lastPingAt: NOON - DAY - MINUTE })
    const page = listed([down, late], {}, { flippedAt: new Map([[down.id, NOON - HOUR]]) })
    expect(page.rows.map(({ since }) => since)).toEqual([
      'Down since 2026-01-15 11:00',
      'Late since 2026-01-15 11:59',
    ])
  })

  it('says that nothing will be due any more when a schedule has ended', () => {
    const schedule = { kind: 'oncalendar', expression: '2020-01-01 12:00', tz: 'UTC' } as const
    expect(listed([aCheck({ schedule })]).rows[0]).toMatchObject({ due: null, noDue: 'never again' })
  })

  it('keeps the path that the site lives below', () => {
    expect(listed(checks).rows[0]?.url).toMatch(/^\/prefix\/checks\//)
  })

  it('is cut into pages that keep the filter', () => {
    const many = Array.from({ length: 401 }, (_, i) => aCheck({ name: `Job ${i}`, graceMs: HOUR }))
    const page = listed(many, { search: 'job', page: 99 })
    expect(page.rows).toHaveLength(1)
    expect(page.pager).toEqual({
      previousUrl: '/prefix/projects/p/checks/?page=2&search=job',
      nextUrl: null,
      text: 'Page 3 of 3',
    })
  })
})
