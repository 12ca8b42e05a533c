import type { SettingPart } from './setting-fields'

/** A page of the first set-up, after its first. */
export type SetupStep = 'site' | 'mail' | 'people'

/** Addresses inside the site, below the path of SITE_ROOT: web-ui.md §3. */
export interface Paths {
  home: string
  /** Of all projects, also for those who have only one. */
  projects: string
  addProject: string
  project(project: string, part: 'settings' | 'transfer' | 'remove' | 'leave'): string
  logSize(project: string): string
  team(project: string): string
  /** `part` of somebody in the team. */
  teamMember(project: string, userId: number, part: 'role' | 'remove'): string
  invitation(project: string, invitation: string, part: 'resend' | 'link' | 'revoke'): string
  transferPart(project: string, part: 'cancel' | 'accept' | 'reject'): string
  invite(secret: string): string
  admin(part: 'health' | 'users' | 'projects' | 'deliveries' | 'storage' | 'config' | 'audit'): string
  adminUser(userId: number): string
  adminUserPart(
    userId: number,
    part:
      | 'limits'
      | 'disable'
      | 'enable'
      | 'end_sessions'
      | 'administrator'
      | 'reset_second_step'
      | 'link'
      | 'plan_deletion'
      | 'cancel_deletion'
      | 'delete',
  ): string
  adminProject(project: string): string
  adminProjectPart(project: string, part: 'owner' | 'remove'): string
  adminDelivery(id: number, part: 'retry' | 'drop'): string
  adminSending(part: 'pause' | 'resume'): string
  adminFailing(part: 'retry' | 'drop'): string
  auditExport: string
  healthJson: string
  adminStorage(part: 'analyze' | 'checkpoint' | 'vacuum' | 'check' | 'prune' | 'objects' | 'orphans'): string
  testMail: string
  adminConfigPart(part: SettingPart): string
  setupStep(step: SetupStep): string
  checks(project: string): string
  /** Of all projects together. */
  allChecks: string
  allStatus: string
  allBulk: string
  bulkJob(job: string): string
  markEverythingRead: string
  addCheck(project: string): string
  listStatus(project: string): string
  bulk(project: string): string
  markRead(project: string): string
  addressStyle(project: string): string
  switchChannel(check: string, channel: string): string
  check(check: string): string
  checkPart(
    check: string,
    part:
      | 'name'
      | 'timeout'
      | 'filtering_rules'
      | 'pause'
      | 'resume'
      | 'remove'
      | 'ping_now'
      | 'log_events'
      | 'copy'
      | 'transfer'
      | 'channels'
      | 'clear_events'
      | 'usage'
      | 'log'
      | 'downtimes'
      | 'status',
  ): string
  ping(check: string, n: number): string
  pingBody(check: string, n: number): string
  /** The events of one run. */
  run(check: string, runId: string): string
  channels(project: string): string
  addChannel(project: string): string
  keys(project: string): string
  badges(project: string): string
  prometheus(project: string): string
  revokeKey(project: string, key: string): string
  pingKey(project: string, part: 'renew' | 'remove'): string
  addKind(project: string, path: string): string
  channelPart(channel: string, part: 'edit' | 'test' | 'name' | 'checks' | 'remove'): string
  notifications: string
  signIn: string
  secondStep(way: 'passkey' | 'totp' | 'recovery'): string
  signUp: string
  linkSent: string
  askReset: string
  passkeySignIn: string
  passkeyQuestion: string
  reauth: string
  account: string
  security: string
  ownPassword: string
  removePassword: string
  tokens: string
  revokeToken(token: string): string
  totp: string
  removeTotp: string
  recoveryCodes: string
  addPasskey: string
  passkey(key: string, part: 'rename' | 'remove'): string
  sessions: string
  endSession(id: string): string
  endSessions: string
  appearance: string
  changeEmail: string
  closeAccount: string
  /** `invitation`: its code, not the secret of its link. */
  answerInvitation(invitation: string): string
  docs: string
  apiDocs: string
  shortcuts: string
  settings: string
}

