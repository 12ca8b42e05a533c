import type { App } from '../../../src/app'
import type { KeyAccess } from '../../../src/core/api-key'
import type { Project } from '../../../src/core/project'
import { localSite } from '../../support/local-site'
import type { LocalSite } from '../../support/local-site'
import { anAdministrator } from '../../support/person'

/** A site with somebody's project, and a key to it. */
export interface ApiSite {
  url: string
  app: App
  project: Project
  logged: LocalSite['logged']
  /** Read and write. */
  key: string
  /** Makes a key that only reads. */
  reader(): Promise<{ key: string }>
  call(
    method: string,
    path: string,
    options?: { key?: string; body?: unknown; raw?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; headers: Headers; text: string; json: unknown }>
  pass(ms: number): void
  close(): Promise<void>
}

export async function anApiSite(env: Record<string, string> = {}): Promise<ApiSite> {
  const site = await localSite({ ALLOWED_HOSTS: '*', ...env })
  const { app } = site.appliance
  await anAdministrator(site, new URL(app.config.siteRoot).pathname.replace(/\/$/, ''))
  const user = await app.store.users.findByEmail('ada@example.org')
  const [project] = await app.store.projects.ofUser(user?.id ?? 0)
  if (!user || !project) throw new Error('The set-up made no project')

  async function newKey(access: KeyAccess): Promise<string> {
    const added = await app.actions.apiKeys.add(project!, user!, {
      name: access,
      access,
      expiresInDays: null,
    })
    if (!added.ok) throw new Error(added.problem.message)
    return added.value.secret
  }

  const key = await newKey('read-write')
  return {
    url: site.url,
    app,
    project,
    logged: site.logged,
    key,
    reader: async () => ({ key: await newKey('read-only') }),
    async call(method, path, { body, raw, ...options } = {}) {
      const sent = raw ?? (body === undefined ? null : JSON.stringify(body))
      const headers = { 'X-Api-Key': options.key ?? key, ...options.headers }
      const init = { method, headers, redirect: 'manual' as const }
      const response = await fetch(site.url + path, sent === null ? init : { ...init, body: sent })
      const text = await response.text()
      const isJson = response.headers.get('content-type') === 'application/json'
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as unknown) : null,
      }
    },
    pass: (ms) => site.pass(ms),
    close: () => site.close(),
  }
}
