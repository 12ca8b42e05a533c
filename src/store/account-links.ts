import type { User } from '../core/user'
import { addToken, removeTokens } from './account-tokens'
import type { AccountToken } from './account-tokens'
import { queueMail } from './mails'
import type { NewMail } from './mails'
import { one, run } from './sql'
import type { Sql, Work } from './sql'
import { toUser } from './users'
import type { UserRow } from './users'

/** A link to mail, and what is kept of it. */
export interface NewLink {
  token: AccountToken
  mail: NewMail
}

export interface LinkStore {
  /**
   * Keeps the link that `make` makes for whoever has this address, and queues its mail; older ones of its
   * purpose are void. The same is written whether there is such an account or not, so that the time it
   * takes says nothing. A disabled account is none.
   */
  add(email: string, make: (user: User | null) => NewLink): Promise<void>
}

export function linkStore(sql: Sql): LinkStore {
  return {
    add: (email, make) =>
      sql.transaction(function* () {
        const row = yield* one<UserRow>('SELECT * FROM users WHERE email = $1 AND disabled = 0', [email])
        const user = row && toUser(row)
        const { token, mail } = make(user)
        yield* user === null ? removeOneOfNobody() : removeTokens(user.id, token.purpose)
        yield* addToken(token)
        yield* queueMail(mail)
      }),
  }
}

/** As much as an older link of somebody: nobody has the secret of these. */
function* removeOneOfNobody(): Work<void> {
  yield* run(
    `DELETE FROM account_tokens WHERE key = (
       SELECT key FROM account_tokens WHERE user_id IS NULL AND purpose = 'sign-in' LIMIT 1)`,
  )
}
