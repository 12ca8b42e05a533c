import type { Config } from '../config'
import type { Delivery } from '../core/delivery'
import type { Mail } from './mail'
import { smtpMailer } from './mail'

/** One mail, and all that was said with the relay about it. */
export interface Dialogue {
  delivery: Delivery
  lines: string[]
}

/** More would be a relay that talks nonsense. */
const MOST_LINES = 300

/** Sends a mail over a connection of its own, and listens; passwords are not in what it hears. */
export async function talkWithRelay(
  config: Pick<Config, 'mail' | 'mailFrom' | 'mailFromTemplate'>,
  mail: Mail,
): Promise<Dialogue> {
  const lines: string[] = []
  const hear = (line: string): void => {
    if (lines.length < MOST_LINES) lines.push(line)
  }
  const delivery = await smtpMailer(config, { hear }).send(mail)
  return { delivery, lines }
}
