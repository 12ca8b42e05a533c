import { Router } from 'express'
import type { NextFunction, Request, Response } from 'express'
import type { App } from '../../app'
import { isSavable, settingsTable } from '../../config'
import { whileSame } from '../../core/while-same'
import { contextOf } from '../context'
import { renderDoc } from '../docs'
import type { Doc, DocsValues } from '../docs'
import { CONTENTS, PAGES } from '../docs-contents'
import { searchDocs, searchWords } from '../docs-search'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { rootPath, size } from '../show'
import type { DocsPage, DocsSettingsPage } from '../view-models'

/** Never a real one: web-ui.md §10. */
const EXAMPLE_CODE = '00000000-0000-4000-8000-000000000000'

/** Pages that are not Markdown: what they show is made from the program itself. */
const MADE = [
  { slug: 'api', title: 'Management API, every route' },
  { slug: 'cron', title: 'Cron cheat-sheet and tester' },
  { slug: 'self_hosted_configuration', title: 'Settings' },
  { slug: 'shortcuts', title: 'Keyboard shortcuts' },
]

const MAX_QUERY = 100

/** The documentation, which anybody may read: D01 and D02 of web-ui.md. */
export function docsPages(app: App): Router {
  const { config } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const valuesNow = (): DocsValues => ({
    site_name: config.siteName,
    site_root: config.siteRoot,
    ping_endpoint: config.pingEndpoint,
    ping_url: config.pingEndpoint + EXAMPLE_CODE,
    email_domain: config.pingEmailDomain,
    body_limit: config.pingBodyLimitBytes === null ? 'as long as they are' : size(config.pingBodyLimitBytes),
    root: rootPath(config.siteRoot),
  })
  const renderedNow = whileSame(
    () => Object.values(valuesNow()).join('\n'),
    () => new Map<string, Doc>(),
  )
  const routes = Router()

  routes.get('/docs/', (request: Request, response: Response) => show(request, response, 'introduction'))

  routes.get('/docs/search/', async (request: Request, response: Response) => {
    const query = valueOf(request, 'q').slice(0, MAX_QUERY).trim()
    const words = searchWords(query)
    const all = PAGES.map(({ slug }) => ({ slug, doc: docOf(slug) }))
    const model = {
      query,
      isShort: query !== '' && words.length === 0,
      groups: navigation(request, ''),
      found: searchDocs(all, words).map(({ slug, anchor, ...found }) => ({
        ...found,
        url: `${paths.docs}${slug}/${anchor === '' ? '' : `#${anchor}`}`,
      })),
    }
    await render(request, response, 'docs-search', model, {
      title: 'Search the documentation',
      section: 'docs',
    })
  })

  routes.get('/docs/self_hosted_configuration/', async (request: Request, response: Response) => {
    const model = { trail: [{ text: 'Documentation', url: paths.docs }], settings: settingsForPeople() }
    await render(request, response, 'docs-settings', model, { title: 'Settings', section: 'docs' })
  })

  routes.get('/docs/:slug/', (request: Request, response: Response, next: NextFunction) => {
    const { slug } = request.params
    return PAGES.some((page) => page.slug === slug) ? show(request, response, String(slug)) : next()
  })

  async function show(request: Request, response: Response, slug: string): Promise<void> {
    const { title, html, headings } = docOf(slug)
    const at = PAGES.findIndex((page) => page.slug === slug)
    const beside = (by: number): DocsPage['previous'] => {
      const page = PAGES[at + by]
      return page === undefined ? null : { title: page.title, url: `${paths.docs}${page.slug}/` }
    }
    const model = { html, headings, groups: navigation(request, slug), previous: beside(-1), next: beside(1) }
    await render(request, response, 'docs', model, { title, section: 'docs' })
  }

  function docOf(slug: string): Doc {
    const rendered = renderedNow()
    let doc = rendered.get(slug)
    if (!doc) rendered.set(slug, (doc = renderDoc(slug, valuesNow())))
    return doc
  }

  /** The tree beside each page. A page that is made by another part is named where that part is there. */
  function navigation(request: Request, current: string): DocsPage['groups'] {
    const made = MADE.filter(({ slug }) => isPage(request, slug))
    const link = ({ slug, title }: { slug: string; title: string }) => ({
      title,
      url: `${paths.docs}${slug}/`,
      current: slug === current,
    })
    return [
      ...CONTENTS.map(({ heading, pages }) => ({ heading, pages: pages.map(link) })),
      { heading: 'To look things up', pages: made.map(link) },
    ]
  }

  return routes
}

function isPage(request: Request, slug: string): boolean {
  return contextOf(request).site.isPage(`/docs/${slug}/`)
}

function settingsForPeople(): DocsSettingsPage['settings'] {
  return settingsTable().map(({ name, default: fallback, sentence }) => ({
    name,
    fallback: String(fallback ?? ''),
    text: sentence,
    isSavable: isSavable(name),
  }))
}
