import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataDir } from '../../src/world/data-dir'

let around: string
beforeEach(() => (around = mkdtempSync(join(tmpdir(), 'rollcall-'))))
afterEach(() => rmSync(around, { recursive: true }))

function complaintAbout(dir: string): string {
  const opened = openDataDir(dir)
  return opened.ok ? '' : opened.problem.message
}

describe('the data directory', () => {
  it('is made for our eyes only', () => {
    const dir = join(around, 'deep', 'data')
    expect(openDataDir(dir).ok).toBe(true)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
  })

  it('is taken as it is when it exists', () => {
    chmodSync(around, 0o755)
    expect(openDataDir(around).ok).toBe(true)
    expect(statSync(around).mode & 0o777).toBe(0o755)
  })

  it('is refused when there is a file in its place', () => {
    const file = join(around, 'data')
    writeFileSync(file, '')
    expect(complaintAbout(file)).toContain('set DATA_DIR to a folder')
  })

  // Nothing is closed to root, so this runs as everybody else.
  it.runIf(process.getuid?.() !== 0)('is refused with owner, mode and cure when we may not write', () => {
    const closed = join(around, 'closed')
    mkdirSync(closed, { mode: 0o500 })
    const uid = process.getuid?.()
    expect(complaintAbout(closed)).toMatch(
      new RegExp(`runs as uid ${uid}.*belongs to uid ${uid} with mode 0500.*chown -R ${uid}:`),
    )
  })

  it.runIf(process.getuid?.() !== 0)('is made by whoever may, when we may not', () => {
    const closed = join(around, 'closed')
    mkdirSync(closed, { mode: 0o500 })
    expect(complaintAbout(join(closed, 'data'))).toContain(`Run: mkdir -p ${closed}/data && chown`)
  })
})
