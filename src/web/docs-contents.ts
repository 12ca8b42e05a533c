/**
 * Which pages the documentation has, in the order in which they are read: spec/web-ui.md §10. Each is
 * `views/docs/<slug>.md`. The slugs are those of Healthchecks where it has such a page, so that old links work.
 */
export interface DocsGroup {
  heading: string
  pages: readonly { slug: string; title: string }[]
}

export const CONTENTS: readonly DocsGroup[] = [
  {
    heading: 'First steps',
    pages: [
      { slug: 'introduction', title: 'Introduction' },
      { slug: 'configuring_checks', title: 'Checks and their schedules' },
      { slug: 'configuring_notifications', title: 'Integrations and alerts' },
      { slug: 'projects_teams', title: 'Projects and teams' },
      { slug: 'badges', title: 'Badges' },
      { slug: 'monitoring_cron_jobs', title: 'Watching cron jobs' },
      { slug: 'monitoring_systemd_tasks', title: 'Watching systemd tasks' },
      { slug: 'troubleshooting', title: 'Troubleshooting cron' },
    ],
  },
  {
    heading: 'Pings',
    pages: [
      { slug: 'http_api', title: 'Ping API' },
      { slug: 'slug_urls', title: 'Addresses with slugs' },
      { slug: 'autoprovisioning', title: 'Checks that make themselves' },
      { slug: 'signaling_failures', title: 'Saying that a job failed' },
      { slug: 'measuring_script_run_time', title: 'Measuring run times' },
      { slug: 'run_ids', title: 'Run ids for overlapping runs' },
      { slug: 'attaching_logs', title: 'Sending output along' },
      { slug: 'log_bodies', title: 'How bodies are kept and shown' },
      { slug: 'email', title: 'Pings by e-mail' },
      { slug: 'reliability_tips', title: 'Pings that arrive' },
    ],
  },
  {
    heading: 'Schedules',
    pages: [
      { slug: 'schedules_dst', title: 'Schedules and changes of clocks' },
      { slug: 'oncalendar', title: 'OnCalendar expressions' },
      { slug: 'cloning_checks', title: 'Copying checks' },
    ],
  },
  {
    heading: 'Snippets',
    pages: [
      { slug: 'bash', title: 'Shell scripts' },
      { slug: 'python', title: 'Python' },
      { slug: 'ruby', title: 'Ruby' },
      { slug: 'php', title: 'PHP' },
      { slug: 'go', title: 'Go' },
      { slug: 'csharp', title: 'C#' },
      { slug: 'javascript', title: 'JavaScript' },
      { slug: 'powershell', title: 'PowerShell' },
      { slug: 'github_actions', title: 'GitHub Actions' },
      { slug: 'arduino', title: 'Arduino' },
      { slug: 'network_routers', title: 'Routers, NAS and BusyBox' },
      { slug: 'command_line', title: 'The command line of Rollcall' },
    ],
  },
  {
    heading: 'Reading it by program',
    pages: [
      { slug: 'apiv3', title: 'Management API' },
      { slug: 'apiv2', title: 'Version 2 of the API' },
      { slug: 'apiv1', title: 'Version 1 of the API' },
      { slug: 'configuring_prometheus', title: 'Prometheus' },
    ],
  },
  {
    heading: 'Running Rollcall',
    pages: [
      { slug: 'self_hosted', title: 'Running your own' },
      { slug: 'self_hosted_docker', title: 'With Docker' },
      { slug: 'sso', title: 'Single sign-on behind a proxy' },
      { slug: 'security', title: 'Security' },
      { slug: 'backup_restore', title: 'Backup and restore' },
      { slug: 'migrating', title: 'Coming from Healthchecks' },
      { slug: 'accessibility', title: 'Accessibility' },
      { slug: 'resources', title: 'Clients and tools' },
    ],
  },
]

/** All pages in a row. */
export const PAGES = CONTENTS.flatMap(({ pages }) => pages)
