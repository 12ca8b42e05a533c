import { compose, type Appliance } from '../compose'
import { systemClock } from '../world/clock'
import { openLog } from '../world/log'
import { systemRandom } from '../world/random'
import { EXIT, type Call, type ReadSettings } from './command'
import { faultOf } from './faults'
import { openOwnData } from './own-data'
import type { Terminal } from './terminal'

/** The appliance on the data of this machine, for a command: beside a running server, which does not notice. */
export async function ownAppliance(
  { config, again }: Pick<ReadSettings, 'config' | 'again'>,
  terminal: Terminal,
): Promise<Appliance> {
  const write = (line: string): boolean => {
    terminal.err(line.trimEnd())
    return true
  }
  const log = openLog({ level: 'warn', format: 'text', clock: systemClock, write })
  return compose(config, { clock: systemClock, log, random: systemRandom, readSettings: again })
}

/** Does some work with it, and tells in a sentence why it cannot be done. `whenBusy` is added to that. */
export async function withOwnAppliance(
  { config, again }: ReadSettings,
  { terminal }: Pick<Call, 'terminal'>,
  work: (appliance: Appliance) => Promise<number>,
  { whenBusy = '' } = {},
): Promise<number> {
  const own = openOwnData(config, { alone: false })
  if (!own.ok) {
    terminal.err(own.sentence)
    return own.code
  }
  try {
    const appliance = await ownAppliance({ config: own.config, again }, terminal)
    try {
      return await work(appliance)
    } finally {
      await appliance.stop()
    }
  } catch (cause) {
    const { code, sentence } = faultOf(cause, config)
    if (sentence === null) throw cause
    terminal.err(
      code === EXIT.tryAgain && whenBusy !== '' ? `${sentence.replace(/\.$/, '')}. ${whenBusy}` : sentence,
    )
    return code
  } finally {
    own.release()
  }
}
