import type { KeyAccess } from '../core/api-key'
import type { CheckFields } from '../core/check-fields'
import type { MemberRole } from '../core/role'
import type { Form, Integration } from '../integrations/integration'

// What a file says that there should be. A list that is null is not in the file: what there is of it is
// nobody's business.

export interface Wish {
  projects: ProjectWish[]
}

export interface ProjectWish {
  line: number
  id: string | null
  name: string
  /** Null: whoever applies the file. */
  owner: string | null
  /** Undefined: kept, or made once. Null: none. */
  pingKey: SecretText | null | undefined
  apiKeys: KeyWish[] | null
  members: MemberWish[] | null
  channels: ChannelWish[] | null
  checks: CheckWish[] | null
}

/** Text that may be a reference; null when that leads nowhere, which is no harm where there is something to keep. */
export interface SecretText {
  line: number
  text: string | null
  /** Names of variables that are not set. */
  missing: string[]
}

export interface KeyWish {
  line: number
  name: string
  access: KeyAccess
  /** Null: kept, or made once. */
  secret: SecretText | null
}

export interface MemberWish {
  line: number
  email: string
  role: MemberRole
}

export interface ChannelWish {
  line: number
  /** Tells one without a name from others. */
  id: string | null
  name: string
  kind: Integration
  /** Filled with what the file says, and with what is usual where it says nothing. */
  form: Form
  /** Fields whose references lead nowhere, and the variables that are not set. */
  missing: ReadonlyMap<string, readonly string[]>
  /** Fields that are not shown. */
  secret: ReadonlySet<string>
  /** Seconds. */
  repeat: number | null
}

export interface CheckWish {
  line: number
  id: string | null
  /** Complete: what the file does not say is as for a new check. Either `timeout`, or `schedule` and `tz`. */
  fields: CheckFields & { name: string; slug: string }
  /** Names or ids. Undefined: all for a new one, and then kept as it is. */
  channels: { line: number; names: readonly string[] | 'all' } | undefined
}
