import type { Channel } from '../core/channel'
import type { Check } from '../core/check'
import { fail, ok } from '../core/problem'
import type { Result } from '../core/problem'
import type { AddressStyle, Project } from '../core/project'
import type { ChannelStore } from '../store/channels'
import type { ProjectStore } from '../store/projects'
import type { SwitchStore } from '../store/switches'

/** What people switch on and off right in lists. */
export interface SwitchActions {
  /** Not found when the channel is not of the check's project, or either is gone. */
  set(check: Check, channelCode: string, on: boolean): Promise<Result<Channel>>
  /** The check is told to these channels and no others. Not found when one is not of its project. */
  setAll(check: Check, channelCodes: readonly string[]): Promise<Result<Channel[]>>
  /** By what the pages of a project show ping addresses. */
  showAddressesBy(project: Project, style: AddressStyle): Promise<void>
}

export interface SwitchDeps {
  channels: Pick<ChannelStore, 'ofProject'>
  switches: Pick<SwitchStore, 'set' | 'setAll'>
  projects: Pick<ProjectStore, 'setAddressStyle'>
}

export function switchActions({ channels, switches, projects }: SwitchDeps): SwitchActions {
  return {
    async set(check, channelCode, on) {
      const found = (await channels.ofProject(check.projectId)).find(({ code }) => code === channelCode)
      if (found === undefined) return gone()
      const isDone = await switches.set({ checkId: check.id, channelId: found.id, on })
      return isDone ? ok(found) : gone()
    },

    async setAll(check, channelCodes) {
      const known = await channels.ofProject(check.projectId)
      const wanted = known.filter(({ code }) => channelCodes.includes(code))
      if (wanted.length !== new Set(channelCodes).size) return gone()
      await switches.setAll(
        check.id,
        wanted.map(({ id }) => id),
      )
      return ok(wanted)
    },

    showAddressesBy: (project, style) => projects.setAddressStyle(project.id, style),
  }
}

function gone(): Result<never> {
  return fail('not_found', 'There is no such integration any more.')
}
