/** The tags of a check: between blanks, each trimmed of other white space (spec/management-api.md §6.1). */
export function tagsOf({ tags }: { tags: string }): string[] {
  return tags
    .split(' ')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}

/** All tags of these checks, each once, in the order of their code units. */
export function distinctTags(checks: readonly { tags: string }[]): string[] {
  return [...new Set(checks.flatMap(tagsOf))].toSorted()
}
