/** Lengths of months from 28 days, times seven weekdays to begin with. */
const KINDS_OF_MONTHS = 4 * 7

/** The same as `work`, which is asked once for each kind of month: days that match, bit 0 for the 1st. */
export function daysPerKindOfMonth(
  work: (length: number, firstWeekday: number) => number,
): (length: number, firstWeekday: number) => number {
  const known = new Int32Array(KINDS_OF_MONTHS).fill(-1)
  return (length, firstWeekday) => {
    const kind = (length - 28) * 7 + firstWeekday
    const days = known[kind]
    if (days !== undefined && days !== -1) return days
    return (known[kind] = work(length, firstWeekday))
  }
}
