import type { FormPage } from './view-models'
import type { Field, Sentence } from './view-parts'

/** The forms that ask for a schedule: `views/check-form.ejs`. */
export interface CheckFormPage extends Omit<FormPage, 'hidden' | 'notes' | 'placeholders'> {
  timing: TimingPart
  /** Ticks: who is told of it. None where that is not asked. */
  told: Field[]
}

/** How the person says when a job is expected: one way of three, all three in the page. */
export interface TimingPart {
  legend: string
  kinds: { value: string; label: string; text: string; chosen: boolean }[]
  period: Field
  cron: Field
  oncalendar: Field
  tz: Field
  /** What `tz` can be. */
  zones: string[]
  grace: Field
  preview: SchedulePreview
}

/** What a schedule that is not saved yet would do: web-ui.md C06. */
export interface SchedulePreview {
  /** 'At 04:00 every day'; '' when there is nothing to say. */
  words: string
  /** Why it cannot be used; '' when it can. */
  problem: string
  /** Headings of the times: the zone of the check, of the person, and UTC, each once. */
  zones: { name: string; whose: string }[]
  runs: PreviewRun[]
  remarks: string[]
  /** What saving it means for the check; null for a check that is not there yet. */
  consequence: { isWarning: boolean; sentence: Sentence } | null
  pasted: PastedLine | null
}

export interface PreviewRun {
  /** With the offset of the check's zone. */
  iso: string
  /** One for each of the zones; `day` is '' where it is the same as in the first. */
  times: { day: string; time: string; offset: string }[]
  relative: string
  /** What a change of clocks does to it; '' as a rule. */
  note: string
}

/** A line of a crontab that was given in place of an expression. */
export interface PastedLine {
  expression: string
  /** '' when there was none. */
  command: string
  /** What the check may be called after it; '' without a command. */
  name: string
}
