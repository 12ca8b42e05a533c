import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { pathsBelow } from '../paths'
import { render } from '../render'
import { rootPath } from '../show'
import type { ShortcutsPage } from '../view-models'

/** What `public/js/keys.js` does, in the order of web-ui.md §2.7. */
const GROUPS: ShortcutsPage['groups'] = [
  {
    heading: 'Everywhere',
    keys: [
      { keys: ['?'], text: 'This page' },
      { keys: ['/'], text: 'Go to the search box' },
      { keys: ['Esc'], text: 'Close a dialog; leave the search box; clear the selection' },
      { keys: ['g', 'h'], text: 'Projects' },
      { keys: ['g', 'a'], text: 'All checks' },
      { keys: ['g', 'c'], text: 'Checks of this project' },
      { keys: ['g', 'i'], text: 'Integrations of this project' },
      { keys: ['g', 's'], text: 'Settings of this project' },
      { keys: ['g', 'd'], text: 'Documentation' },
      { keys: ['n'], text: 'New check, on the pages of a project' },
      { keys: ['r'], text: 'Refresh now' },
    ],
  },
  {
    heading: 'In lists',
    keys: [
      { keys: ['j'], text: 'Next row' },
      { keys: ['k'], text: 'Previous row' },
      { keys: ['o'], text: 'Open the row' },
      { keys: ['x'], text: 'Select the row; with Shift, up to the row' },
      { keys: ['*', 'a'], text: 'Select all on the page' },
      { keys: ['*', 'n'], text: 'Select none' },
      { keys: ['*', 'd'], text: 'Select all that are down' },
    ],
  },
  {
    heading: 'On a row, and on the page of a check',
    keys: [
      { keys: ['y'], text: 'Copy the ping URL' },
      { keys: ['e'], text: 'Name and tags' },
      { keys: ['t'], text: 'Schedule' },
      { keys: ['f'], text: 'Filtering rules' },
      { keys: ['u'], text: 'Usage examples' },
      { keys: ['p'], text: 'Pause or resume' },
      { keys: ['l'], text: 'Event log' },
    ],
  },
  {
    heading: 'On a ping',
    keys: [
      { keys: ['['], text: 'Older ping' },
      { keys: [']'], text: 'Newer ping' },
      { keys: ['1'], text: 'to 4: another view of the body' },
    ],
  },
]

/** Which keys do what, for people who would rather not reach for the mouse. */
export function shortcutPages({ config }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()

  routes.get('/docs/shortcuts/', async (request: Request, response: Response) => {
    const model = { trail: [{ text: 'Documentation', url: paths.docs }], groups: GROUPS }
    await render(request, response, 'shortcuts', model, { title: 'Keyboard shortcuts', section: 'docs' })
  })

  return routes
}
