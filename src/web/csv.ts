/** Lines of CSV (RFC 4180), safe to open in a spreadsheet. */

export type Cell = string | number | null

/** One line, ended. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = harmless(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Spreadsheets take what begins so for a formula, and run it. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** What is safe in the name of a file, and the code where nothing is left of the slug. */
export function fileStem({ slug, code }: { slug: string; code: string }): string {
  return slug.replace(/[^a-z0-9_-]/gi, '') || code
}
