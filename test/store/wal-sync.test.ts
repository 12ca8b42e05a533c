import { describe, expect, it, vi } from 'vitest'
import { fileSync } from '../../src/store/wal-sync'

/** A file whose syncs end when the test says so. */
function aFile({ open = () => Promise.resolve(7) }: { open?: () => Promise<number> } = {}) {
  const syncs: { end: () => void; fail: (cause: unknown) => void }[] = []
  const sync = vi.fn(() => new Promise<void>((end, fail) => void syncs.push({ end, fail })))
  const files = { open: vi.fn(open), sync, close: vi.fn(() => Promise.resolve()) }
  const fatal = vi.fn()
  return { file: fileSync('the log', fatal, files), files, syncs, fatal }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Whether a promise has come to its end by now, either way. */
async function hasEnded(promise: Promise<unknown>): Promise<boolean> {
  let ended = false
  const end = () => (ended = true)
  void promise.then(end, end)
  await settled()
  return ended
}

describe('putting the log on disk', () => {
  it('resolves when the sync that began after the call has ended', async () => {
    const { file, files, syncs } = aFile()
    const flushed = file.flushed()
    expect(await hasEnded(flushed)).toBe(false)
    syncs[0]!.end()
    await flushed
    expect(files.sync).toHaveBeenCalledExactlyOnceWith(7)
  })

  it('lets all who come during a sync share the next one, and runs one at a time', async () => {
    const { file, syncs } = aFile()
    const first = file.flushed()
    await settled()
    const others = [file.flushed(), file.flushed()]
    await settled()
    expect(syncs).toHaveLength(1)

    syncs[0]!.end()
    await first
    // Comes in the moment between two syncs.
    others.push(file.flushed())
    expect(await hasEnded(Promise.all(others))).toBe(false)
    syncs[1]!.end()
    await settled()
    for (let i = 2; i < syncs.length; i++) syncs[i]!.end()
    await Promise.all(others)
    expect(syncs.length).toBeLessThanOrEqual(3)
  })

  it('never has two syncs under way, however the calls fall', async () => {
    let underWay = 0
    let most = 0
    const files = {
      open: () => Promise.resolve(7),
      close: () => Promise.resolve(),
      async sync() {
        most = Math.max(most, ++underWay)
        await settled()
        underWay--
      },
    }
    const file = fileSync('the log', () => undefined, files)
    const all: Promise<void>[] = []
    for (let i = 0; i < 200; i++) {
      all.push(file.flushed())
      if (i % 3 === 0) await Promise.race(all.slice(-2))
      if (i % 5 === 0) await Promise.resolve()
    }
    await Promise.all(all)
    expect(most).toBe(1)
  })

  it('opens the file once, and tries again when that failed', async () => {
    let full = true
    const { file, files, syncs } = aFile({
      open: () => (full ? Promise.reject(new Error('too many open files')) : Promise.resolve(7)),
    })
    await expect(file.flushed()).rejects.toThrow('too many open files')
    full = false
    for (let i = 0; i < 2; i++) {
      const flushed = file.flushed()
      await settled()
      syncs[i]!.end()
      await flushed
    }
    expect(files.open).toHaveBeenCalledTimes(2)
  })

  it('is fatal when the disk fails, and tells nobody that waits either way', async () => {
    const { file, syncs, fatal } = aFile()
    const waiting = [file.flushed()]
    await settled()
    waiting.push(file.flushed())
    const cause = new Error('input/output error')
    syncs[0]!.fail(cause)
    expect(await hasEnded(Promise.race(waiting))).toBe(false)
    expect(fatal).toHaveBeenCalledExactlyOnceWith(cause)
    expect(syncs).toHaveLength(1)
  })

  it('closes after what is under way', async () => {
    const { file, files, syncs } = aFile()
    const first = file.flushed()
    await settled()
    const second = file.flushed()
    const closed = file.close()
    syncs[0]!.end()
    await first
    await settled()
    expect(files.close).not.toHaveBeenCalled()
    syncs[1]!.end()
    await Promise.all([second, closed])
    expect(files.close).toHaveBeenCalledExactlyOnceWith(7)
  })
})
