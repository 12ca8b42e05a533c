import { Router } from 'express'
import type { Request, Response } from 'express'
import type { SettingChanges } from '../../actions/site-settings'
import type { App } from '../../app'
import type { Config } from '../../config'
import type { Problem } from '../../core/problem'
import { trustBy } from '../../world/peer'
import { addressCheckOf } from '../address-check'
import { adminForm, adminPage, adminSection, cell, fact } from '../admin-page'
import type { AdminSection } from '../admin-models'
import { STATUS } from '../answer'
import { administrator, visitorOf } from '../auth'
import { actorOf } from '../browser'
import { contextOf } from '../context'
import { field, formOf, summaryOf } from '../fields'
import type { Form } from '../fields'
import { tryMail } from '../mail-test'
import type { TriedMail } from '../mail-test'
import { pathsBelow } from '../paths'
import { flash, render } from '../render'
import {
  sealedFields,
  SETTING_PART_NAMES,
  SETTING_PARTS,
  settingChanges,
  settingFields,
} from '../setting-fields'
import type { SettingPart } from '../setting-fields'
import { rootPath } from '../show'
import { showAdmin } from '../admin-show'

/** What holds by default where that depends on something else. */
const IN_EFFECT: Readonly<Record<string, (config: Config) => string>> = {
  SITE_ROOT: ({ siteRoot }) => siteRoot,
  PING_ENDPOINT: ({ pingEndpoint }) => pingEndpoint,
  MASTER_BADGE_LABEL: ({ badgeLabel }) => badgeLabel,
  ALLOWED_HOSTS: ({ allowedHosts }) => allowedHosts.join(','),
  TRUSTED_PROXIES: ({ trustedProxies }) => [trustedProxies].flat().join(',') || 'none',
  INTEGRATIONS_ALLOW_PRIVATE_IPS: ({ allowPrivateAddresses }) => (allowPrivateAddresses ? 'True' : 'False'),
}

