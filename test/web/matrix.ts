/**
 * Who may use which page: spec/web-ui.md §17. One line each: method, path, who may.
 *
 * - everybody: also those who are not signed in
 * - account: everybody who is signed in
 * - read-only, member, manager: this role in the project, or a greater one, or who runs the instance
 * - owner: the owner alone
 * - owner/administrator: these two
 * - administrator: only who runs the instance; to others there is no such page
 * - someone: who else decides is said by tests of that page; here only that strangers do not get in
 *
 * Behind that, where it is not the usual answer (GET 200; POST 200, 303, 400 or 422): what somebody gets who
 * may. 'sudo': they are asked once more who they are.
 */
const TABLE = `
GET  /setup/                                             everybody
POST /setup/                                             everybody
GET  /setup/site/                                           administrator 303
POST /setup/site/                                           administrator 303
GET  /setup/mail/                                           administrator 303
POST /setup/mail/                                           administrator 303
GET  /setup/people/                                         administrator 303
POST /setup/people/                                         administrator 303
GET  /accounts/login/                                    everybody
POST /accounts/login/                                    everybody
POST /accounts/logout/                                   everybody
GET  /accounts/signed_out/                               everybody
GET  /accounts/login_link_sent/                          everybody
GET  /accounts/check_token/:user/:token/                 everybody
POST /accounts/check_token/:user/:token/                 everybody
GET  /accounts/login/two_factor/                         everybody
GET  /accounts/login/two_factor/totp/                    everybody
GET  /accounts/login/two_factor/recovery/                everybody
POST /accounts/login/two_factor/totp/                    everybody
POST /accounts/login/two_factor/recovery/                everybody
GET  /accounts/signup/                                   everybody
POST /accounts/signup/                                   everybody
GET  /accounts/password_reset/                           everybody
POST /accounts/password_reset/                           everybody
GET  /accounts/password_reset/:token/                    everybody
POST /accounts/password_reset/:token/                    everybody
GET  /invites/:token/                                    everybody
POST /invites/:token/                                    everybody
GET  /integrations/:channel/verify/:token/               everybody
GET  /integrations/:channel/unsub/:signed/               everybody
POST /integrations/:channel/unsub/:signed/               everybody
GET  /acknowledge/:notification/:token/                  everybody
POST /acknowledge/:notification/:token/                  everybody
GET  /accounts/unsubscribe_reports/:signed/              everybody
POST /accounts/unsubscribe_reports/:signed/              everybody
GET  /docs/                                              everybody
GET  /docs/search/                                       everybody
GET  /docs/shortcuts/                                    everybody
GET  /docs/self_hosted_configuration/                    everybody
GET  /docs/api/                                          everybody
GET  /docs/:slug/                                        everybody
POST /accounts/login/two_factor/question/                everybody
POST /accounts/login/two_factor/                         everybody
POST /accounts/login/passkey/question/                   everybody
POST /accounts/login/passkey/                            everybody
GET  /docs/cron/                                         everybody
GET  /accounts/change_email/:token/                      everybody
POST /accounts/change_email/:token/                      everybody
GET  /accounts/not_me/:token/                            everybody
POST /accounts/not_me/:token/                            everybody
GET  /docs/api/                                          everybody
GET  /tv/                                                everybody
POST /checks/cron_preview/                               everybody

GET  /accounts/profile/                                  account
POST /accounts/profile/                                  account
POST /accounts/profile/invitations/:invitation/           account
GET  /accounts/profile/appearance/                       account
POST /accounts/profile/appearance/                       account
GET  /accounts/profile/security/                         account
GET  /accounts/profile/sessions/                         account
POST /accounts/profile/sessions/end/:session/            account
POST /accounts/profile/sessions/end/                     account
GET  /accounts/profile/notifications/                    account
POST /accounts/profile/notifications/                    account
GET  /accounts/profile/tokens/                           account sudo
POST /accounts/profile/tokens/                           account sudo
GET  /accounts/profile/tokens/:token/revoke/             account
POST /accounts/profile/tokens/:token/revoke/             account
GET  /accounts/two_factor/totp/                          account
POST /accounts/two_factor/totp/                          account
GET  /accounts/two_factor/totp/remove/                   account
POST /accounts/two_factor/totp/remove/                   account
GET  /accounts/two_factor/recovery/                      account
POST /accounts/two_factor/recovery/                      account
GET  /accounts/two_factor/webauthn/                      account
POST /accounts/two_factor/webauthn/question/             account
POST /accounts/two_factor/webauthn/                      account
GET  /accounts/two_factor/:key/remove/                   account
POST /accounts/two_factor/:key/remove/                   account
GET  /accounts/two_factor/:key/rename/                   account
POST /accounts/two_factor/:key/rename/                   account
POST /accounts/reauth/question/                          account
GET  /accounts/close/                                    account
POST /accounts/close/                                    account
GET  /accounts/change_email/                             account
POST /accounts/change_email/                             account
POST /accounts/profile/invitations/:invitation/           account
POST /banners/mail/dismiss/                              account
GET  /accounts/reauth/                                   account
POST /accounts/reauth/                                   account
GET  /accounts/set_password/                             account
POST /accounts/set_password/                             account
GET  /accounts/set_password/remove/                      account
POST /accounts/set_password/remove/                      account
GET  /                                                   account
GET  /projects/menu/                                     account
GET  /checks/                                            account
GET  /checks/status/                                     account
POST /checks/mark_read/                                  account
POST /checks/bulk/                                       account
GET  /checks/bulk/:job/                                  account 404
GET  /projects/add/                                      account
POST /projects/add/                                      account
GET  /cloaked/:key/                                      account
POST /checks/oncalendar_preview/                         account
POST /checks/validate_schedule/                          account

GET  /projects/:project/checks/                          read-only
GET  /projects/:project/checks/add/                      member
POST /projects/:project/checks/add/                      member
GET  /checks/:check/details/                             read-only
GET  /checks/:check/downtimes/                           read-only
GET  /checks/:check/last_ping/                           read-only 303
GET  /projects/:project/checks/status/                   read-only
GET  /checks/:check/channels/                            read-only
GET  /checks/:check/log/                                 read-only
GET  /checks/:check/log_events/                          read-only 400
GET  /checks/:check/usage/                               read-only
GET  /checks/:check/status/                              read-only
GET  /checks/:check/pings/:n/                            read-only
GET  /checks/:check/pings/:n/body/                       read-only
GET  /checks/:check/pings/:n/html/                       read-only 404
GET  /integrations/:channel/checks/                      member
POST /integrations/:channel/checks/                      member
GET  /integrations/:channel/name/                        member
POST /integrations/:channel/name/                        member
POST /checks/:check/channels/                            member
POST /checks/:check/channels/:channel_code/enabled       member
POST /projects/:project/address_style/                   member
POST /projects/:project/checks/mark_read/                read-only
POST /projects/:project/checks/bulk/                     member
GET  /checks/:check/name/                                member
POST /checks/:check/name/                                member
GET  /checks/:check/timeout/                             member
POST /checks/:check/timeout/                             member
GET  /checks/:check/filtering_rules/                     member
POST /checks/:check/filtering_rules/                     member
GET  /checks/:check/pause/                               member
POST /checks/:check/pause/                               member
GET  /checks/:check/resume/                              member
POST /checks/:check/resume/                              member
GET  /checks/:check/copy/                                member
POST /checks/:check/copy/                                member
GET  /checks/:check/transfer/                            member
POST /checks/:check/transfer/                            member 404
GET  /checks/:check/clear_events/                        member
POST /checks/:check/clear_events/                        member
GET  /checks/:check/ping_now/                            member
POST /checks/:check/ping_now/                            member
GET  /checks/:check/remove/                              member
POST /checks/:check/remove/                              member

GET  /projects/:project/integrations/                    read-only
GET  /projects/:project/integrations/add/                member
GET  /projects/:project/add_:kind/                       member
POST /projects/:project/add_:kind/                       member
GET  /integrations/:channel/edit/                        member
POST /integrations/:channel/edit/                        member
POST /integrations/:channel/test/                        member
GET  /integrations/:channel/remove/                      member
POST /integrations/:channel/remove/                      member
GET  /projects/:project/badges/                          read-only
GET  /projects/:project/add_prometheus/                  read-only

GET  /projects/:project/settings/                        read-only
POST /projects/:project/settings/                        member
POST /projects/:project/settings/log_size/               owner/administrator
GET  /projects/:project/settings/keys/                   member
POST /projects/:project/settings/keys/                   member
GET  /projects/:project/settings/keys/:key/revoke/       member
POST /projects/:project/settings/keys/:key/revoke/       member
GET  /projects/:project/settings/ping_key/renew/         member
POST /projects/:project/settings/ping_key/renew/         member
GET  /projects/:project/settings/ping_key/remove/        member
POST /projects/:project/settings/ping_key/remove/        member
GET  /projects/:project/settings/team/                   read-only
POST /projects/:project/settings/team/                   manager
POST /projects/:project/settings/team/:member/role/      manager
GET  /projects/:project/settings/team/:member/remove/    manager
POST /projects/:project/settings/team/:member/remove/    manager
POST /projects/:project/settings/team/invitations/:invitation/resend/  manager
POST /projects/:project/settings/team/invitations/:invitation/link/    manager
POST /projects/:project/settings/team/invitations/:invitation/revoke/  manager
GET  /projects/:project/leave/                           someone
POST /projects/:project/leave/                           someone
GET  /projects/:project/transfer/                        someone
POST /projects/:project/transfer/                        owner sudo
POST /projects/:project/transfer/cancel/                 owner sudo
POST /projects/:project/transfer/accept/                 someone
POST /projects/:project/transfer/reject/                 someone
GET  /projects/:project/remove/                          owner sudo
POST /projects/:project/remove/                          owner sudo

GET  /admin/                                             administrator
GET  /admin/users/                                       administrator
POST /admin/users/                                       administrator
GET  /admin/users/:user/                                 administrator
POST /admin/users/:user/limits/                          administrator
POST /admin/users/:user/disable/                         administrator
POST /admin/users/:user/enable/                          administrator
POST /admin/users/:user/end_sessions/                    administrator
POST /admin/users/:user/administrator/                   administrator sudo
POST /admin/users/:user/reset_second_step/               administrator sudo
POST /admin/users/:user/link/                            administrator sudo
POST /admin/users/:user/plan_deletion/                   administrator sudo
POST /admin/users/:user/cancel_deletion/                 administrator
GET  /admin/users/:user/delete/                          administrator sudo
POST /admin/users/:user/delete/                          administrator sudo
GET  /admin/projects/                                    administrator
GET  /admin/projects/:code/                              administrator sudo
POST /admin/projects/:code/owner/                        administrator sudo
POST /admin/projects/:code/remove/                       administrator sudo
GET  /admin/deliveries/                                  administrator
POST /admin/deliveries/pause/                            administrator sudo
POST /admin/deliveries/resume/                           administrator
POST /admin/deliveries/failing/retry/                    administrator
POST /admin/deliveries/failing/drop/                     administrator
POST /admin/deliveries/:id/retry/                        administrator
POST /admin/deliveries/:id/drop/                         administrator
GET  /admin/storage/                                     administrator
POST /admin/storage/analyze/                             administrator
POST /admin/storage/checkpoint/                          administrator
POST /admin/storage/vacuum/                              administrator
POST /admin/storage/check/                               administrator
POST /admin/storage/prune/                               administrator
POST /admin/storage/objects/                             administrator
POST /admin/storage/orphans/                             administrator
GET  /admin/config/                                      administrator
GET  /admin/config/site/                                     administrator
POST /admin/config/site/                                     administrator
GET  /admin/config/people/                                   administrator
POST /admin/config/people/                                   administrator
GET  /admin/config/mail/                                     administrator
POST /admin/config/mail/                                     administrator
GET  /admin/config/server/                                   administrator
POST /admin/config/server/                                   administrator
POST /admin/config/test_mail/                            administrator
GET  /admin/audit/                                       administrator
GET  /admin/audit/export/                                administrator
`

