import type { Check } from './check'
import type { User } from './user'

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
