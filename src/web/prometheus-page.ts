import { projectMetrics } from '../core/project-metrics'
import type { Project } from '../core/project'
import type { PrometheusPage } from './badge-models'
import type { Paths } from './paths'

/** Stands where the reader puts a key of their own. */
const YOUR_KEY = 'YOUR_READ_ONLY_KEY'

export function prometheusPage(
  { code }: Pick<Project, 'code'>,
  about: { siteRoot: string; isOn: boolean; paths: Paths },
): PrometheusPage {
  const { protocol, host, pathname } = new URL(about.siteRoot)
  const path = `${pathname.replace(/\/$/, '')}/projects/${code}/metrics/`
  const job = (lines: string[]): string =>
    ['scrape_configs:', '  - job_name: rollcall', ...lines.map((line) => `    ${line}`)].join('\n')
  const target = ['static_configs:', `  - targets: ["${host}"]`]
  const scheme = `scheme: ${protocol.replace(':', '')}`
  return {
    takes: [
      {
        label: 'With the key in a header',
        text: job([
          scheme,
          `metrics_path: ${path}`,
          'authorization:',
          `  credentials: ${YOUR_KEY}`,
          ...target,
        ]),
        hook: 'bearer',
      },
      {
        label: 'With the key in the address',
        text: job([scheme, `metrics_path: ${path}${YOUR_KEY}`, ...target]),
        hook: 'path',
      },
    ],
    metrics: projectMetrics([], 0).map(({ name, help }) => ({ name, meaning: help })),
    keysUrl: about.paths.keys(code),
    isOff: !about.isOn,
  }
}
