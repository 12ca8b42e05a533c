import type { Check } from './check'
import type { Project } from './project'
import type { User } from './user'

/** How many pings are kept for each check of a project: as many as it says, else as its owner's account says. */
export function logLimitOf(
  project: Pick<Project, 'pingLogLimit'>,
  owner: Pick<User, 'pingLogLimit'> | null,
): Pick<User, 'pingLogLimit'> {
  return { pingLogLimit: project.pingLogLimit ?? owner?.pingLogLimit ?? 0 }
}

/**
 * The number of the newest ping that is beyond the limit of its owner's logs: that one and those before it
 * are shown and served to nobody, whether they are still there or not (spec/ping-api.md [P35]). Zero or
 * less: none is.
 */
export function lastHiddenN(
  { pingCount }: Pick<Check, 'pingCount'>,
  owner: Pick<User, 'pingLogLimit'> | null,
): number {
  return pingCount - (owner?.pingLogLimit ?? 0)
}
