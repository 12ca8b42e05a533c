import type { SqliteConfig } from '../../src/config'
import type { Check } from '../../src/core/check'
import { flipTo } from '../../src/core/check'
import { DAY } from '../../src/core/time'
import { openStore } from '../../src/store'
import { digest, keyedDigest } from '../../src/world/secrets'
import { aBeginning, aNewCheck } from '../support/build'
import type { Dice } from './dice'
import type { World } from './targets'

/** Checks of each kind. */
const OF_EACH = 4

const FILTERS: Check['filters'] = {
  subject: true,
  body: true,
  httpBody: true,
  startWords: 'started, Ünïcode',
  successWords: 'ok',
  failWords: 'error, fail',
  otherwiseFail: true,
}

/** Fills a new database with checks of all kinds. Codes come from the dice, so that requests can be had again. */
export async function seedWorld(config: SqliteConfig, dice: Dice, secretKey: string): Promise<World> {
  const store = await openStore(config, { newCode: () => dice.uuid() })
  const beginning = aBeginning()
  const begun = (await store.users.addFirst({
    ...beginning,
    project: { ...beginning.project, code: dice.uuid(), badgeKey: dice.uuid() },
  }))!
  await store.channels.remove(begun.channel.id)
  const projectId = begun.project.id
  const pingKey = dice.text(22, 'abcdefghijklmnop0123456789')
  await store.projects.setPingKey(projectId, pingKey)

  const kinds = [
    {},
    { postOnly: true },
    { manualResume: true },
    { filters: FILTERS },
    { filters: { ...FILTERS, otherwiseFail: false }, postOnly: true },
  ]
  const plain: Check[] = []
  const others: Check[] = []
  for (const [i, kind] of kinds.entries()) {
    for (let n = 0; n < OF_EACH; n++) {
      const slug = `${['plain', 'post-only', 'paused', 'filtered', 'both'][i]}-${n}`
      const check = await store.checks.add(aNewCheck(projectId, { name: slug, slug, ...kind }))
      if (i === 2) await store.checks.change(check.id, (now) => flipTo(now, 'paused', Date.now(), ''))
      if (i === 0) plain.push(check)
      else others.push(check)
    }
  }
  const ambiguousSlug = 'twice'
  for (let n = 0; n < 2; n++) await store.checks.add(aNewCheck(projectId, { slug: ambiguousSlug }))

  const editable = await store.checks.add(aNewCheck(projectId, { slug: 'editable' }))

  const createdAt = Date.now()
  const apiKey = `rw__${dice.text(28, 'abcdefghijklmnop')}`
  await store.apiKeys.add(
    {
      projectId,
      name: 'fuzz',
      access: 'read-write',
      prefix: apiKey.slice(0, 4),
      lookUp: apiKey.slice(4, 12),
      digest: keyedDigest(secretKey, apiKey),
      createdBy: begun.user.email,
      createdAt,
      expiresAt: null,
    },
    10,
  )
  const secret = dice.text(43, 'abcdefghijklmnop')
  await store.signIns.add({
    key: digest(secret),
    userId: begun.user.id,
    csrf: dice.uuid(),
    createdAt,
    expiresAt: createdAt + DAY,
    address: null,
    agent: '',
  })
  await store.close()
  return {
    codes: codesOf([...plain, ...others]),
    plainCodes: codesOf(plain),
    editableCode: editable.code,
    pingKey,
    slugs: [...plain, ...others].map(({ slug }) => slug) as [string, ...string[]],
    ambiguousSlug,
    projectCode: begun.project.code,
    apiKey,
    session: `sid=${secret}`,
  }
}

function codesOf(checks: Check[]): [string, ...string[]] {
  return checks.map(({ code }) => code) as [string, ...string[]]
}
