/** What can be wrong with an expression: spec/schedules.md [S14] and §6.3. */
export type ScheduleFault =
  | 'too-long'
  | 'wrong-number-of-fields'
  | 'bad-minute'
  | 'bad-hour'
  | 'bad-second'
  | 'bad-day-of-month'
  | 'bad-month'
  | 'bad-year'
  | 'bad-day-of-week'
  | 'bad-date'
  | 'bad-time'
  | 'no-match'

/** An expression that cannot be read; the message is a sentence without its full stop that names the field. */
export class ScheduleError extends Error {
  readonly fault: ScheduleFault

  constructor(fault: ScheduleFault, message: string) {
    super(message)
    this.fault = fault
  }
}
