import { randomUUID } from 'node:crypto'
import type { Check } from '../../src/core/check'
import type { ArrivingPing } from '../../src/core/ping'
import { DAY, HOUR } from '../../src/core/time'
import type { NewChannel } from '../../src/store/channels'
import type { NewCheck } from '../../src/store/checks'
import type { Beginning } from '../../src/store/users'

/** 15 January 2026, 12:00 UTC: no special day. */
export const NOON = Date.UTC(2026, 0, 15, 12)

const NO_FILTERS = {
  subject: false,
  body: false,
  httpBody: false,
  startWords: '',
  successWords: '',
  failWords: '',
  otherwiseFail: false,
}

/** A check that is up, expected daily with an hour of grace, and was last heard of at noon. */
export function aCheck(facts: Partial<Check> = {}): Check {
  return {
    id: 1,
    projectId: 1,
    code: randomUUID(),
    name: 'Nightly backup',
    slug: 'nightly-backup',
    tags: '',
    description: '',
    schedule: { kind: 'period', periodMs: DAY },
    spare: { periodMs: DAY, tz: 'UTC' },
    graceMs: HOUR,
    manualResume: false,
    postOnly: false,
    filters: NO_FILTERS,
    status: 'up',
    lastPingAt: NOON,
    openRun: null,
    lastDurationMs: null,
    alertAfterAt: NOON + DAY + HOUR,
    pingCount: 1,
    results: '',
    hasConfirmationLink: false,
    notableCount: 0,
    badgeKey: randomUUID(),
    createdAt: NOON - DAY,
    ...facts,
  }
}

/** A success by GET, at noon. */
export function aPing(facts: Partial<ArrivingPing> = {}): ArrivingPing {
  return {
    at: NOON,
    signal: 'success',
    exitStatus: null,
    runId: null,
    scheme: 'http',
    method: 'GET',
    userAgent: 'curl/8.5.0',
    remoteAddress: '127.0.0.1',
    body: null,
    ...facts,
  }
}

/** A daily check that nobody has pinged yet. */
export function aNewCheck(projectId: number, facts: Partial<NewCheck> = {}): NewCheck {
  return {
    projectId,
    name: 'Nightly backup',
    slug: 'nightly-backup',
    tags: '',
    description: '',
    schedule: { kind: 'period', periodMs: DAY },
    graceMs: HOUR,
    createdAt: NOON - DAY,
    ...facts,
  }
}

export function aNewChannel(projectId: number, facts: Partial<NewChannel> = {}): NewChannel {
  return {
    projectId,
    kind: 'webhook',
    name: 'Ops',
    value: '{}',
    tellsDown: true,
    tellsUp: true,
    verified: true,
    createdAt: NOON - DAY,
    ...facts,
  }
}

/** What a first account comes with. */
export function aBeginning(email = 'ada@example.org'): Beginning {
  return {
    user: {
      email,
      passwordHash: null,
      isAdmin: true,
      tz: 'Europe/Riga',
      theme: 'system',
      checkLimit: 100,
      pingLogLimit: 100,
      createdAt: NOON - DAY,
    },
    project: { code: randomUUID(), name: 'Home', badgeKey: randomUUID(), createdAt: NOON - DAY },
    check: aNewCheck(0, { name: 'My first check', slug: 'my-first-check' }),
    channel: aNewChannel(0, { kind: 'email', value: JSON.stringify({ value: email, up: true, down: true }) }),
  }
}
