import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { uniqueKey } from '../../src/core/check-document'
import { DAY, HOUR, MINUTE } from '../../src/core/time'
import { aPing } from '../support/build'
import { anApiSite } from './api/site'
import type { ApiSite } from './api/site'

let site: ApiSite

afterEach(() => site.close())

async function aCheck(fields: Record<string, unknown>): Promise<string> {
  const { json } = await site.call('POST', '/api/v3/checks/', { body: fields })
  return (json as { uuid: string }).uuid
}

const ping = (uuid: string, path = '') => fetch(`${site.url}/ping/${uuid}${path}`)

describe('the metrics of a project', () => {
  it('tell how each check is, as Prometheus reads it', async () => {
    site = await anApiSite()
    const { project, app } = site
    const [first] = await app.store.checks.ofProject(project.id)
    await app.store.checks.remove(first?.id ?? 0)
    const late = await aCheck({
      name: 'Photo "sync"\\',
      tags: 'nas prod',
      timeout: DAY / 1000,
      grace: HOUR / 1000,
    })
    const run = await aCheck({
      name: 'two\nlines',
      tags: 'prod',
      timeout: (2 * DAY) / 1000,
      grace: DAY / 1000,
    })
    await ping(late)
    await ping(run, '/start')
    site.pass(90_500)
    await ping(run)
    site.pass(DAY)
    await ping(run, '/start')
    const { key } = await site.reader()
    const answer = await fetch(`${site.url}/projects/${project.code}/metrics/${key}`)
    expect(answer.headers.get('content-type')).toBe('text/plain')
    const labels = (name: string, tags: string, uuid: string) =>
      `{name="${name}", tags="${tags}", unique_key="${uniqueKey(uuid)}"}`
    const one = labels('Photo \\"sync\\"\\\\', 'nas prod', late)
    const two = labels('two\\nlines', 'prod', run)
    expect(await answer.text()).toBe(
      [
        '# HELP hc_check_up Whether the check is currently up (1 for yes, 0 for no).',
        '# TYPE hc_check_up gauge',
        `hc_check_up${one} 1`,
        `hc_check_up${two} 1`,
        '',
        '# HELP hc_check_started Whether the check is currently started (1 for yes, 0 for no).',
        '# TYPE hc_check_started gauge',
        `hc_check_started${one} 0`,
        `hc_check_started${two} 1`,
        '',
        '# HELP hc_check_grace Whether the check is currently in the grace period (1 for yes, 0 for no).',
        '# TYPE hc_check_grace gauge',
        `hc_check_grace${one} 1`,
        `hc_check_grace${two} 0`,
        '',
        '# HELP hc_check_paused Whether the check is currently paused (1 for yes, 0 for no).',
        '# TYPE hc_check_paused gauge',
        `hc_check_paused${one} 0`,
        `hc_check_paused${two} 0`,
        '',
        '# HELP hc_tag_up Whether all checks with this tag are up (1 for yes, 0 for no).',
        '# TYPE hc_tag_up gauge',
        'hc_tag_up{tag="nas"} 1',
        'hc_tag_up{tag="prod"} 1',
        '',
        '# HELP hc_checks_total The total number of checks.',
        '# TYPE hc_checks_total gauge',
        'hc_checks_total 2',
        '',
        '# HELP hc_checks_down_total The number of checks currently down.',
        '# TYPE hc_checks_down_total gauge',
        'hc_checks_down_total 0',
        '',
        '# HELP hc_check_last_ping_timestamp_seconds When the last success or failure came, as Unix time.',
        '# TYPE hc_check_last_ping_timestamp_seconds gauge',
        `hc_check_last_ping_timestamp_seconds${one} ${(app.clock() - DAY - 90_500) / 1000}`,
        `hc_check_last_ping_timestamp_seconds${two} ${(app.clock() - DAY) / 1000}`,
        '',
        '# HELP hc_check_last_duration_seconds How long the last run took.',
        '# TYPE hc_check_last_duration_seconds gauge',
        `hc_check_last_duration_seconds${two} 90.5`,
        '',
      ].join('\n'),
    )
  })

  it('say which tags are down', async () => {
    site = await anApiSite()
    const uuid = await aCheck({ name: 'a', tags: 'prod' })
    await aCheck({ name: 'b', tags: 'dev' })
    await ping(uuid, '/fail')
    const { key } = await site.reader()
    const headers = { Authorization: `Bearer ${key}` }
    const text = await (await fetch(`${site.url}/projects/${site.project.code}/metrics`, { headers })).text()
    expect(text).toContain('hc_tag_up{tag="dev"} 1\nhc_tag_up{tag="prod"} 0\n')
    expect(text).toContain('\nhc_checks_down_total 1\n')
  })

  it('can be switched off', async () => {
    site = await anApiSite({ PROMETHEUS_ENABLED: 'False' })
    const { key } = await site.reader()
    expect((await fetch(`${site.url}/projects/${site.project.code}/metrics/${key}`)).status).toBe(404)
  })
})

