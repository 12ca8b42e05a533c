import { suggestedCron } from '../core/cron/suggestion'
import type { Check } from '../core/check'
import type { Paths } from './paths'
import { VARIANTS } from './usage/example'
import type { Block, Job, Variant } from './usage/example'
import { EXAMPLES } from './usage/examples'
import type { Crumb } from './view-parts'

/** Usage examples of one check: web-ui.md C08. */
export interface UsagePage {
  trail: Crumb[]
  tabs: { key: string; label: string; url: string; current: boolean }[]
  variants: { key: Variant; label: string; url: string; current: boolean }[]
  label: string
  text: string
  blocks: Block[]
  /** Where mails go, for what can only send mails; null while none are taken. */
  emailAddress: string | null
  isEmail: boolean
  filtersUrl: string
}

const EMAIL = 'email'

export interface UsageSource {
  check: Check
  pingUrl: string
  emailAddress: string | null
  lang: string
  variant: string
  trail: Crumb[]
  paths: Paths
}

export function usagePage({
  check,
  pingUrl,
  emailAddress,
  lang,
  variant: wanted,
  trail,
  paths,
}: UsageSource): UsagePage {
  const variant = VARIANTS.find(({ key }) => key === wanted)?.key ?? 'success'
  const isEmail = lang === EMAIL
  const example = EXAMPLES.find(({ key }) => key === lang) ?? EXAMPLES[0]
  const url = paths.checkPart(check.code, 'usage')
  const link = (key: string, chosen: Variant): string => `${url}?lang=${key}&variant=${chosen}`
  const key = isEmail ? EMAIL : (example?.key ?? '')
  return {
    trail,
    tabs: [...EXAMPLES, { key: EMAIL, label: 'E-mail' }].map((each) => ({
      key: each.key,
      label: each.label,
      url: link(each.key, variant),
      current: each.key === key,
    })),
    variants: isEmail
      ? []
      : VARIANTS.map((each) => ({ ...each, url: link(key, each.key), current: each.key === variant })),
    label: isEmail ? 'E-mail' : (example?.label ?? ''),
    text: isEmail ? '' : (example?.text ?? ''),
    blocks: isEmail ? [] : (example?.blocks(jobOf(check, pingUrl), variant) ?? []),
    emailAddress,
    isEmail,
    filtersUrl: paths.checkPart(check.code, 'filtering_rules'),
  }
}

function jobOf({ schedule }: Check, url: string): Job {
  const cron =
    schedule.kind === 'cron'
      ? schedule.expression
      : schedule.kind === 'period'
        ? suggestedCron(schedule.periodMs)
        : null
  return {
    url,
    command: '/path/to/job',
    cron: cron ?? '* * * * *',
    isGuess: cron === null,
    calendar: schedule.kind === 'oncalendar' ? schedule.expression : null,
  }
}
