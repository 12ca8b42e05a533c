import type { Channel } from './channel'
import { fail, ok } from './problem'
import type { Result } from './problem'

type Candidate = Pick<Channel, 'id' | 'code' | 'name'>

/**
 * The channels that a text names: `*` is all of them, '' none, else UUIDs and names between commas.
 * The first piece that names none, or several, is the problem: spec/management-api.md [M35].
 */
export function chooseChannels<C extends Candidate>(text: string, channels: readonly C[]): Result<C[]> {
  if (text === '*') return ok([...channels])
  if (text === '') return ok([])
  const chosen = new Set<C>()
  for (const piece of text.split(',')) {
    if (piece === '') return fail('invalid', 'empty channel identifier')
    const [first, ...others] = channels.filter(({ code, name }) => code === piece || name === piece)
    if (first === undefined) return fail('invalid', `invalid channel identifier: ${piece}`)
    if (others.length > 0) return fail('invalid', `non-unique channel identifier: ${piece}`)
    chosen.add(first)
  }
  return ok([...chosen])
}