const KEY = { 'X-Metrics-Key': 'watching' }

async function ownMetrics(): Promise<string> {
  const answer = await fetch(`${site.url}/metrics`, { headers: KEY })
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return await answer.text()
}

describe('the metrics of the server', () => {
  it('are only for who has the key, and closed without one in the settings', async () => {
    site = await anApiSite({ METRICS_KEY: 'watching' })
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${site.url}/metrics`, { headers })).status
    expect(await status(KEY)).toBe(200)
    expect(await status({ Authorization: 'Bearer watching' })).toBe(200)
    expect(await status({ 'X-Metrics-Key': 'Watching' })).toBe(403)
    expect(await status({ Authorization: 'Basic watching' })).toBe(403)
    expect(await status({})).toBe(403)
    await site.close()
    site = await anApiSite()
    expect(await status({ 'X-Metrics-Key': '' })).toBe(403)
    expect(await status({ Authorization: 'Bearer ' })).toBe(403)
  })

  it('count pings that were kept and pings that were not', async () => {
    site = await anApiSite({ METRICS_KEY: 'watching' })
    const uuid = await aCheck({ name: 'a' })
    await ping(uuid)
    await ping(uuid)
    await ping(uuid, '/start')
    await ping(uuid, '/7')
    await ping('00000000-0000-4000-8000-000000000000')
    await ping(uuid, '/256')
    const text = await ownMetrics()
    expect(text).toContain('\nrollcall_pings_total{type="success", via="http"} 2\n')
    expect(text).toContain('\nrollcall_pings_total{type="start", via="http"} 1\n')
    expect(text).toContain('\nrollcall_pings_total{type="fail", via="http"} 1\n')
    expect(text).toContain('\nrollcall_pings_rejected_total{reason="not_found"} 1\n')
    expect(text).toContain('\nrollcall_pings_rejected_total{reason="bad_request"} 1\n')
    expect(text).toContain('\nrollcall_ping_seconds_count 4\n')
    expect(text).toMatch(/\nrollcall_commit_pings_bucket\{le="1"\} 5\n/)
    expect(text).toMatch(/\nrollcall_checks\{status="down"\} 1\n/)
  })

  it('hold no name, address or code of anybody', async () => {
    site = await anApiSite({ METRICS_KEY: 'watching' })
    const uuid = await aCheck({ name: 'secret-name', tags: 'secret-tag' })
    await site.call('GET', `/api/v3/checks/${uuid}`)
    await fetch(`${site.url}/checks/${uuid}/details/`)
    await fetch(`${site.url}/no/such/secret-page`)
    const text = await ownMetrics()
    expect(text).not.toMatch(/secret|[0-9a-f]{8}-[0-9a-f]{4}-|example\.org/)
    expect(text).toContain('route="/api/v3/checks/{uuid}", method="GET", code="200"')
  })

  it('are in short for watchers that know nothing of Prometheus', async () => {
    site = await anApiSite({ METRICS_KEY: 'watching' })
    const short = async () =>
      (await (await fetch(`${site.url}/api/v1/metrics/`, { headers: KEY })).json()) as object
    const ts = Math.floor(site.app.clock() / 1000)
    const none = { ts, max_ping_id: null, max_notification_id: null, num_unprocessed_flips: 0 }
    expect(await short()).toEqual(none)
    const uuid = await aCheck({ name: 'a', channels: '*', timeout: 60, grace: 60 })
    await ping(uuid)
    expect(await short()).toEqual({ ...none, max_ping_id: 1 })
    // Nobody watches the alarms here.
    site.pass(2 * MINUTE)
    expect(await short()).toMatchObject({ num_unprocessed_flips: 1 })
    await site.app.store.checks.recordPings([
      { code: uuid, ping: aPing({ signal: 'fail', at: site.app.clock() }) },
    ])
    expect(await short()).toMatchObject({ max_ping_id: 2, max_notification_id: 1, num_unprocessed_flips: 1 })
  })
})

describe('the dashboard for Grafana', () => {
  it('shows nothing that is not measured', async () => {
    site = await anApiSite({ METRICS_KEY: 'watching' })
    const text = readFileSync(join(__dirname, '../../docker/grafana-dashboard.json'), 'utf8')
    const { panels } = JSON.parse(text) as { panels: { title: string; targets?: { expr: string }[] }[] }
    const asked = panels.flatMap(({ targets = [] }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:rollcall|process|nodejs|hc)_\w+/g) ?? []),
    )
    const families = new Map(
      [...(await ownMetrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type]) => [name, type]),
    )
    const isMeasured = (name: string) =>
      families.has(name) || families.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'
    expect(asked.filter((name) => !isMeasured(name))).toEqual([])
    expect(asked.length).toBeGreaterThan(30)
    // And all that is measured is shown.
    const shown = new Set(asked.map((name) => name.replace(/_(bucket|sum|count)$/, '')))
    expect([...families.keys()].filter((name) => !shown.has(name))).toEqual([])
  })
})
