import type { Channel } from '../core/channel'
import { moment, took } from './show'
import { iconOf } from './channel-looks'
import type { Paths } from './paths'
import type { ChannelsPage } from './view-models'

export interface ChannelsSource {
  project: { code: string; name: string }
  /** `checks`: how many it is on for. */
  channels: { channel: Channel; kindLabel: string; target: string; checks: number; waiting: number }[]
  checks: number
  tz: string
  paths: Paths
  mayChange: boolean
}

type Row = ChannelsPage['channels'][number]

/** The integrations of a project: web-ui.md I01. */
export function channelsPage(source: ChannelsSource): ChannelsPage {
  const { project, paths } = source
  return {
    projectName: project.name,
    mayChange: source.mayChange,
    addUrl: paths.addChannel(project.code),
    channels: source.channels.map(({ channel, kindLabel, target, checks, waiting }) => ({
      code: channel.code,
      icon: iconOf(channel.kind),
      kindLabel,
      name: channel.name === target ? '' : channel.name,
      target,
      tells: tellsText(channel),
      checks: `${checks} of ${source.checks}`,
      state: stateOf(channel, waiting),
      last: lastOf(channel, source.tz),
      testText: testTextOf(channel),
      checksUrl: paths.channelPart(channel.code, 'checks'),
      nameUrl: paths.channelPart(channel.code, 'name'),
      editUrl: paths.channelPart(channel.code, 'edit'),
      testUrl: paths.channelPart(channel.code, 'test'),
      removeUrl: paths.channelPart(channel.code, 'remove'),
    })),
  }
}

/** Whether people should look after the integrations: nobody is told, or something is wrong. */
export function haveProblem(channels: Channel[]): boolean {
  return (
    channels.length === 0 || channels.some((each) => each.disabled || !each.verified || each.lastError !== '')
  )
}

function tellsText({ tellsDown, tellsUp }: Channel): string {
  if (tellsDown && tellsUp) return ''
  if (tellsDown) return 'down only'
  return tellsUp ? 'up only' : 'tells nothing'
}

function stateOf(channel: Channel, waiting: number): Row['state'] {
  const { disabled, disabledBy, disabledReason, verified, lastError } = channel
  if (disabled) {
    const failed = disabledReason === '' ? 'the last delivery failed for good' : disabledReason
    const why =
      disabledBy === 'unsubscribe' ? 'the recipient unsubscribed; saving it again asks anew' : failed
    return { word: 'Disabled:', tone: 'problem', why }
  }
  if (!verified)
    return { word: 'Unconfirmed', tone: 'waiting', why: 'the link in our mail was not opened yet' }
  if (waiting > 0) {
    const word = lastError === '' ? 'Sending' : 'Trying again'
    return { word, tone: 'waiting', why: `${waiting} waiting to be told` }
  }
  return { word: 'Ready', tone: 'ready', why: '' }
}

/** Whoever unsubscribed gets no test either. */
function testTextOf({ disabled, disabledBy }: Channel): Row['testText'] {
  if (!disabled) return 'Send test'
  return disabledBy === 'unsubscribe' ? '' : 'Test and enable'
}

function lastOf(channel: Channel, tz: string): Row['last'] {
  const { lastNotifyAt, lastTookMs, lastError, disabledReason } = channel
  if (lastNotifyAt === null) return { lead: '', time: null, error: '' }
  const time = moment(lastNotifyAt, tz)
  // Once is enough for one reason.
  if (lastError !== '') return { lead: 'failed', time, error: lastError === disabledReason ? '' : lastError }
  return { lead: lastTookMs === null ? 'delivered' : `delivered in ${took(lastTookMs)},`, time, error: '' }
}
