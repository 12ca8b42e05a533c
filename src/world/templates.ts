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
  return ejs.compile(source(name), {
    strict: true,
    localsName: 'page',
    filename: `/views/${name}.ejs`,
    escape: name.endsWith('.text') ? String : ejs.escapeXML,
    // Includes are named from the top of `views`. Each is compiled once, because a row of a list is included
    // often; the name by which EJS remembers it says how it escapes, which is compiled in.
    cache: true,
    includer: (included: string) => ({
      filename: `/${name.endsWith('.text') ? 'text' : 'html'}/${included}.ejs`,
    }),
  }) as (page: unknown) => string
}

// Read through the assets, so that includes are found inside the executable too.
ejs.fileLoader = (filename) => source(filename.replace(/^\/(text|html)\/|\.ejs$/g, ''))

function source(name: string): string {
  return asset(`views/${name}.ejs`).toString('utf8')
}
