import { describe, expect, it } from 'vitest'
import { decoded, exitStatusOf, pingRoute, runIdOf } from '../../src/pings/route'

const CODE = '7bd4f2a0-1c5e-4f6b-9a3d-0123456789ab'
const success = { code: CODE, signal: 'success', exitStatus: null }

// spec/ping-api.md §1
describe('the address of a ping', () => {
  it.each([
    [CODE, success],
    [`${CODE}/`, success],
    [`${CODE}/start`, { ...success, signal: 'start' }],
    [`${CODE}/fail`, { ...success, signal: 'fail' }],
    [`${CODE}/log`, { ...success, signal: 'log' }],
    [`${CODE}/0`, { ...success, exitStatus: '0' }],
    [`${CODE}/007`, { ...success, exitStatus: '007' }],
  ])('%s', (path, route) => {
    expect(pingRoute(path)).toEqual(route)
  })

  it.each([
    '',
    CODE.toUpperCase(),
    CODE.replaceAll('-', ''),
    `${CODE}//`,
    `${CODE}/fail/`,
    `${CODE}/1/`,
    `${CODE}/+1`,
    `${CODE}/1.5`,
    `${CODE}/1 `,
    `${CODE}/٣`,
    `${CODE}\n`,
    `/${CODE}`,
  ])('is not "%s"', (path) => {
    expect(pingRoute(path)).toBeNull()
  })

  it('is decoded once, and wholly', () => {
    expect(decoded(`${CODE}/%31`)).toBe(`${CODE}/1`)
    expect(decoded('%2531')).toBe('%31')
    expect(decoded('%ff')).toBeNull()
  })
})

describe('an exit status', () => {
  it.each([
    ['0', 0],
    ['255', 255],
    ['007', 7],
    ['000', 0],
    ['256', 'invalid'],
    ['00000000000000000000255', 255],
    ['99999999999999999999999999', 'invalid'],
  ])('%s is %s', (digits, status) => {
    expect(exitStatusOf(digits)).toBe(status)
  })
})

describe('a run id', () => {
  const id = 'AAAAAAAA-0000-4000-8000-00000000000b'
  it.each([
    ['', null],
    ['create=1', null],
    ['Rid=x', null],
    [`rid=${id}`, id.toLowerCase()],
    [`rid=nonsense&rid=${id}`, id.toLowerCase()],
    ['rid=', 'invalid'],
    [`rid=${id}%0A`, 'invalid'],
    [`rid={${id}}`, 'invalid'],
    [`rid=${id.replaceAll('-', '')}`, 'invalid'],
  ])('in "%s" is %s', (query, runId) => {
    expect(runIdOf(query)).toBe(runId)
  })
})
