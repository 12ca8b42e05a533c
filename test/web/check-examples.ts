import type { Check, Flip } from '../../src/core/check'
import { HOUR } from '../../src/core/time'
import type { DowntimesPage } from '../../src/web/chart-models'
import { downtimesPage } from '../../src/web/downtimes-page'
import { aCheck, NOON } from '../support/build'

const check: Check = aCheck({ status: 'down', createdAt: NOON - 2000 * HOUR })

const flips: Flip[] = [
  { at: NOON - 3 * HOUR, from: 'up', to: 'down', reason: 'fail', silent: false },
  { at: NOON - 700 * HOUR, from: 'down', to: 'up', reason: '', silent: false },
  { at: NOON - 760 * HOUR, from: 'up', to: 'down', reason: 'timeout', silent: false },
]

export const downtimes: DowntimesPage = downtimesPage({
  check,
  flips,
  told: [],
  month: '2026-01',
  nowAt: NOON,
  tz: 'Europe/Riga',
  url: '/checks/1/downtimes/',
  trail: [{ text: 'Home', url: '/projects/1/checks/' }],
})
