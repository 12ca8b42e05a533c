import { SECOND } from '../core/time'
import type { Task } from './task'

/** Takes over, within seconds, what was saved on the pages of another instance. */
export function followSettings({ renew }: { renew: () => Promise<void> }): Task {
  return {
    name: 'follow-settings',
    everyMs: 5 * SECOND,
    async run() {
      await renew()
      return false
    },
  }
}
