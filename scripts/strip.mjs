/** Numbers of the ELF format, 64 bits, little-endian. */
const SECTIONS_AT = 0x28
const SECTION_SIZE = 0x3a
const SECTION_COUNT = 0x3c
const NAMES_INDEX = 0x3e
const ALLOCATED = 0x2n

/**
 * An executable without what only debuggers read: as `strip` makes it, but for any processor, on any
 * machine. Such sections stand after everything that is loaded, so the file ends there, followed by
 * the names and the table of the sections that stay.
 */
export function withoutSymbols(elf) {
  const at = Number(elf.readBigUInt64LE(SECTIONS_AT))
  const size = elf.readUInt16LE(SECTION_SIZE)
  const count = elf.readUInt16LE(SECTION_COUNT)
  const namesIndex = elf.readUInt16LE(NAMES_INDEX)
  const sections = Array.from({ length: count }, (_, i) =>
    Buffer.from(elf.subarray(at + i * size, at + (i + 1) * size)),
  )

  const kept = sections.filter((section, i) => i === 0 || isAllocated(section) || i === namesIndex)
  const loadedEnd = Math.max(...kept.filter(isAllocated).map((section) => fileEnd(section)), programEnd(elf))
  if (kept.length === sections.length || loadedEnd > at) return elf

  const names = sections[namesIndex]
  const text = elf.subarray(offsetOf(names), offsetOf(names) + sizeOf(names))
  const namesAt = align(loadedEnd)
  names.writeBigUInt64LE(BigInt(namesAt), 0x18)
  const tableAt = align(namesAt + text.length)

  const result = Buffer.alloc(tableAt + kept.length * size)
  elf.copy(result, 0, 0, loadedEnd)
  text.copy(result, namesAt)
  kept.forEach((section, i) => {
    // Links to other sections are by position, which has changed.
    section.writeUInt32LE(movedTo(section.readUInt32LE(0x28)), 0x28)
    if (section.readBigUInt64LE(0x08) & 0x40n)
      section.writeUInt32LE(movedTo(section.readUInt32LE(0x2c)), 0x2c)
    section.copy(result, tableAt + i * size)
  })
  result.writeBigUInt64LE(BigInt(tableAt), SECTIONS_AT)
  result.writeUInt16LE(kept.length, SECTION_COUNT)
  result.writeUInt16LE(kept.indexOf(names), NAMES_INDEX)
  return result

  function movedTo(index) {
    return Math.max(0, kept.indexOf(sections[index]))
  }
}

function isAllocated(section) {
  return (section.readBigUInt64LE(0x08) & ALLOCATED) !== 0n
}

function offsetOf(section) {
  return Number(section.readBigUInt64LE(0x18))
}

function sizeOf(section) {
  return Number(section.readBigUInt64LE(0x20))
}

/** Sections without content (type 8, such as .bss) take no place in the file. */
function fileEnd(section) {
  return section.readUInt32LE(0x04) === 8 ? 0 : offsetOf(section) + sizeOf(section)
}

function programEnd(elf) {
  const at = Number(elf.readBigUInt64LE(0x20))
  const size = elf.readUInt16LE(0x36)
  const count = elf.readUInt16LE(0x38)
  return Math.max(
    ...Array.from({ length: count }, (_, i) => {
      const header = at + i * size
      return Number(elf.readBigUInt64LE(header + 0x08) + elf.readBigUInt64LE(header + 0x20))
    }),
  )
}

function align(offset) {
  return Math.ceil(offset / 8) * 8
}
