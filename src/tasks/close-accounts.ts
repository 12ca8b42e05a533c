import { MINUTE } from '../core/time'
import type { Task } from './task'

/** Closes the accounts whose day has come; what is left of them is removed by `purge`. spec/web-ui.md X03. */
export function closeAccounts({ closeDue }: { closeDue: () => Promise<boolean> }): Task {
  return { name: 'close-accounts', everyMs: MINUTE, run: closeDue }
}
