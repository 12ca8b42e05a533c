import encodeQr from 'qr'

/** Light modules around the picture, without which cameras do not find it. */
const MARGIN = 4

/** A QR code, drawn as one path on a square of `size` units. */
export interface QrPicture {
  size: number
  path: string
}

export function qrPicture(text: string): QrPicture {
  const rows = encodeQr(text, 'raw', { ecc: 'medium', border: MARGIN })
  const path = rows
    .flatMap((row, y) => runs(row).map(({ from, length }) => `M${from} ${y}h${length}v1h-${length}z`))
    .join('')
  return { size: rows.length, path }
}

/** The dark stretches of a row. */
function runs(row: readonly boolean[]): { from: number; length: number }[] {
  const found: { from: number; length: number }[] = []
  for (const [x, isDark] of row.entries()) {
    const last = found.at(-1)
    if (!isDark) continue
    if (last && last.from + last.length === x) last.length++
    else found.push({ from: x, length: 1 })
  }
  return found
}
