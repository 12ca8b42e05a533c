const MOST = 100

/** A slug made from a name: spec/management-api.md [M34]. Often '' for names in other scripts. */
export function slugOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      // oxlint-disable-next-line no-control-regex -- ASCII is what is meant
      .replace(/[^\u0000-\u007f]/g, '')
      .toLowerCase()
      .replace(/[^a-z0-9_\s-]/g, '')
      .replace(/[\s-]+/g, '-')
      .replace(/^[-_]+|[-_]+$/g, '')
      .slice(0, MOST)
  )
}
