/** A piece of text that people wrote: `url` where it is an address that may be followed, else null. */
export interface Piece {
  text: string
  url: string | null
}

/** A line of text, with the http(s) addresses in it told apart: web-ui.md C05. */
export function linked(line: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { 0: found, index } of line.matchAll(/https?:\/\/[^\s<>"']+/g)) {
    // The end of a sentence, or of a remark in brackets, is not part of the address.
    const text = found.replace(/[.,;:!?]+$/, '').replace(/^([^(]*)\).*$/, '$1')
    if (URL.parse(text) === null) continue
    if (index > from) pieces.push({ text: line.slice(from, index), url: null })
    pieces.push({ text, url: text })
    from = index + text.length
  }
  if (from < line.length) pieces.push({ text: line.slice(from), url: null })
  return pieces
}
