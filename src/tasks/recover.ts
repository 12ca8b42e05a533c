import { SECOND } from '../core/time'
import type { Store } from '../store'
import type { Task } from './task'

/** After a write failed, finds out when writing works again, even if nobody else writes. */
export function recover({ trouble, probe }: Pick<Store, 'trouble' | 'probe'>): Task {
  return {
    name: 'recover',
    everyMs: 5 * SECOND,
    async run() {
      if (trouble() !== null) await probe()
      return false
    },
  }
}
