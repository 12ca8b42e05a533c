import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { quietCheckpoints } from '../../src/store/checkpoints'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function aLog(pages: number) {
  const log = { pages: vi.fn(() => pages), move: vi.fn<() => void>(() => void (pages = 0)) }
  return { ...log, checkpoints: quietCheckpoints(log) }
}

describe('a write-ahead log', () => {
  it('is moved into its file when nobody has written for a moment', () => {
    const { checkpoints, move } = aLog(3000)
    checkpoints.wrote()
    vi.advanceTimersByTime(249)
    expect(move).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(move).toHaveBeenCalledOnce()
  })

  it('is left alone while writing goes on', () => {
    const { checkpoints, pages, move } = aLog(3000)
    for (let i = 0; i < 50; i++) {
      checkpoints.wrote()
      vi.advanceTimersByTime(100)
    }
    expect(pages).not.toHaveBeenCalled()
    vi.advanceTimersByTime(500)
    expect(move).toHaveBeenCalledOnce()
  })

  it('is left alone while it is short, and when nothing was written since', () => {
    const short = aLog(1999)
    short.checkpoints.wrote()
    vi.advanceTimersByTime(60_000)
    expect(short.pages).toHaveBeenCalledOnce()
    expect(short.move).not.toHaveBeenCalled()
  })

  it('is moved later when that fails', () => {
    const { checkpoints, move } = aLog(3000)
    move.mockImplementationOnce(() => {
      throw new Error('disk full')
    })
    checkpoints.wrote()
    vi.advanceTimersByTime(1000)
    checkpoints.wrote()
    vi.advanceTimersByTime(1000)
    expect(move).toHaveBeenCalledTimes(2)
  })

  it('is left alone once the file is closed', () => {
    const { checkpoints, pages } = aLog(3000)
    checkpoints.wrote()
    checkpoints.stop()
    vi.advanceTimersByTime(1000)
    expect(pages).not.toHaveBeenCalled()
  })
})
