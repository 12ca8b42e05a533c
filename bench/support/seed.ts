import { randomUUID } from 'node:crypto'
import { openStore } from '../../src/store'
import { aBeginning, aNewCheck } from '../../test/support/build'

/** A ping key as we generate them: spec/ping-api.md §1. */
export const PING_KEY = 'abcdefghijklmnopqrst12'

export interface SeedOptions {
  checks: number
  /** How many pings each check keeps; without it as many as a new account keeps. */
  pingLogLimit?: number
}

export interface Seeded {
  code: string
  slug: string
}

/** A new SQLite database with one account and daily checks, which pings reach by code and by PING_KEY and slug. */
export async function seed(file: string, { checks, pingLogLimit }: SeedOptions): Promise<Seeded[]> {
  const store = await openStore({ kind: 'sqlite', file, synchronous: 'FULL' }, { newCode: randomUUID })
  const beginning = aBeginning()
  const user = { ...beginning.user, checkLimit: checks }
  if (pingLogLimit !== undefined) user.pingLogLimit = pingLogLimit
  const { project, check } = (await store.users.addFirst({ ...beginning, user }))!
  await store.projects.setPingKey(project.id, PING_KEY)
  const seeded = [check]
  while (seeded.length < checks) {
    seeded.push(await store.checks.add(aNewCheck(project.id, { slug: `job-${seeded.length}` })))
  }
  await store.close()
  return seeded.map(({ code, slug }) => ({ code, slug }))
}
