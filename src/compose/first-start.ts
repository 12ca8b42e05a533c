import { createHash } from 'node:crypto'
import type { Server } from 'node:net'
import type { App } from '../app'
import type { Config } from '../config'
import type { Store } from '../store'
import { StoreUnusable } from '../store/problems'
import type { Log } from '../world/log'

/** A key other than the one that signed links and keys would break them all ([O14] of spec/operations.md). */
export async function recogniseSecret(store: Store, secretKey: string, acceptNew: boolean): Promise<void> {
  const fingerprint = createHash('sha256')
    .update(`rollcall secret key\n${secretKey}`)
    .digest('hex')
    .slice(0, 16)
  const known = await store.facts.get('secret key fingerprint')
  if (known !== null && known !== fingerprint && !acceptNew) {
    throw new StoreUnusable(
      `SECRET_KEY differs from the one this database was created with (fingerprint ${known}). API keys, badge ` +
        'URLs, unsubscribe links and sessions would stop working. Restore the old key, or start once with ' +
        '--accept-new-secret.',
    )
  }
  if (known !== fingerprint) await store.facts.set('secret key fingerprint', fingerprint)
}

/** The administrator that the settings ask for, while there is no account. */
export async function firstAccount({ config, store, actions }: App, log: Log): Promise<void> {
  if (config.superuser === null) return
  if ((await store.users.count()) > 0) {
    log.info('SUPERUSER_EMAIL is ignored: there is an account already')
    return
  }
  const made = await actions.setup.createAdministrator(config.superuser)
  if (!made.ok) throw new StoreUnusable(`SUPERUSER_EMAIL, SUPERUSER_PASSWORD: ${made.problem.message}`)
  log.info('the first administrator was created from SUPERUSER_EMAIL')
}

/** Tells whoever reads the log how to begin: [O11] of spec/operations.md. */
export async function announceSetUp({ actions }: App, log: Log, config: Config, site: Server): Promise<void> {
  const code = await actions.setup.issueCode()
  if (code === null) return
  const address = site.address()
  const root =
    !config.siteRootGiven && typeof address === 'object' && address !== null
      ? `http://localhost:${address.port}`
      : config.siteRoot
  log.info(`first start: open ${root}/setup/  code ${code}`)
}
