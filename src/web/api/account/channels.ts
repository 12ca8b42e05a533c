import type { App } from '../../../app'
import type { ChannelForm } from '../../../actions/channels'
import { repeatForm } from '../../../actions/repeat-form'
import type { Channel } from '../../../core/channel'
import { apiTime } from '../../../core/check-document'
import { fail, ok } from '../../../core/problem'
import type { Problem, Result } from '../../../core/problem'
import { reaches } from '../../../core/role'
import { MINUTE, SECOND } from '../../../core/time'
import type { Field, Integration } from '../../../integrations/integration'
import { integrationOf } from '../../../integrations/registry'
import { formWith, pathOf, placed, settingsOf } from '../../../integrations/settings'
import { initialForm } from '../../channel-forms'
import { json } from '../route'
import type { ApiAnswer } from '../route'
import { accountRoute, error, explained, taking } from './route'
import type { AccountRoute, ProjectCall } from './route'
import { channel, channelChange, channelToBe, channels, tested } from './schemas'

/** Integrations of a project, of every kind, with their settings. */
export function channelRoutes({
  store,
  actions,
  config,
}: Pick<App, 'store' | 'actions' | 'config'>): AccountRoute[] {
  const withChannel =
    (answer: (call: ProjectCall, found: Channel) => Promise<ApiAnswer>) =>
    async (call: ProjectCall): Promise<ApiAnswer> => {
      const found = await store.channels.find(call.parts[0] ?? '')
      if (found?.projectId !== call.project.id)
        return error(404, 'There is no such integration in this project.')
      return answer(call, found)
    }

  const shown = (
    call: ProjectCall,
    { kind }: { kind: string },
    saved: Result<Channel>,
    status = 200,
  ): ApiAnswer =>
    saved.ok ? json(present(call, saved.value), status) : explained(atPlaces(kind, saved.problem))

  return [
    accountRoute('projects/{project}/channels/', {
      GET: {
        role: 'read-only',
        summary: 'Lists the integrations of a project with their settings.',
        answers: { schema: channels },
        answer: async (call) => {
          const channels = await store.channels.ofProject(call.project.id)
          return json({ channels: channels.map((each) => present(call, each)) })
        },
      },
      POST: {
        role: 'member',
        summary: 'Adds an integration, switched on for all checks.',
        answers: { status: 201, schema: channel },
        ...taking(channelToBe, async (call: ProjectCall, wish) => {
          const kind = integrationOf(wish.kind)
          if (kind === null) return error(400, `kind: there is no integration '${wish.kind}'.`)
          const enabled = kind.enabled(config)
          if (enabled !== true) return error(400, `kind: ${enabled}`)
          const form = formFor(kind, initialForm(kind), wish)
          if (!form.ok) return explained(form.problem)
          return shown(
            call,
            wish,
            await actions.channels.add(call.project, call.actor, wish.kind, form.value),
            201,
          )
        }),
      },
    }),
    accountRoute('projects/{project}/channels/{channel}', {
      GET: {
        role: 'read-only',
        summary: 'Shows an integration.',
        answers: { schema: channel },
        answer: withChannel(async (call, found) => json(present(call, found))),
      },
      POST: {
        role: 'member',
        summary: 'Changes what is said of an integration, and nothing else.',
        answers: { schema: channel },
        ...taking(channelChange, (call: ProjectCall, wish) =>
          withChannel(async (_, found) => {
            const kind = integrationOf(found.kind)
            if (kind === null) return error(400, `There is no integration '${found.kind}' any more.`)
            const before = { ...kind.toForm(found.value), name: found.name, ...repeatForm(found.repeatMs) }
            const form = formFor(kind, before, wish)
            if (!form.ok) return explained(form.problem)
            return shown(call, found, await actions.channels.edit(found, call.actor, form.value))
          })(call),
        ),
      },
      DELETE: {
        role: 'member',
        summary: 'Removes an integration.',
        answers: { schema: channel },
        answer: withChannel(async (call, found) => shown(call, found, await actions.channels.remove(found))),
      },
    }),
    accountRoute('projects/{project}/channels/{channel}/test', {
      POST: {
        role: 'member',
        summary: 'Tells an integration something made up, now and once.',
        answers: { schema: tested },
        answer: withChannel(async ({ project, actor }, found) => {
          const delivery = await actions.channels.test(found, project, actor)
          return json({ delivered: delivery.ok, reason: delivery.ok ? '' : delivery.reason })
        }),
      },
    }),
  ]
}

interface Wish {
  name?: string | undefined
  settings?: Record<string, unknown> | undefined
  repeat?: number | null | undefined
}

function formFor(kind: Integration, before: ChannelForm, wish: Wish): Result<ChannelForm> {
  const form = formWith(kind, before, wish.settings ?? {})
  if (!form.ok) return form
  const repeat = wish.repeat === undefined ? ok({}) : repeatOf(wish.repeat)
  if (!repeat.ok) return repeat
  return ok({ ...form.value, ...(wish.name === undefined ? {} : { name: wish.name }), ...repeat.value })
}

function repeatOf(seconds: number | null): Result<ChannelForm> {
  if (seconds === null) return ok(repeatForm(null))
  const minutes = (seconds * SECOND) / MINUTE
  if (Number.isInteger(minutes)) return ok({ repeat: 'minutes', repeat_minutes: String(minutes) })
  return fail('invalid', '', { fields: { repeat: 'Whole minutes, in seconds: 300 to 86400.' } })
}

/** What is wrong, told by the names that were used. */
function atPlaces(kindName: string, problem: Problem): Problem {
  const kind = integrationOf(kindName)
  if (kind === null || problem.fields === undefined) return problem
  const { repeat_minutes: minutes, ...fields } = problem.fields
  const repeat = minutes === undefined ? {} : { repeat: 'Whole minutes, in seconds: 300 to 86400.' }
  return { ...problem, fields: { ...Object.fromEntries(placed(kind.fields, fields)), ...repeat } }
}

/** Secrets are for those who may change them, by a token that may. */
function present({ role, caller }: ProjectCall, found: Channel) {
  const kind = integrationOf(found.kind)
  const seesAll = reaches(role, 'member') && caller.access === 'read-write'
  const isHidden = (field: Field): boolean => field.secret === true && !seesAll
  const fields = kind?.fields ?? []
  return {
    id: found.code,
    name: found.name,
    kind: found.kind,
    settings: settingsOf(fields, kind?.toForm(found.value) ?? {}, (field) => !isHidden(field)),
    hidden: fields.filter(isHidden).map((field) => pathOf(field).join('.')),
    repeat: found.repeatMs === null ? null : found.repeatMs / SECOND,
    verified: found.verified,
    disabled: found.disabled,
    disabled_by: found.disabledBy,
    disabled_reason: found.disabledReason,
    last_error: found.lastError,
    created: apiTime(found.createdAt),
  }
}
