import { databaseSettings } from './database'
import { inboundMailSettings } from './inbound-mail'
import { mailSettings } from './mail'
import { objectsSettings } from './objects'
import { pingSettings } from './pings'
import { serverSettings } from './server'
import { siteSettings } from './site'
import { workSettings } from './work'

/** Every setting, in the order in which people meet them. The documentation is made from this. */
export const settings = {
  ...siteSettings,
  ...pingSettings,
  ...serverSettings,
  ...databaseSettings,
  ...objectsSettings,
  ...mailSettings,
  ...inboundMailSettings,
  ...workSettings,
}

export type Settings = typeof settings
export type SettingName = keyof Settings

/** The values of all settings, each in the type that its entry reads. */
export type Values = { [N in SettingName]: ValueOf<Settings[N]> }

type ValueOf<S> = S extends { read(given: string | null, name: string): infer R }
  ? Extract<R, { ok: true }> extends { value: infer T }
    ? T
    : never
  : never
