import MarkdownIt from 'markdown-it'
import { asset } from '../world/assets'

/** The documentation: Markdown in `views/docs`, rendered when it is first read. The only user of markdown-it. */

/** What the instance is called and where it is, put in for `{{name}}`. */
export interface DocsValues {
  site_name: string
  site_root: string
  ping_endpoint: string
  /** The address of a check that does not exist. */
  ping_url: string
  email_domain: string
  body_limit: string
  root: string
}

export interface Doc {
  /** The heading of the page, without markup. */
  title: string
  html: string
  /** The headings of the second rank, to jump to. */
  headings: { id: string; text: string }[]
  /** All words of the page, to search in: its parts, each below a heading. */
  sections: { id: string; heading: string; text: string }[]
}

/** Renders the page of a slug; throws when there is no such file. */
export function renderDoc(slug: string, values: DocsValues): Doc {
  const source = fill(asset(`views/docs/${slug}.md`).toString('utf8'), values)
  const headings: Doc['headings'] = []
  let tables = 0
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false })

  markdown.renderer.rules['heading_open'] = (tokens, index) => {
    const token = tokens[index]!
    const text = tokens[index + 1]?.content ?? ''
    if (token.tag === 'h1') return '<h1>'
    const id = idOf(text)
    if (token.tag === 'h2') headings.push({ id, text: plain(text) })
    return `<${token.tag} id="${id}">`
  }
  const code = (text: string, language: string): string => {
    const kept = markdown.utils.escapeHtml(text.replace(/\n$/, ''))
    const label = markdown.utils.escapeHtml(language || 'example')
    return (
      `<div class="take code-block"><pre tabindex="0" aria-label="${label}"><code>${kept}</code></pre>` +
      `<button type="button" class="button slight plain copy" data-copy="${kept}" hidden>` +
      `<span data-says aria-live="polite">Copy</span><span class="unseen"> the example</span></button></div>\n`
    )
  }
  markdown.renderer.rules['fence'] = (tokens, index) =>
    code(tokens[index]!.content, tokens[index]!.info.trim())
  markdown.renderer.rules['code_block'] = (tokens, index) => code(tokens[index]!.content, '')
  markdown.renderer.rules['table_open'] = () =>
    `<div class="scroll" tabindex="0" role="region" aria-label="Table ${++tables}"><table class="endings">\n`
  markdown.renderer.rules['table_close'] = () => '</table></div>\n'
  markdown.renderer.rules['th_open'] = () => '<th scope="col">'

  // Pages name each other by `../slug/`; the first one is also shown where that would lead elsewhere.
  const normal = markdown.normalizeLink.bind(markdown)
  markdown.normalizeLink = (url) => normal(url.replace(/^\.\.\//, `${values.root}/docs/`))

  const html = markdown.render(source)
  return { title: titleOf(source), html, headings, sections: sectionsOf(source) }
}

/** `{{name}}` becomes the value; a name that nobody knows is a mistake in the page. */
function fill(source: string, values: DocsValues): string {
  return source.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`The documentation asks for {{${name}}}`)
    return values[name as keyof DocsValues]
  })
}

function titleOf(source: string): string {
  return plain(/^# (.+)$/m.exec(source)?.[1] ?? '')
}

function sectionsOf(source: string): Doc['sections'] {
  return source
    .split(/^(?=#{1,2} )/m)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [first = '', ...rest] = part.split('\n')
      const heading = first.replace(/^#+ /, '')
      return {
        id: first.startsWith('## ') ? idOf(heading) : '',
        heading: plain(heading),
        text: plain(rest.join(' ').replaceAll(/[#|>*-]{2,}/g, ' '))
          .replaceAll(/\s+/g, ' ')
          .trim(),
      }
    })
}

/** The words of a heading, for its address. */
function idOf(text: string): string {
  return plain(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/** Without the signs of Markdown that stand inside lines. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*|]/g, '')
}
