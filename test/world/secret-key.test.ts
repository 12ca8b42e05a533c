import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/world/random'
import { keptSecretKey } from '../../src/world/secret-key'

let dataDir: string
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'rollcall-'))))
afterEach(() => rmSync(dataDir, { recursive: true }))

/** The key, or why there is none. */
function keyNow(): string {
  const kept = keptSecretKey({ dataDir, random: systemRandom })
  return kept.ok ? kept.value : kept.problem.message
}

describe('the secret key', () => {
  it('is made at the first start, of 64 characters that only we can read', () => {
    expect(keyNow()).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(statSync(join(dataDir, 'secret_key')).mode & 0o777).toBe(0o600)
  })

  it('stays the same from then on', () => {
    const first = keyNow()
    expect(keyNow()).toBe(first)
  })

  it('may be put there by somebody else', () => {
    writeFileSync(join(dataDir, 'secret_key'), ` ${'k'.repeat(50)} \n`)
    expect(keyNow()).toBe('k'.repeat(50))
  })

  it('is not replaced when its file is empty, because everything it signed would be void', () => {
    writeFileSync(join(dataDir, 'secret_key'), '')
    expect(keyNow()).toContain('Restore it')
    expect(readFileSync(join(dataDir, 'secret_key'), 'utf8')).toBe('')
  })
})
