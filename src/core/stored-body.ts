/**
 * What there is to see of a ping's body: spec/ping-api.md §15.4. `pending`: it is in object storage, which
 * does not have it (yet). `missing`: it is in a bucket that we do not know any more. `unavailable`: the
 * storage does not answer well just now.
 */
export type StoredBody =
  | { state: 'none' }
  | { state: 'present'; bytes: Buffer }
  | { state: 'pending' }
  | { state: 'missing' }
  | { state: 'unavailable' }

/** Larger bodies go to object storage, smaller ones are not worth a request: spec/ping-api.md [P56]. */
const MOST_IN_DATABASE_BYTES = 100

export function isLarge(bytes: number): boolean {
  return bytes > MOST_IN_DATABASE_BYTES
}
