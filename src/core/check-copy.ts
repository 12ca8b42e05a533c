import type { Check } from './check'

const MOST_CHARACTERS = 100

/** What a copy is called: web-ui.md C14. */
export function copyNames({ name, slug }: Pick<Check, 'name' | 'slug'>): { name: string; slug: string } {
  const copied = `${name} (copy)`
  const short = `${Array.from(name).slice(0, 90).join('')}... (copy)`
  const slugOfCopy = `${slug}-copy`
  return {
    name: name === '' ? '' : Array.from(copied).length <= MOST_CHARACTERS ? copied : short,
    slug: slug === '' || slugOfCopy.length > MOST_CHARACTERS ? '' : slugOfCopy,
  }
}

/** The same check as if nothing had ever been heard of it; its pings go on counting: spec/alerting.md T13. */
export function cleared(check: Check): Check {
  return {
    ...check,
    status: 'new',
    lastPingAt: null,
    openRun: null,
    lastDurationMs: null,
    alertAfterAt: null,
    hasConfirmationLink: false,
    notableCount: 0,
    results: '',
  }
}
