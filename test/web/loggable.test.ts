import { expect, it } from 'vitest'
import { loggable } from '../../src/web/loggable'

const CODE = '6b1ecafe-0000-4000-8000-0123456789ab'

it.each([
  ['/checks/', '/checks/'],
  ['/accounts/login/?next=%2F&token=secret', '/accounts/login/'],
  [`/checks/${CODE}/details/`, '/checks/6b1ecafe/details/'],
  [`/integrations/${CODE}/unsub/65a5.0123abcd/`, '/integrations/6b1ecafe/unsub/…/'],
  [`/hc/integrations/${CODE}/verify/0123abcd`, '/hc/integrations/6b1ecafe/verify/…'],
])('of %s the log has %s', (url, logged) => {
  expect(loggable(url)).toBe(logged)
})
