import { stopwatch } from './clock'
import { SECONDS } from './metrics'
import type { Metrics } from './metrics'
import type { Answer, Objects } from './objects'

/**
 * The same bucket, with what is asked of it counted: spec/operations.md [O26]. `onFailure` hears of each request
 * that went wrong; that an object is not there is an answer.
 */
export function countedObjects(
  objects: Objects,
  metrics: Metrics,
  onFailure: () => void = () => undefined,
): Objects {
  const labels = ['op', 'result']
  const count = metrics.counter({
    name: 'rollcall_s3_requests_total',
    help: 'Requests to object storage.',
    labels,
  })
  const took = metrics.histogram({
    name: 'rollcall_s3_request_seconds',
    help: 'How long requests to object storage took.',
    labels,
    bounds: SECONDS,
  })
  async function counted<T>(op: string, asking: Promise<Answer<T>>): Promise<Answer<T>> {
    const began = stopwatch()
    const answer = await asking
    const result = answer.ok ? 'success' : answer.failure.kind.replaceAll(' ', '_')
    count.of(op, result).value += 1
    if (!answer.ok && !['absent', 'closed'].includes(answer.failure.kind)) onFailure()
    took.observe((stopwatch() - began) / 1000, op, result)
    return answer
  }
  return {
    ...objects,
    put: (...what) => counted('put', objects.put(...what)),
    get: (...what) => counted('get', objects.get(...what)),
    list: (where) => counted('list', objects.list(where)),
    remove: (keys) => counted('delete', objects.remove(keys)),
  }
}
