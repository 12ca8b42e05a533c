/** Waits for work, but not for ever. Whether it ended in time; what it throws in time is thrown on. */
export async function withPatience(work: Promise<unknown>, patienceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, patienceMs, false)))
  try {
    return await Promise.race([work.then(() => true), patience])
  } finally {
    clearTimeout(timer)
  }
}
