import { stopwatch } from '../world/clock'
import type { Answer, Objects } from '../world/objects'
import type { Random } from '../world/random'

/** One thing that was asked of object storage. */
export interface Step {
  name: 'bucket' | 'put' | 'get' | 'list' | 'delete'
  /** Null: not tried, because of what failed before. */
  ok: boolean | null
  /** What came of it, or what the storage complains of. */
  text: string
  tookMs: number
}

/** Never the beginning of a check's keys, so that no sweep and no check minds it. */
const PREFIX = 'rollcall-probe-'

/** Does all that is ever done with a bucket to one small object, which is gone afterwards. */
export async function tryObjects(
  objects: Pick<Objects, 'probe' | 'put' | 'get' | 'list' | 'remove'>,
  random: Pick<Random, 'uuid'>,
): Promise<Step[]> {
  const key = `${PREFIX}${random.uuid()}`
  const bytes = Buffer.from(`What is kept as ${key}`)
  const steps: Step[] = []

  async function step<T>(
    name: Step['name'],
    ask: () => Promise<Answer<T>>,
    judge: (value: T) => string | null,
    good: string,
  ) {
    const began = stopwatch()
    const answer = await ask()
    const wrong = answer.ok ? judge(answer.value) : answer.failure.reason || answer.failure.kind
    steps.push({ name, ok: wrong === null, text: wrong ?? good, tookMs: stopwatch() - began })
    return wrong === null
  }
  const skip = (...names: Step['name'][]) =>
    steps.push(...names.map((name) => ({ name, ok: null, text: 'not tried', tookMs: 0 })))

  if (
    !(await step(
      'bucket',
      () => objects.probe(),
      () => null,
      'The bucket is there.',
    ))
  ) {
    skip('put', 'get', 'list', 'delete')
    return steps
  }
  if (
    !(await step(
      'put',
      () => objects.put(key, bytes),
      () => null,
      'An object was stored.',
    ))
  ) {
    skip('get', 'list', 'delete')
    return steps
  }
  const sameBytes = (found: Buffer) =>
    found.equals(bytes) ? null : 'Other bytes came back than were stored.'
  await step('get', () => objects.get(key), sameBytes, 'It came back as it was.')
  await step(
    'list',
    () => objects.list({ prefix: key, page: null }),
    (page) => (page.objects.some((one) => one.key === key) ? null : 'It is not in the listing.'),
    'It is in the listing.',
  )
  await step(
    'delete',
    () => objects.remove([key]),
    (refused) => refused[0]?.reason ?? null,
    'It is gone again.',
  )
  return steps
}
