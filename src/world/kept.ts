/** What has an end, such as a connection. */
export interface Endable {
  destroy(): unknown
}

/** Things for one user at a time, kept for a moment for whoever needs the like next. */
export interface Kept<T> {
  /** Hands over one that was kept under this key, the latest first, so that the others may end. */
  take(key: string): T | undefined
  /** Takes one back; it ends when nobody wants it in time. */
  keep(key: string, thing: T): void
  /** Ends all that is kept, and keeps nothing from now on. */
  close(): void
}

export interface KeptOptions {
  keepMs: number
  /** Most that is kept in all: past this, what comes back ends at once. */
  most: number
}

export function kept<T extends Endable>({ keepMs, most }: KeptOptions): Kept<T> {
  const byKey = new Map<string, { thing: T; timer: NodeJS.Timeout }[]>()
  let count = 0
  let closed = false

  function remove(key: string, thing: T): void {
    const left = (byKey.get(key) ?? []).filter((one) => one.thing !== thing)
    if (left.length > 0) byKey.set(key, left)
    else byKey.delete(key)
    count--
  }

  return {
    take(key) {
      const latest = byKey.get(key)?.at(-1)
      if (latest === undefined) return undefined
      clearTimeout(latest.timer)
      remove(key, latest.thing)
      return latest.thing
    },

    keep(key, thing) {
      if (closed || count >= most) {
        thing.destroy()
        return
      }
      const timer = setTimeout(() => {
        remove(key, thing)
        thing.destroy()
      }, keepMs)
      timer.unref()
      byKey.set(key, [...(byKey.get(key) ?? []), { thing, timer }])
      count++
    },

    close() {
      closed = true
      for (const { thing, timer } of [...byKey.values()].flat()) {
        clearTimeout(timer)
        thing.destroy()
      }
      byKey.clear()
      count = 0
    },
  }
}
