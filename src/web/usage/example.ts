/** What an example tells: only the success; the start and how it ended; the same with a run id; with the output. */
export type Variant = 'success' | 'status' | 'rid' | 'log'

export const VARIANTS: { key: Variant; label: string }[] = [
  { key: 'success', label: 'Success only' },
  { key: 'status', label: 'Start and exit status' },
  { key: 'rid', label: 'With run id' },
  { key: 'log', label: 'With log output' },
]

/** What all examples are filled with. */
export interface Job {
  /** The ping address of the check. */
  url: string
  /** Of a crontab: when the job starts. */
  cron: string
  /** The expression is only a guess. */
  isGuess: boolean
  /** Of a timer; null where only a cron expression is known. */
  calendar: string | null
  /** The command. */
  command: string
}

export interface Block {
  title: string
  code: string
}
