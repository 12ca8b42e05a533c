import type { Dialect } from '../sql'

/** Which project each person looked at last: no more than its id, which may be that of none any more. */
export const up = (_: Dialect): string[] => [`ALTER TABLE users ADD COLUMN last_project_id BIGINT`]
