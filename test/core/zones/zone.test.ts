import { describe, expect, it } from 'vitest'
import { ZONE_NAMES, zoneName } from '../../../src/core/zones/names'
import { isoInZone, wallTime } from '../../../src/core/zones/wall-time'
import { zoneOf } from '../../../src/core/zones/zone'
import { accepted, replaced } from '../../vectors/timezones.json'

const seconds = (iso: string) => Date.parse(iso) / 1000

/** Every change of clocks between two instants: when, and from which offset to which. */
function changes(tz: string, from: string, until: string): [string, number, number][] {
  const found: [string, number, number][] = []
  const zone = zoneOf(tz)
  let stretch = zone.stretchAt(seconds(from))
  while (stretch.until < seconds(until)) {
    const next = zone.stretchAt(stretch.until)
    if (next.offset !== stretch.offset) {
      expect(next).toMatchObject({ from: stretch.until, offsetBefore: stretch.offset })
      found.push([new Date(next.from * 1000).toISOString().slice(0, 16), stretch.offset, next.offset])
    }
    stretch = next
  }
  return found
}

describe('the clocks of a zone', () => {
  it('are never changed in UTC', () => {
    expect(changes('UTC', '1970-01-01', '2199-12-31')).toEqual([])
  })

  it.each([
    [
      'Europe/Riga',
      '2021',
      [
        ['2021-03-28T01:00', 7200, 10_800],
        ['2021-10-31T01:00', 10_800, 7200],
      ],
    ],
    [
      'Australia/Lord_Howe',
      '2024',
      [
        ['2024-04-06T15:00', 39_600, 37_800],
        ['2024-10-05T15:30', 37_800, 39_600],
      ],
    ],
    [
      'Antarctica/Troll',
      '2024',
      [
        ['2024-03-31T01:00', 0, 7200],
        ['2024-10-27T01:00', 7200, 0],
      ],
    ],
    [
      'Europe/Dublin',
      '2100',
      [
        ['2100-03-28T01:00', 0, 3600],
        ['2100-10-31T01:00', 3600, 0],
      ],
    ],
    ['Africa/Monrovia', '1972', [['1972-01-07T00:44', -2670, 0]]],
    ['Pacific/Kwajalein', '1993', [['1993-08-21T12:00', -43_200, 43_200]]],
    // Two changes within a week.
    [
      'America/Noronha',
      '2000',
      [
        ['2000-10-08T02:00', -7200, -3600],
        ['2000-10-15T01:00', -3600, -7200],
      ],
    ],
  ] as const)('are changed in %s in %s', (tz, year, expected) => {
    expect(changes(tz, `${year}-${tz === 'America/Noronha' ? '10' : '01'}-01`, `${year}-12-31`)).toEqual(
      expected,
    )
  })

  it('agree with the runtime at random moments in every zone', () => {
    for (const [index, tz] of ZONE_NAMES.entries()) {
      const at = Math.floor(seconds('1970-01-01') + ((index * 7_919) % 4001) * 1_813_000)
      const shown = new Intl.DateTimeFormat('en-GB', {
        timeZone: tz,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(at * 1000)
      const { date, time } = wallTime(at * 1000, tz)
      const [year, month, day] = date.split('-')
      expect(`${day}/${month}/${year}, ${time.padEnd(8, ':00')}`, tz).toBe(shown)
    }
  })

  it('stay as they are before and after all rules', () => {
    expect(zoneOf('Europe/Riga').stretchAt(-1e13).offset).toBe(zoneOf('Europe/Riga').stretchAt(-1e12).offset)
    expect(zoneOf('Asia/Tokyo').stretchAt(8.64e12).offset).toBe(9 * 3600)
  })
})

describe('names of zones', () => {
  it('are those of the specification', () => {
    expect(ZONE_NAMES).toEqual(accepted)
    for (const [name, current] of Object.entries(replaced)) expect(zoneName(name)).toBe(current)
  })

  it.each(['', 'utc', 'UTC+2', 'localtime', 'Europe/Riga ', 'Europe/riga', 'posix/Europe/Riga', '__proto__'])(
    'refuse %j',
    (name) => expect(zoneName(name)).toBeNull(),
  )
})

describe('wall times', () => {
  it('are shown with their offset', () => {
    expect(isoInZone(Date.UTC(2025, 2, 30, 1), 'Europe/Riga')).toBe('2025-03-30T04:00:00+03:00')
    expect(isoInZone(Date.UTC(2025, 0, 1, 0, 0, 59, 999), 'America/St_Johns')).toBe(
      '2024-12-31T20:30:59-03:30',
    )
    expect(isoInZone(0, 'Africa/Monrovia')).toBe('1969-12-31T23:15:30-00:44:30')
  })

  it('have seconds only where there are some', () => {
    const at = Date.UTC(2025, 2, 30, 1)
    expect(wallTime(at, 'UTC')).toEqual({
      date: '2025-03-30',
      time: '01:00',
      offset: '+00:00',
      weekday: 'Sun',
    })
    expect(wallTime(at + 7000, 'US/Eastern')).toMatchObject({ time: '21:00:07', date: '2025-03-29' })
  })

  it('of an unknown zone are those of UTC', () => {
    expect(isoInZone(0, 'Europe/Atlantis')).toBe('1970-01-01T00:00:00+00:00')
  })
})
