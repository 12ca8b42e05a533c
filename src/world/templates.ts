import ejs from 'ejs'
import { asset } from './assets'

/** Fills views. Each is compiled when it is first used. */
export interface Templates {
  /**
   * The view `views/<name>.ejs` filled with one value, which it sees as `page`. Names that end in
   * `.text` are plain text: nothing is escaped.
   */
  fill(name: string, page: unknown): string
}

export function templates(): Templates {
  const compiled = new Map<string, (page: unknown) => string>()
  return {
    fill(name, page) {
      let filled = compiled.get(name)
      if (!filled) compiled.set(name, (filled = compile(name)))
      return filled(page)
    },
  }
}

function compile(name: string): (page: unknown) => string {
  return ejs.compile(whole(name), {
    strict: true,
    localsName: 'page',
    filename: `/views/${name}.ejs`,
    escape: name.endsWith('.text') ? String : ejs.escapeXML,
  }) as (page: unknown) => string
}

const INCLUDE = /<%- include\('([\w/-]+)'(?:, (\{.*?\}))?\) %>/g

/**
 * A view with the parts that it includes put in their places, where each has a `page` of its own. EJS would
 * look for the file of a part each time it is reached, and a list reaches the parts of a row for each row.
 */
function whole(name: string): string {
  return asset(`views/${name}.ejs`)
    .toString('utf8')
    .replace(INCLUDE, (_, part: string, given?: string) => {
      const page = given === undefined ? 'page' : `{ ...page, ...${given} }`
      return `<% ((page) => { %>${whole(part)}<% })(${page}) %>`
    })
}
