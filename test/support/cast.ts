import type { Role } from '../../src/core/role'
import { argon2Passwords } from '../../src/world/passwords'
import { systemRandom } from '../../src/world/random'
import { aBeginning, NOON } from './build'
import type { LocalSite } from './local-site'
import { ADA, aPerson } from './person'
import type { Person } from './person'

/** The cheapest hash that the site of tests can verify. */
const passwords = argon2Passwords({ random: systemRandom, cost: { memoryKib: 64, passes: 1 } })

/**
 * Somebody else with an account (and the project that every account begins with), signed in; no administrator, and
 * with an address that is known to be theirs.
 */
export async function somebody(
  site: LocalSite,
  email: string,
  { isAdmin = false, isProven = true }: { isAdmin?: boolean; isProven?: boolean } = {},
): Promise<Person & { userId: number; projectCode: string }> {
  const passwordHash = await passwords.hash(ADA.password)
  const { user, ...rest } = aBeginning()
  const begun = await site.appliance.app.store.users.add({
    ...rest,
    user: { ...user, email, passwordHash, isAdmin },
  })
  if (begun === null) throw new Error(`${email} has an account already`)
  if (isProven) await site.appliance.app.store.users.proveEmail(begun.user.id, NOON)
  const person = aPerson(site.url)
  const done = await person.submit('/accounts/login/', { action: 'login', email, password: ADA.password })
  if (done.status !== 303) throw new Error(`The sign-in failed: ${done.status} ${done.text}`)
  return { ...person, userId: begun.user.id, projectCode: begun.project.code }
}

/** Gives somebody a role in a project, without an invitation. */
export async function join(
  site: LocalSite,
  projectCode: string,
  { userId }: { userId: number },
  role: Exclude<Role, 'owner'>,
): Promise<void> {
  const { projects, members } = site.appliance.app.store
  const project = await projects.findByCode(projectCode)
  if (project === null) throw new Error(`There is no project ${projectCode}`)
  await members.put(project.id, userId, role, NOON)
}