/** All settings, and the forms for those that may be saved: X08 of web-ui.md. */
export function adminConfigPages(app: App): Router {
  const { config, settings, actions } = app
  const paths = pathsBelow(rootPath(config.siteRoot))
  const trust = trustBy(config)
  const routes = Router()
  const { siteSettings } = actions

  routes.get('/admin/config/', administrator, (request: Request, response: Response) =>
    overview(request, response, null),
  )

  routes.post('/admin/config/test_mail/', administrator, async (request: Request, response: Response) => {
    await overview(request, response, await tried(request))
  })

  for (const part of SETTING_PART_NAMES) {
    routes.get(`/admin/config/${part}/`, administrator, (request: Request, response: Response) =>
      edit(request, response, part, {}),
    )
    routes.post(`/admin/config/${part}/`, administrator, (request: Request, response: Response) =>
      change(request, response, part),
    )
  }

  async function change(request: Request, response: Response, part: SettingPart): Promise<void> {
    const form = formOf(request.body)
    const { names } = SETTING_PARTS[part]
    const changes = settingChanges(names, form, settings, siteSettings.unwrap)
    const hidden = sealedFields(changes, settings, siteSettings.wrap)
    if (form['do'] === 'try' && part === 'mail') {
      return await edit(request, response, part, { form, hidden, tried: await tried(request, changes) })
    }
    const saved = await siteSettings.save(actorOf(request), changes)
    if (!saved.ok) return await edit(request, response, part, { form, hidden, problem: saved.problem })
    const odd = saved.value.filter((text) => names.some((name) => name in changes && text.includes(name)))
    await flash(
      request,
      odd.length === 0
        ? { tone: 'success', text: 'Saved, and in use.' }
        : { tone: 'warning', text: `Saved, and in use. ${odd.join('. ')}.` },
    )
    response.redirect(303, paths.admin('config'))
  }

  function tried(request: Request, changes?: SettingChanges): Promise<TriedMail> {
    const to = (formOf(request.body)['to'] ?? '').trim() || visitorOf(request).user.email
    return tryMail(siteSettings, request, to, changes)
  }

  async function edit(
    request: Request,
    response: Response,
    part: SettingPart,
    {
      form = null,
      problem = null,
      tried = null,
      hidden = [],
    }: {
      form?: Form | null
      problem?: Problem | null
      tried?: TriedMail | null
      hidden?: { name: string; value: string }[]
    },
  ): Promise<void> {
    const { heading, names } = SETTING_PARTS[part]
    const isMail = part === 'mail'
    const to = field({
      name: 'to',
      label: 'Send the test to',
      type: 'email',
      value: form?.['to'] ?? visitorOf(request).user.email,
      help: 'The test uses what stands above, saved or not.',
      maxLength: 254,
    })
    const model = {
      trail: [{ text: 'Configuration', url: paths.admin('config') }],
      heading,
      intro: 'What is saved here is used at once, on all servers of the site. What is empty has its default.',
      action: paths.adminConfigPart(part),
      tried: tried && { tone: tried.isGood ? ('success' as const) : ('error' as const), text: tried.result },
      lines: tried?.lines ?? [],
      trySubmit: isMail ? 'Send a test message' : '',
      hidden,
      groups: [
        { legend: '', fields: settingFields(names, { settings, form, problem }) },
        ...(isMail ? [{ legend: '', fields: [to] }] : []),
      ],
      errors: summaryOf(problem),
      submit: 'Save',
      cancelUrl: paths.admin('config'),
      notes: [],
      placeholders: [],
    }
    response.setHeader('Cache-Control', 'no-store')
    await render(request, response, 'form', model, {
      title: heading,
      status: problem ? STATUS[problem.code] : 200,
    })
  }

  async function overview(request: Request, response: Response, tried: TriedMail | null): Promise<void> {
    const warnings = settings.warnings()
    const model = adminPage('config', paths, {
      heading: 'Configuration',
      sections: [
        ...(warnings.length === 0
          ? []
          : [
              adminSection({
                id: 'warnings',
                heading: 'Worth a look',
                facts: warnings.map((text) => fact('Settings', `${text}.`, { state: 'waiting' })),
              }),
            ]),
        addressSection(request),
        proxySection(request),
        ...SETTING_PART_NAMES.map((part) => partSection(request, part, tried)),
        restSection(),
      ],
    })
    await showAdmin(request, response, model)
  }

  function addressSection(request: Request): AdminSection {
    const check = addressCheckOf(request, app, trust)
    return adminSection({
      id: 'address',
      heading: 'Address of the site',
      facts: [
        check.isGood
          ? fact('Together', 'They agree.', { state: 'ready' })
          : fact('Together', 'They differ.', { state: 'waiting', note: check.fix[0] ?? '' }),
      ],
      lines: check.fix.filter((line) => /^[A-Z_]+=/.test(line)),
      table: {
        caption: 'What each side says the address of the site is',
        columns: ['Side', 'Address'],
        rows: check.rows.map(({ side, address, note }, i) => ({
          hook: `address-${i}`,
          cells: [cell(side), cell(address, null, note)],
          forms: [],
        })),
        empty: '',
      },
    })
  }

  function proxySection(request: Request): AdminSection {
    const { peer } = contextOf(request)
    return adminSection({
      id: 'proxies',
      heading: 'Your address',
      facts: [
        fact('As the server sees it', peer.address ?? 'unknown', {
          note: 'This must be yours. If it is that of a proxy, name the proxy in TRUSTED_PROXIES: limits of sign-in count by this address.',
        }),
        fact('Connected from', request.socket.remoteAddress ?? 'a Unix socket'),
        fact('X-Forwarded-For', request.get('x-forwarded-for') ?? 'none'),
      ],
    })
  }

  function partSection(request: Request, part: SettingPart, tried: TriedMail | null): AdminSection {
    const { heading, names } = SETTING_PARTS[part]
    const isMail = part === 'mail'
    return adminSection({
      id: part,
      heading,
      facts:
        isMail && tried ? [fact('Test', tried.result, { state: tried.isGood ? 'ready' : 'problem' })] : [],
      lines: isMail ? [...(tried?.lines ?? [])] : [],
      table: settingTable(names, `${heading}: settings, their values and where those come from`),
      forms: [
        adminForm({
          action: paths.adminConfigPart(part),
          method: 'get',
          submit: 'Change',
          about: heading,
          hook: `change-${part}`,
        }),
        ...(isMail && config.mail !== null
          ? [
              adminForm({
                action: paths.testMail,
                fields: [
                  field({
                    name: 'to',
                    label: 'To',
                    type: 'email',
                    value: tried?.to ?? visitorOf(request).user.email,
                    maxLength: 254,
                  }),
                ],
                submit: 'Send a test mail',
                hook: 'test-mail',
              }),
            ]
          : []),
      ],
    })
  }

  function restSection(): AdminSection {
    const rest = settings.values().filter(({ name }) => !settings.savable.includes(name))
    return adminSection({
      id: 'settings',
      heading: 'Read at start',
      text: ['These are set in the environment, or in a file, and take effect at the next start.'],
      table: settingTable(
        rest.map(({ name }) => name),
        'Settings that are read at start',
      ),
    })
  }

  function settingTable(names: readonly string[], caption: string): AdminSection['table'] {
    const shown = settings.values().filter(({ name }) => names.includes(name))
    return {
      caption,
      columns: ['Setting', 'Value', 'From', 'A change holds'],
      rows: shown.map(({ name, value, source }) => {
        const isOurs = settings.savable.includes(name) && !settings.isFixed(name)
        return {
          hook: `setting-${name}`,
          cells: [
            cell(name),
            cell(shownValue(name, value)),
            cell(source),
            cell(isOurs ? 'at once' : 'after a restart'),
          ],
          forms: [],
        }
      }),
      empty: 'They are not known here.',
    }
  }

  function shownValue(name: string, value: string): string {
    if (sourceOf(name) === 'default') return IN_EFFECT[name]?.(config) ?? value
    if (!settings.isSecret(name) || value === '') return value
    const hint = settings.secretHint(name)
    return hint === null ? 'set' : `set, ends in ${hint}`
  }

  function sourceOf(name: string): string {
    return settings.values().find((each) => each.name === name)?.source ?? ''
  }

  return routes
}
