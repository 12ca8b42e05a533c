import { ALL, BADGE_FORMATS, checkBadgePath, tagBadgePath } from '../core/badge-address'
import type { BadgeFormat } from '../core/badge-address'
import type { Check } from '../core/check'
import type { Project } from '../core/project'
import { distinctTags } from '../core/tags'
import { compareNames } from '../core/words'
import type { BadgesPage } from './badge-models'
import { field } from './fields'
import type { Form } from './fields'

export interface BadgeSource {
  project: Pick<Project, 'badgeKey'>
  checks: Check[]
  /** The query: what is chosen. */
  form: Form
  siteRoot: string
  /** On the badge of the whole project. */
  projectLabel: string
  sign(badgeKey: string, tag: string): string
  url: string
  prometheusUrl: string
}

const FORMATS: Record<BadgeFormat, string> = { svg: 'Picture (SVG)', json: 'JSON', shields: 'Shields' }

const UNNAMED =
  'This check has no name, so its badge would show its UUID, and whoever knows that can ping it. Name it first.'

/** What is chosen, with a choice made where there is none that makes sense. */
function chosenOf({ form, checks }: BadgeSource) {
  const tags = distinctTags(checks).filter((tag) => tag !== ALL)
  const sorted = checks.toSorted((one, other) => compareNames(one.name, other.name))
  const tag = tags.find((each) => each === form['tag']) ?? tags[0] ?? null
  const check = sorted.find(({ code }) => code === form['check']) ?? sorted[0] ?? null
  const wanted = form['target']
  const target = wanted === 'tag' && tag !== null ? wanted : wanted === 'check' && check ? wanted : 'all'
  return {
    tags,
    sorted,
    tag,
    check,
    target,
    format: BADGE_FORMATS.find((format) => format === form['format']) ?? 'svg',
    showsLate: form['states'] === '3',
  } as const
}

type Chosen = ReturnType<typeof chosenOf>

/** The path of the badge that is chosen, or null when there should be none. */
export function chosenPath(source: BadgeSource): string | null {
  return pathOf(source, chosenOf(source))
}

/** `document`: what the badge that is chosen answers, where that is text. */
export function badgesPage(source: BadgeSource, document: string): BadgesPage {
  const chosen = chosenOf(source)
  const { tags, sorted, target, format, showsLate } = chosen
  const path = pathOf(source, chosen)
  return {
    url: source.url,
    targets: [
      { value: 'all', label: 'All checks', on: target === 'all', why: '', which: null },
      {
        value: 'tag',
        label: 'Checks with a tag',
        on: target === 'tag',
        why: tags.length === 0 ? 'No check has a tag.' : '',
        which: which(
          'tag',
          'Tag',
          tags.map((tag) => ({ value: tag, label: tag })),
          chosen.tag,
        ),
      },
      {
        value: 'check',
        label: 'One check',
        on: target === 'check',
        why: sorted.length === 0 ? 'There are no checks yet.' : '',
        which: which(
          'check',
          'Check',
          sorted.map(({ code, name }) => ({ value: code, label: name || `unnamed, ${code.slice(0, 8)}` })),
          chosen.check?.code ?? null,
        ),
      },
    ],
    formats: BADGE_FORMATS.map((value) => ({ value, label: FORMATS[value], on: value === format })),
    states: [
      { value: '2', label: 'Up and down', on: !showsLate },
      { value: '3', label: 'Up, late and down', on: showsLate },
    ],
    badge: path === null ? null : badgeOf(source, chosen, path, document),
    refusal: path === null ? UNNAMED : '',
    prometheusUrl: source.prometheusUrl,
  }
}

function pathOf({ project, sign }: BadgeSource, chosen: Chosen): string | null {
  const { target, tag, check, showsLate, format } = chosen
  if (target !== 'check' || check === null) {
    const about = target === 'tag' && tag !== null ? tag : ALL
    return tagBadgePath({ badgeKey: project.badgeKey, tag: about, showsLate, format }, sign)
  }
  return check.name === '' ? null : checkBadgePath({ badgeKey: check.badgeKey, showsLate, format })
}

function badgeOf(
  source: BadgeSource,
  chosen: Chosen,
  path: string,
  document: string,
): NonNullable<BadgesPage['badge']> {
  const { format } = chosen
  const url = source.siteRoot + path
  const label = labelOf(source, chosen)
  // Only its address: we ask nothing of others, and nobody's browser does because of us.
  const image = format === 'shields' ? `https://img.shields.io/endpoint?url=${encodeURIComponent(url)}` : url
  const pictures = [
    { label: 'Markdown', text: `![${inMarkdown(label)}](${image})`, hook: 'markdown' },
    { label: 'HTML', text: `<img src="${image}" alt="${inHtml(label)}">`, hook: 'html' },
  ]
  return {
    image: format === 'svg' ? { url: new URL(url).pathname, text: `Badge of ${label}` } : null,
    document: format === 'svg' ? '' : document,
    takes: [
      { label: format === 'svg' ? 'Address' : 'Address of the JSON', text: url, hook: 'url' },
      ...(format === 'shields' ? [{ label: 'Address of the picture', text: image, hook: 'image' }] : []),
      ...(format === 'json' ? [] : pictures),
    ],
  }
}

function labelOf({ projectLabel }: BadgeSource, { target, tag, check }: Chosen): string {
  if (target === 'tag' && tag !== null) return tag
  return target === 'check' && check !== null ? check.name : projectLabel
}

function which(
  name: string,
  label: string,
  options: { value: string; label: string }[],
  chosen: string | null,
) {
  if (options.length === 0) return null
  return field({
    name,
    label,
    type: 'select',
    options: options.map((option) => ({ ...option, chosen: option.value === chosen })),
  })
}

const inMarkdown = (text: string): string => text.replace(/[\\[\]]/g, '\\$&').replace(/\s+/g, ' ')

const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
