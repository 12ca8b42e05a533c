/**
 * What is made of something that seldom changes: made once, and anew after it has changed.
 * `of` is compared by `===`.
 */
export function whileSame<K, V>(of: () => K, make: (of: K) => V): () => V {
  let known: { of: K; made: V } | null = null
  return () => {
    const now = of()
    if (known === null || known.of !== now) known = { of: now, made: make(now) }
    return known.made
  }
}
