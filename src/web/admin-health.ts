import type { AdminFact, AdminPage, AdminSection } from './admin-models'
import { adminPage, adminSection, cell, fact } from './admin-page'
import { healthLines, worstOf } from './health-report'
import type { HealthLine, HealthSource } from './health-line'
import type { PingMinutes } from './health-source'
import type { Paths } from './paths'
import { pingChart } from './ping-chart'

/** How the instance is: X01 of web-ui.md. */
export function healthPage(source: HealthSource, minutes: PingMinutes, paths: Paths): AdminPage {
  const lines = healthLines(source)
  const group = (id: HealthLine['group'], heading: string): AdminSection =>
    adminSection({ id, heading, facts: lines.filter((line) => line.group === id).map(toFact) })
  return adminPage('health', paths, {
    heading: 'Health',
    sections: [
      summary(lines, source.tz),
      group('alerts', 'Alerts'),
      adminSection({
        id: 'pings',
        heading: 'Pings',
        chart: pingChart(minutes, source.nowAt, source.tz),
      }),
      group('data', 'Data'),
      group('ways', 'Ways in and out'),
      group('process', 'This process'),
      kinds(source),
      limits(lines, source.app.config.metricsKey !== null, paths),
    ],
  })
}

function summary(lines: readonly HealthLine[], tz: string): AdminSection {
  const named = (state: HealthLine['state']) =>
    lines.filter((line) => line.state === state).map(({ label }) => label)
  const [bad, look] = [named('problem'), named('waiting')]
  const worst = worstOf(lines)
  const about = [...bad, ...look]
  return adminSection({
    id: 'all',
    heading: 'In short',
    text: [`Times in ${tz}.`],
    facts: [
      fact('Rollcall', about.length === 0 ? 'all is well' : about.join(' · '), {
        state: worst,
        note: about.length === 0 ? '' : 'What to do is said below.',
      }),
    ],
  })
}

const toFact = ({ label, value, state, note }: HealthLine): AdminFact => fact(label, value, { state, note })

function kinds({ told }: HealthSource): AdminSection {
  return adminSection({
    id: 'kinds',
    heading: 'Deliveries in the last 24 hours',
    text: ['Each attempt counts, so an alert that is told at the third counts as two that failed.'],
    table: {
      caption: 'Attempts to deliver in the last 24 hours by kind',
      columns: ['Kind', 'Delivered', 'Failed'],
      rows: told.map(({ kind, delivered, failed }) => ({
        hook: `kind-${kind}`,
        cells: [cell(kind), cell(delivered.toLocaleString('en')), cell(failed.toLocaleString('en'))],
        forms: [],
      })),
      empty: 'Nothing was to be told.',
    },
  })
}

function limits(lines: readonly HealthLine[], hasKey: boolean, paths: Paths): AdminSection {
  return adminSection({
    id: 'limits',
    heading: 'When a line changes',
    text: [
      hasKey
        ? `Programs read the same as JSON from ${paths.healthJson}, with METRICS_KEY as a bearer token.`
        : `Programs can read the same as JSON from ${paths.healthJson} once METRICS_KEY is set.`,
    ],
    table: {
      caption: 'From when on a line says Look, and from when on Bad',
      columns: ['Line', 'Look', 'Bad'],
      rows: lines.flatMap(({ id, label, limits: at }) =>
        at === null
          ? []
          : [
              {
                hook: `limit-${id}`,
                cells: [cell(label), cell(at.look || '–'), cell(at.bad || '–')],
                forms: [],
              },
            ],
      ),
      empty: '',
    },
  })
}

/** The same for programs. */
export function healthDocument(source: HealthSource): object {
  const lines = healthLines(source)
  const words = { ready: 'good', waiting: 'look', problem: 'bad' } as const
  return {
    status: words[worstOf(lines)],
    at: new Date(source.nowAt).toISOString(),
    version: source.app.version,
    lines: Object.fromEntries(
      lines.map(({ id, state, label, value, note, figures }) => [
        id,
        { state: state === null ? null : words[state], label, value, advice: note, ...figures },
      ]),
    ),
  }
}
