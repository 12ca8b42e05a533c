import { accepted, replaced } from './names.json'

/** The zones that people can choose: spec/management-api.md §7.6. */
export const ZONE_NAMES: readonly string[] = accepted

const kept = new Map([...accepted.map((name) => [name, name] as const), ...Object.entries(replaced)])

/**
 * The name under which a zone is kept: itself, or its present name when the given one is obsolete; null for
 * every other text. The list is ours and not the runtime's, which has obsolete names and lacks current ones.
 */
export function zoneName(name: string): string | null {
  return kept.get(name) ?? null
}
