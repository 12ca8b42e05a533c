import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Mock } from 'vitest'
import { kept } from '../../src/world/kept'
import type { Endable } from '../../src/world/kept'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function aThing(): { destroy: Mock<() => void> } {
  return { destroy: vi.fn<() => void>() }
}

describe('what is kept', () => {
  it('is handed to one, the latest first, and only for what it was kept for', () => {
    const things = kept<Endable>({ keepMs: 1000, most: 9 })
    const [older, newer] = [aThing(), aThing()]
    things.keep('here', older)
    things.keep('here', newer)
    expect(things.take('there')).toBeUndefined()
    expect([things.take('here'), things.take('here'), things.take('here')]).toEqual([newer, older, undefined])
    vi.advanceTimersByTime(1000)
    expect(older.destroy).not.toHaveBeenCalled()
  })

  it('ends when nobody wants it in time', () => {
    const things = kept<Endable>({ keepMs: 1000, most: 9 })
    const thing = aThing()
    things.keep('here', thing)
    vi.advanceTimersByTime(999)
    expect(thing.destroy).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(thing.destroy).toHaveBeenCalledOnce()
    expect(things.take('here')).toBeUndefined()
  })

  it('is never too much', () => {
    const things = kept<Endable>({ keepMs: 1000, most: 1 })
    const [first, second] = [aThing(), aThing()]
    things.keep('here', first)
    things.keep('there', second)
    expect(second.destroy).toHaveBeenCalledOnce()
    things.take('here')
    things.keep('there', first)
    expect(things.take('there')).toBe(first)
  })

  it('ends with the program, and what comes back then as well', () => {
    const things = kept<Endable>({ keepMs: 1000, most: 9 })
    const [waiting, inUse] = [aThing(), aThing()]
    things.keep('here', waiting)
    things.close()
    things.keep('here', inUse)
    expect(waiting.destroy).toHaveBeenCalledOnce()
    expect(inUse.destroy).toHaveBeenCalledOnce()
  })
})