/** `root` is '' or '/prefix', as `rootPath` gives it. */
export function pathsBelow(root: string): Paths {
  return {
    home: `${root}/`,
    projects: `${root}/?all=1`,
    addProject: `${root}/projects/add/`,
    project: (project, part) => `${root}/projects/${project}/${part}/`,
    logSize: (project) => `${root}/projects/${project}/settings/log_size/`,
    team: (project) => `${root}/projects/${project}/settings/team/`,
    teamMember: (project, userId, part) => `${root}/projects/${project}/settings/team/${userId}/${part}/`,
    invitation: (project, invitation, part) =>
      `${root}/projects/${project}/settings/team/invitations/${invitation}/${part}/`,
    transferPart: (project, part) => `${root}/projects/${project}/transfer/${part}/`,
    admin: (part) => (part === 'health' ? `${root}/admin/` : `${root}/admin/${part}/`),
    adminUser: (userId) => `${root}/admin/users/${userId}/`,
    adminUserPart: (userId, part) => `${root}/admin/users/${userId}/${part}/`,
    adminProject: (project) => `${root}/admin/projects/${project}/`,
    adminProjectPart: (project, part) => `${root}/admin/projects/${project}/${part}/`,
    adminDelivery: (id, part) => `${root}/admin/deliveries/${id}/${part}/`,
    adminFailing: (part) => `${root}/admin/deliveries/failing/${part}/`,
    auditExport: `${root}/admin/audit/export/`,
    healthJson: `${root}/admin/health.json`,
    adminSending: (part) => `${root}/admin/deliveries/${part}/`,
    adminStorage: (part) => `${root}/admin/storage/${part}/`,
    testMail: `${root}/admin/config/test_mail/`,
    adminConfigPart: (part) => `${root}/admin/config/${part}/`,
    setupStep: (step) => `${root}/setup/${step}/`,
    invite: (secret) => `${root}/invites/${secret}/`,
    checks: (project) => `${root}/projects/${project}/checks/`,
    allChecks: `${root}/checks/`,
    allStatus: `${root}/checks/status/`,
    allBulk: `${root}/checks/bulk/`,
    bulkJob: (job) => `${root}/checks/bulk/${job}/`,
    markEverythingRead: `${root}/checks/mark_read/`,
    addCheck: (project) => `${root}/projects/${project}/checks/add/`,
    listStatus: (project) => `${root}/projects/${project}/checks/status/`,
    markRead: (project) => `${root}/projects/${project}/checks/mark_read/`,
    bulk: (project) => `${root}/projects/${project}/checks/bulk/`,
    addressStyle: (project) => `${root}/projects/${project}/address_style/`,
    switchChannel: (check, channel) => `${root}/checks/${check}/channels/${channel}/enabled`,
    check: (check) => `${root}/checks/${check}/details/`,
    checkPart: (check, part) => `${root}/checks/${check}/${part}/`,
    ping: (check, n) => `${root}/checks/${check}/pings/${n}/`,
    pingBody: (check, n) => `${root}/checks/${check}/pings/${n}/body/`,
    run: (check, runId) => `${root}/checks/${check}/log/?rid=${encodeURIComponent(runId)}`,
    channels: (project) => `${root}/projects/${project}/integrations/`,
    addChannel: (project) => `${root}/projects/${project}/integrations/add/`,
    badges: (project) => `${root}/projects/${project}/badges/`,
    prometheus: (project) => `${root}/projects/${project}/add_prometheus/`,
    keys: (project) => `${root}/projects/${project}/settings/keys/`,
    revokeKey: (project, key) => `${root}/projects/${project}/settings/keys/${key}/revoke/`,
    pingKey: (project, part) => `${root}/projects/${project}/settings/ping_key/${part}/`,
    addKind: (project, path) => `${root}/projects/${project}/add_${path}/`,
    channelPart: (channel, part) => `${root}/integrations/${channel}/${part}/`,
    tokens: `${root}/accounts/profile/tokens/`,
    revokeToken: (token) => `${root}/accounts/profile/tokens/${token}/revoke/`,
    notifications: `${root}/accounts/profile/notifications/`,
    signIn: `${root}/accounts/login/`,
    secondStep: (way) => `${root}/accounts/login/two_factor/${way === 'passkey' ? '' : `${way}/`}`,
    signUp: `${root}/accounts/signup/`,
    linkSent: `${root}/accounts/login_link_sent/`,
    askReset: `${root}/accounts/password_reset/`,
    passkeySignIn: `${root}/accounts/login/passkey/`,
    passkeyQuestion: `${root}/accounts/login/passkey/question/`,
    reauth: `${root}/accounts/reauth/`,
    account: `${root}/accounts/profile/`,
    security: `${root}/accounts/profile/security/`,
    ownPassword: `${root}/accounts/set_password/`,
    removePassword: `${root}/accounts/set_password/remove/`,
    apiDocs: `${root}/docs/api/`,
    totp: `${root}/accounts/two_factor/totp/`,
    removeTotp: `${root}/accounts/two_factor/totp/remove/`,
    recoveryCodes: `${root}/accounts/two_factor/recovery/`,
    addPasskey: `${root}/accounts/two_factor/webauthn/`,
    passkey: (key, part) => `${root}/accounts/two_factor/${key}/${part}/`,
    sessions: `${root}/accounts/profile/sessions/`,
    endSession: (id) => `${root}/accounts/profile/sessions/end/${id}/`,
    endSessions: `${root}/accounts/profile/sessions/end/`,
    appearance: `${root}/accounts/profile/appearance/`,
    changeEmail: `${root}/accounts/change_email/`,
    closeAccount: `${root}/accounts/close/`,
    answerInvitation: (invitation) => `${root}/accounts/profile/invitations/${invitation}/`,
    docs: `${root}/docs/`,
    shortcuts: `${root}/docs/shortcuts/`,
    settings: `${root}/docs/self_hosted_configuration/`,
  }
}