export type Who =
  | 'everybody'
  | 'account'
  | 'read-only'
  | 'member'
  | 'manager'
  | 'owner'
  | 'owner/administrator'
  | 'administrator'
  | 'someone'

export interface Row {
  method: string
  path: string
  who: Who
  /** What somebody gets who may: a status, 'sudo', or '' for the usual. */
  gets: string
}

export const MATRIX: readonly Row[] = TABLE.trim()
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [method = '', path = '', who = '', gets = ''] = line.split(/\s+/)
    return { method, path, who: who as Who, gets }
  })

/** The columns of the table in §17, and two people more whom it implies. */
export type Column =
  | 'anonymous'
  | 'disabled'
  | 'stranger'
  | 'elsewhere'
  | 'read-only'
  | 'member'
  | 'manager'
  | 'owner'
  | 'administrator'

export type Verdict = 'sign in' | 'not there' | 'forbidden' | 'allowed' | 'whatever'

const ROLES: readonly string[] = ['read-only', 'member', 'manager', 'owner']

/** What the table says about somebody. */
export function verdict(who: Who, column: Column): Verdict {
  const isOut = column === 'anonymous' || column === 'disabled'
  if (who === 'everybody') return 'allowed'
  if (who === 'administrator') {
    return column === 'administrator' ? 'allowed' : 'not there'
  }
  if (isOut) return 'sign in'
  if (who === 'account') return 'allowed'
  if (column === 'stranger' || column === 'elsewhere') return 'not there'
  if (who === 'someone') return 'whatever'
  if (who === 'owner/administrator') {
    return column === 'owner' || column === 'administrator' ? 'allowed' : 'forbidden'
  }
  const role = column === 'administrator' ? 'manager' : column
  return ROLES.indexOf(role) >= ROLES.indexOf(who) ? 'allowed' : 'forbidden'
}
