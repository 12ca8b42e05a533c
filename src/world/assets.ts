import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { getAssetKeys, getRawAsset, isSea } from 'node:sea'

/**
 * A file that ships with the program, named from the top of the project. Throws when there is none.
 * In the executable it is a view of the program itself, so it must not be written to.
 */
export const asset: (name: string) => Buffer = isSea()
  ? (name) => Buffer.from(getRawAsset(name))
  : (name) => readFileSync(join(root(), name))

/** The names of all files below a folder that ships with the program, each from the top of the project. */
export const assetsBelow: (folder: string) => string[] = isSea()
  ? (folder) => getAssetKeys().filter((name) => name.startsWith(`${folder}/`))
  : (folder) =>
      readdirSync(join(root(), folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root().length + 1))

let found: string | null = null

/** The top of the checkout, which holds `views` and `public`. */
function root(): string {
  return (found ??= above(__dirname))
}

function above(folder: string): string {
  if (existsSync(join(folder, 'views', 'layout.ejs'))) return folder
  if (dirname(folder) === folder) throw new Error('The files that belong to the program are missing')
  return above(dirname(folder))
}
