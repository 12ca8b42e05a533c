import type { Channel } from '../core/channel'
import { integrationOf } from '../integrations/registry'

/** Where a channel leads, in a few words and without secrets. */
export function targetOf({ kind, value }: Channel): string {
  return integrationOf(kind)?.describe(value) ?? kind
}

/** What its owner calls it, or where it leads. */
export function titleOf(channel: Channel): string {
  return channel.name === '' ? targetOf(channel) : channel.name
}
