import { Router } from 'express'
import type { Request, Response } from 'express'
import type { App } from '../../app'
import { inWords } from '../../core/schedule-words'
import { contextOf } from '../context'
import { pathsBelow } from '../paths'
import { valueOf } from '../query'
import { render } from '../render'
import { asked, mayPreview } from '../schedule-asking'
import { rootPath } from '../show'
import { zones } from '../zones'
import type { CronHelpPage } from '../view-models'

type Kind = 'cron' | 'oncalendar'

/** What is said of each comes from the same rules as everywhere, so it cannot be wrong about them. */
const COMMON = [
  '* * * * *',
  '*/5 * * * *',
  '*/15 * * * *',
  '0 * * * *',
  '30 3 * * *',
  '0 6,18 * * *',
  '*/10 8-18 * * 1-5',
  '0 9 * * 1-5',
  '0 4 * * 0',
  '30 4 * * mon',
  '0 0 1 * *',
  '15 2 1,15 * *',
  '0 0 1 1 *',
  '0 4 1 */3 *',
  '0 4 1-7 * */7',
]

const ONCALENDAR = ['hourly', 'Mon..Fri 09:00', '*:0/15', '*-*-01 04:00', '*-*~01', 'Sat,Sun *-*-* 10:30']

const TRAITS: CronHelpPage['traits'] = [
  { sign: '*', example: '* * * * *', text: 'any value' },
  { sign: '5', example: '5 * * * *', text: 'a number' },
  { sign: '8-18', example: '0 8-18 * * *', text: 'a range, both ends included' },
  { sign: '6,18', example: '0 6,18 * * *', text: 'a list' },
  { sign: '*/10', example: '*/10 * * * *', text: 'every tenth value' },
  { sign: '0-30/10', example: '0-30/10 * * * *', text: 'every tenth value of a range' },
  { sign: '1-5,10', example: '0 1-5,10 * * *', text: 'ranges and numbers mixed' },
  { sign: 'mon, jan', example: '0 9 * jan mon', text: 'names of days and months, three letters' },
]

const MAX_EXPRESSION = 300

/** The cheat-sheet for schedules, with a place to try them: D03 of web-ui.md. Anybody may use it. */
export function cronHelpPages({ config, clock }: App): Router {
  const paths = pathsBelow(rootPath(config.siteRoot))
  const routes = Router()
  const tried = (expression: string, kind: Kind): string =>
    `?kind=${kind}&schedule=${encodeURIComponent(expression)}#try`

  routes.get('/docs/cron/', async (request: Request, response: Response) => {
    const given = valueOf(request, 'schedule').slice(0, MAX_EXPRESSION)
    const kind: Kind = valueOf(request, 'kind') === 'oncalendar' ? 'oncalendar' : 'cron'
    const own = contextOf(request).visitor?.user.tz ?? 'UTC'
    const tz = valueOf(request, 'tz') || own
    if (given !== '' && !(await mayPreview(request, response))) return
    // The grace time says nothing about the times.
    const form = { kind, [kind]: given, tz, grace: '1', grace_unit: 'hours' }
    const model: CronHelpPage = {
      trail: [{ text: 'Documentation', url: paths.docs }],
      schedule: given,
      kinds: [
        { value: 'cron', label: 'Cron', chosen: kind === 'cron' },
        { value: 'oncalendar', label: 'OnCalendar', chosen: kind === 'oncalendar' },
      ],
      tz,
      zones: zones(),
      preview: given === '' ? null : asked(form, { check: null, nowAt: clock(), tz: own }).preview,
      traits: TRAITS,
      common: COMMON.map((expression) => entry(expression, 'cron')),
      oncalendar: ONCALENDAR.map((expression) => entry(expression, 'oncalendar')),
    }
    await render(request, response, 'cron-help', model, { title: 'Cron cheat-sheet', section: 'docs' })
  })

  function entry(expression: string, kind: Kind): CronHelpPage['common'][number] {
    return { expression, words: inWords({ kind, expression, tz: 'UTC' }), url: tried(expression, kind) }
  }

  return routes
}
