import type { Channel } from '../core/channel'
import type { LoggedNotification } from '../store/notifications'
import type { ChannelSwitch } from './list-models'
import type { Paths } from './paths'
import { iconOf, problemOf } from './channel-looks'
import { moment } from './show'
import type { Moment } from './view-parts'

/** A channel on the page of a check: whether it is on, and how telling it went last. */
export interface ToldChannel extends ChannelSwitch {
  kindLabel: string
  /** 'Told', 'Not told: refused'; '' while nothing was told. */
  last: string
  lastAt: Moment | null
}

export interface ToldSource {
  channels: { channel: Channel; kindLabel: string; target: string }[]
  /** Ids of those that are on. */
  on: ReadonlySet<number>
  /** Of this check, newest first. */
  told: readonly LoggedNotification[]
  check: { code: string }
  tz: string
  paths: Paths
}

/** The integrations of a check, those that are on first: web-ui.md C04. */
export function toldChannels({ channels, on, told, check, tz, paths }: ToldSource): ToldChannel[] {
  const rows = channels.map(({ channel, kindLabel, target }) => {
    const last = told.find(({ channelId }) => channelId === channel.id)
    return {
      code: channel.code,
      name: channel.name === '' ? target : channel.name,
      icon: iconOf(channel.kind),
      kindLabel,
      on: on.has(channel.id),
      problem: problemOf(channel) ?? '',
      url: paths.switchChannel(check.code, channel.code),
      last: last === undefined ? '' : lastText(last),
      lastAt: last === undefined ? null : moment(last.finishedAt ?? last.createdAt, tz),
    }
  })
  return [...rows.filter((row) => row.on), ...rows.filter((row) => !row.on)]
}

function lastText({ state, status, error, isTogether }: LoggedNotification): string {
  if (state === 'sent') {
    const told = `Told of ${status}${isTogether ? ' in a summary' : ''}`
    return error === '' ? told : `${told}, and heard later: ${error}`
  }
  if (state === 'failed') return `Not told of ${status}: ${error}`
  if (state === 'superseded') return `Not told of ${status}: newer news took its place`
  return error === '' ? `Telling of ${status}` : `Trying again to tell of ${status}: ${error}`
}
