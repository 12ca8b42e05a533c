import type { Block, Job, Variant } from './example'
import {
  browser,
  csharp,
  go,
  node,
  perl,
  php,
  powershell,
  python,
  pythonRequests,
  ruby,
  taskScheduler,
} from './languages'
import { BUSYBOX_WGET, crontab, curlScript, GNU_WGET, systemd, UCLIENT, wgetScript } from './shell'

/** How jobs of all sorts ping, filled in for one check: web-ui.md C08. */
export interface Example {
  key: string
  label: string
  /** What to do with it; ''. */
  text: string
  blocks(job: Job, variant: Variant): Block[]
}

const one =
  (code: (job: Job, variant: Variant) => string, title = '') =>
  (job: Job, variant: Variant): Block[] => [{ title, code: code(job, variant) }]

export const EXAMPLES: Example[] = [
  {
    key: 'crontab',
    label: 'Crontab',
    text: 'With the schedule of the check, where a crontab can say it.',
    blocks: one(crontab),
  },
  {
    key: 'shell',
    label: 'Shell',
    text: 'In a script, around or after the job.',
    blocks: (job, variant) => [
      { title: 'curl', code: curlScript(job, variant) },
      { title: 'wget', code: wgetScript(job, variant, GNU_WGET, '--post-data=') },
    ],
  },
  { key: 'systemd', label: 'systemd timer', text: 'Then: systemctl enable --now job.timer', blocks: systemd },
  {
    key: 'python',
    label: 'Python',
    text: '',
    blocks: (job, variant) => [
      { title: 'Standard library', code: python(job, variant) },
      { title: 'With requests, success only', code: pythonRequests(job) },
    ],
  },
  { key: 'go', label: 'Go', text: '', blocks: one(go) },
  { key: 'node', label: 'Node.js', text: '', blocks: one(node) },
  { key: 'php', label: 'PHP', text: '', blocks: one(php) },
  { key: 'ruby', label: 'Ruby', text: '', blocks: one(ruby) },
  { key: 'perl', label: 'Perl', text: '', blocks: one(perl) },
  { key: 'csharp', label: 'C#', text: '', blocks: one(csharp) },
  {
    key: 'powershell',
    label: 'PowerShell',
    text: '',
    blocks: (job, variant) => [
      { title: 'Script', code: powershell(job, variant) },
      { title: 'As a last action in the Task Scheduler', code: taskScheduler(job) },
    ],
  },
  {
    key: 'browser',
    label: 'Browser',
    text: 'From a page that is open, after what it does has worked. The address can be read by whoever opens the page.',
    blocks: one(browser),
  },
  {
    key: 'busybox',
    label: 'BusyBox',
    text: 'The wget of BusyBox tries once.',
    blocks: one((job, variant) => wgetScript(job, variant, BUSYBOX_WGET, '--post-data=')),
  },
  {
    key: 'openwrt',
    label: 'OpenWrt',
    text: 'For https install ca-bundle and a libustream package first.',
    blocks: one((job, variant) => wgetScript(job, variant, UCLIENT, '--post-data=')),
  },
  {
    key: 'synology',
    label: 'Synology',
    text: 'Control Panel, Task Scheduler, Create, Scheduled Task, User-defined script; paste this under Run command.',
    blocks: one(curlScript),
  },
]
