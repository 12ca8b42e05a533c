import type { Doc } from './docs'

/** Most pages that a search shows. */
const MAX_FOUND = 20

/** Characters around the first word that was found. */
const BEFORE = 60
const AROUND = 220

export interface Found {
  slug: string
  title: string
  /** The heading below which it stands; '' for the beginning of a page. */
  heading: string
  anchor: string
  /** A piece of the text, cut at the words that were found. */
  extract: { text: string; isHit: boolean }[]
}

/** The words that are looked for: letters, digits and spaces count, the rest does not. */
export function searchWords(query: string): string[] {
  return query
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .split(' ')
    .filter((word) => word.length >= 2)
}

/** The best pages for all of the words; a word in a title or heading weighs more than one in the text. */
export function searchDocs(docs: readonly { slug: string; doc: Doc }[], words: readonly string[]): Found[] {
  if (words.length === 0) return []
  return docs
    .flatMap(({ slug, doc }) => {
      const best = doc.sections
        .map((section) => ({ section, score: scoreOf(doc.title, section, words) }))
        .toSorted((one, other) => other.score - one.score)[0]
      if (best === undefined || best.score === 0) return []
      const { section, score } = best
      const heading = section.id === '' ? '' : section.heading
      const found = {
        slug,
        title: doc.title,
        heading,
        anchor: section.id,
        extract: extract(section.text, words),
      }
      return [{ found, score }]
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, MAX_FOUND)
    .map(({ found }) => found)
}

/** 0 unless every word is somewhere in the section or in the title of its page. */
function scoreOf(title: string, section: Doc['sections'][number], words: readonly string[]): number {
  const inTitle = title.toLowerCase()
  const inHeading = section.heading.toLowerCase()
  const inText = section.text.toLowerCase()
  const scores = words.map(
    (word) =>
      (inTitle.includes(word) ? 20 : 0) +
      (inHeading.includes(word) ? 10 : 0) +
      Math.min(5, inText.split(word).length - 1),
  )
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0)
}

function extract(text: string, words: readonly string[]): Found['extract'] {
  const lower = text.toLowerCase()
  const hits = words.map((word) => lower.indexOf(word)).filter((at) => at !== -1)
  const from = Math.max(0, Math.min(...hits, text.length) - BEFORE)
  const piece = text.slice(hits.length === 0 ? 0 : from, (hits.length === 0 ? 0 : from) + AROUND)
  const pattern = new RegExp(`(${words.join('|')})`, 'giu')
  const parts = piece.split(pattern).filter((part) => part !== '')
  const isCut = hits.length > 0 && from > 0
  return [
    ...(isCut ? [{ text: '… ', isHit: false }] : []),
    ...parts.map((part) => ({ text: part, isHit: words.includes(part.toLowerCase()) })),
    { text: ' …', isHit: false },
  ]
}
