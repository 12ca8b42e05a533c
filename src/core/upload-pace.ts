import { MINUTE, SECOND } from './time'

/** How fast bodies are moved to object storage: as fast as the storage likes, spec/operations.md [O42]. */
export interface UploadPace {
  /** Uploads at the same time. */
  concurrency: number
  /** How long to wait before going on. */
  pauseMs: number
  /** Uploads that went well since the pace was last changed. */
  wentWell: number
}

/** Pauses grow from the first to the last, by doubling. */
const FIRST_PAUSE_MS = SECOND
const LONGEST_WHEN_ASKED_MS = MINUTE
const LONGEST_WHEN_BROKEN_MS = 5 * MINUTE

/** After so many that went well, one more goes at a time: slowly, or the storage complains at once again. */
const PATIENCE = 50

export function fullPace(concurrency: number): UploadPace {
  return { concurrency, pauseMs: 0, wentWell: 0 }
}

/** The storage asked for fewer requests: half as many at a time, after a pause. */
export function askedToSlowDown(pace: UploadPace): UploadPace {
  return {
    concurrency: Math.max(1, Math.floor(pace.concurrency / 2)),
    pauseMs: longer(pace.pauseMs, LONGEST_WHEN_ASKED_MS),
    wentWell: 0,
  }
}

/** The storage is away or broken: a pause, and no judgement about how much it can take. */
export function broken(pace: UploadPace): UploadPace {
  return { ...pace, pauseMs: longer(pace.pauseMs, LONGEST_WHEN_BROKEN_MS), wentWell: 0 }
}

/** `count` uploads went well. */
export function wentWell(pace: UploadPace, count: number, most: number): UploadPace {
  const well = pace.wentWell + count
  const grown = Math.floor(well / PATIENCE)
  return {
    concurrency: Math.min(most, pace.concurrency + grown),
    pauseMs: 0,
    wentWell: well % PATIENCE,
  }
}

function longer(pauseMs: number, longestMs: number): number {
  return pauseMs === 0 ? FIRST_PAUSE_MS : Math.max(pauseMs, Math.min(longestMs, pauseMs * 2))
}
