import type { Dialect } from '../sql'

/**
 * When nobody could reach us for long: `is_open` is 1 until the checks were judged for the first time after
 * it and NULL from then on, so that there is one open outage at most, however many instances start.
 * What is told because of one is told together.
 */
export const up = ({ types: { id } }: Dialect): string[] => [
  `CREATE TABLE outages (
     id ${id},
     is_open BIGINT UNIQUE,
     from_at BIGINT NOT NULL,
     until_at BIGINT NOT NULL,
     hold_until_at BIGINT NOT NULL,
     deadlines BIGINT NOT NULL,
     downs BIGINT NOT NULL
   )`,
  `ALTER TABLE notifications ADD COLUMN outage_id BIGINT`,
  `CREATE INDEX notifications_of_outage ON notifications (outage_id, channel_id, id)
     WHERE outage_id IS NOT NULL AND due_at IS NOT NULL`,
]
