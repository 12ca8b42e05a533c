import { expect, it } from 'vitest'
import { loggable } from '../../src/web/loggable'

const CODE = '6b1ecafe-0000-4000-8000-0123456789ab'

it.each([
  ['/checks/', '/checks/'],
  ['/accounts/login/?next=%2F&token=secret', '/accounts/login/'],
  [`/checks/${CODE}/details/`, '/checks/6b1ecafe/details/'],
  [`/integrations/${CODE}/unsub/65a5.0123abcd/`, '/integrations/6b1ecafe/unsub/…/'],
  [`/hc/integrations/${CODE}/verify/0123abcd`, '/hc/integrations/6b1ecafe/verify/…'],
  ['/accounts/unsubscribe_reports/7.65a5.0123abcd/', '/accounts/unsubscribe_reports/…/'],
  [`/acknowledge/${CODE}/0123abcd/`, '/acknowledge/6b1ecafe/…/'],
  [`/projects/${CODE}/metrics/hcr_0123abcd`, '/projects/6b1ecafe/metrics/…'],
  [`/projects/${CODE}/checks/metrics/hcr_0123abcd`, '/projects/6b1ecafe/checks/metrics/…'],
  ['/Accounts/Password_Reset/0123abcd/', '/Accounts/Password_Reset/…/'],
  ['/invites/0123abcd/', '/invites/…/'],
  ['/accounts/check_token/7/0123abcd/', '/accounts/check_token/7/…/'],
  ['/ping/abcdefghij0123456789ab/backup/oops/', '/ping/…/backup/oops/'],
  [`/ping/${CODE}/fail`, '/ping/6b1ecafe/fail'],
])('of %s the log has %s', (url, logged) => {
  expect(loggable(url)).toBe(logged)
})
