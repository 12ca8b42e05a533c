import type { AdminFact, AdminForm, AdminPage, AdminSearch, AdminSection } from './admin-models'
import type { Paths } from './paths'
import type { Tab } from './team-models'

/** Pages of the administration, of which what is not said is empty. */

const PARTS = [
  ['health', 'Health'],
  ['users', 'Users'],
  ['projects', 'Projects'],
  ['deliveries', 'Deliveries'],
  ['storage', 'Storage'],
  ['config', 'Configuration'],
  ['audit', 'Audit log'],
] as const

export type AdminPart = (typeof PARTS)[number][0]

export function adminTabs(current: AdminPart, paths: Paths): Tab[] {
  return PARTS.map(([part, text]) => ({ text, url: paths.admin(part), current: part === current }))
}

export function adminPage(
  part: AdminPart,
  paths: Paths,
  {
    search,
    ...about
  }: Pick<AdminPage, 'heading'> &
    Partial<Omit<AdminPage, 'search'>> & {
      search?: Pick<AdminSearch, 'action' | 'value' | 'label'> & Partial<AdminSearch>
    },
): AdminPage {
  const tabs = adminTabs(part, paths)
  return {
    tabs,
    back: null,
    search: search ? { hidden: [], fields: [], choices: [], ...search } : null,
    fresh: null,
    errors: [],
    sections: [],
    olderUrl: null,
    ...about,
  }
}

export function adminSection(
  about: Pick<AdminSection, 'id' | 'heading'> & Partial<AdminSection>,
): AdminSection {
  return {
    text: [],
    facts: [],
    table: null,
    forms: [],
    lines: [],
    chart: null,
    search: null,
    links: [],
    ...about,
  }
}

export function adminForm(
  about: Pick<AdminForm, 'action' | 'submit' | 'hook'> & Partial<AdminForm>,
): AdminForm {
  return { method: 'post', fields: [], hidden: [], about: '', isDanger: false, ...about }
}

export function fact(label: string, value: string, more: Partial<AdminFact> = {}): AdminFact {
  return { label, value, state: null, note: '', ...more }
}

export function cell(
  text: string,
  url: string | null = null,
  sub = '',
): { text: string; url: string | null; sub: string } {
  return { text, url, sub }
}
