import type { Check } from '../core/check'

/** The zones that times on the pages of a check can be read in: web-ui.md C04, C09. */

export interface ZoneLink {
  tz: string
  url: string
  current: boolean
}

/** UTC, the zone of the visitor, or that of the check; anything else is the visitor's. */
export function zoneOf(wanted: string, check: Pick<Check, 'schedule'>, ownTz: string): string {
  return zones(check, ownTz).find((each) => each === wanted) ?? ownTz
}

/** None where there is nothing to choose. */
export function zoneLinks(
  check: Pick<Check, 'schedule'>,
  { ownTz, tz }: { ownTz: string; tz: string },
  url: (tz: string) => string,
): ZoneLink[] {
  const offered = zones(check, ownTz)
  return offered.length === 1
    ? []
    : offered.map((each) => ({ tz: each, url: url(each), current: each === tz }))
}

function zones({ schedule }: Pick<Check, 'schedule'>, ownTz: string): string[] {
  const own = schedule.kind === 'period' ? [] : [schedule.tz]
  return [...new Set(['UTC', ownTz, ...own])]
}
