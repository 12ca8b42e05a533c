/** Widths in Verdana at 11 px, in whole pixels: spec/management-api.md [M52]. */
const WIDTHS: Record<number, string> = {
  3: 'ijlI',
  4: 'frJ-',
  5: 't',
  6: 'cesx1FLP_',
  8: 'ACDHNUV',
  9: 'wGOQ',
  10: 'mM',
  11: 'W',
}

const USUAL = 7

/** Characters as wide as they are high: those of East Asia, and pictures. */
const WIDE = 11
const IS_WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** Marks on, and joints between, other characters take no room of their own. */
const HAS_NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u

const widths = new Map(
  Object.entries(WIDTHS).flatMap(([width, characters]) =>
    Array.from(characters, (character) => [character, Number(width)] as const),
  ),
)

/** How wide a text is in the type of a badge, in pixels. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += widths.get(character) ?? unlisted(character)
  return width
}

function unlisted(character: string): number {
  if (character <= '~') return USUAL
  if (HAS_NO_WIDTH.test(character)) return 0
  return IS_WIDE.test(character) ? WIDE : USUAL
}
