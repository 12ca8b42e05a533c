import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDir, type Lock } from '../../src/store/lock'
import { bundled } from '../support/bundled'

let dir: string
const others: ChildProcess[] = []
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rollcall-'))))
afterEach(async () => {
  await Promise.all(others.splice(0).map(killed))
  rmSync(dir, { recursive: true })
})

/** Another process that asks for the lock and keeps what it gets until it ends. */
async function anotherServer(): Promise<{ child: ChildProcess; lock: Lock }> {
  const child = fork(bundled('test/support/hold-lock.ts'), [dir])
  others.push(child)
  const [lock] = (await once(child, 'message')) as [Lock]
  return { child, lock }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('the lock of a data directory', () => {
  it('is refused while another server holds it, and says who', async () => {
    const { child } = await anotherServer()
    expect(lockDataDir(dir)).toEqual({ ok: false, holder: { pid: child.pid, host: hostname() } })
  })

  it('is free again when its holder was killed', async () => {
    const { child } = await anotherServer()
    await killed(child)
    const lock = lockDataDir(dir)
    expect(lock.ok).toBe(true)
    expect((await anotherServer()).lock).toEqual({
      ok: false,
      holder: { pid: process.pid, host: hostname() },
    })
    if (lock.ok) lock.release()
  })

  it('does not take a process for the dead one whose number it has', () => {
    const one = lockDataDir(dir, { pid: 1, host: 'nas' })
    const other = lockDataDir(dir, { pid: 1, host: 'nas' })
    expect([one.ok, other.ok]).toEqual([true, false])
    if (one.ok) one.release()
  })

  it('is given to one of several who start at the same moment', async () => {
    const locks = (await Promise.all(Array.from({ length: 6 }, anotherServer))).map(({ lock }) => lock)
    expect(locks.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('can be given back', () => {
    const lock = lockDataDir(dir)
    if (lock.ok) lock.release()
    const again = lockDataDir(dir)
    expect(again.ok).toBe(true)
    if (again.ok) again.release()
  })

  it('leaves one small file', () => {
    const lock = lockDataDir(dir)
    expect(readdirSync(dir)).toEqual(['rollcall.lock'])
    if (lock.ok) lock.release()
    expect(readdirSync(dir)).toEqual(['rollcall.lock'])
  })
})
